/* replay.c - the instants of a recorded load, as they were or faster. */

#include "loadgen/schedule/arrivals/arrival.h"

#include "common/base/mem.h"
#include "common/time/clock.h"
#include "loadgen/schedule/arrivals/stamps.h"
#include "loadgen/schedule/setting.h"

#include <math.h>
#include <stdlib.h>

#define MIN_SPEED 1e-3
#define MAX_SPEED 1e6

static bool is_name(struct xcy_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 'a' || text.ptr[i] > 'z') {
            return false;
        }
    }
    return text.len > 0;
}

/* What stands behind the last comma is a setting if it begins as one: a path may have commas. */
static struct xcy_bytes settings_of(struct xcy_bytes argument)
{
    size_t comma = argument.len;
    while (comma > 0 && argument.ptr[comma - 1] != ',') {
        comma--;
    }
    struct xcy_bytes last = xcy_bytes(argument.ptr + comma, argument.len - comma);
    const char *sign = last.len ? memchr(last.ptr, '=', last.len) : NULL;
    bool is_setting = comma > 0 && sign && is_name(xcy_bytes(last.ptr, (size_t)(sign - last.ptr)));
    return is_setting ? last : xcy_bytes(NULL, 0);
}

static void speed_up(struct xcy_arrival *a, double speed)
{
    for (size_t i = 0; i < a->n; i++) {
        long double ns = (long double)a->stamps_ns[i] / (long double)speed;
        a->stamps_ns[i] = (int64_t)llroundl(fminl(ns, 4e18L));
    }
}

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    double speed = 1;
    const struct xcy_setting setting = {"speed", XCY_SETTING_NUMBER, MIN_SPEED, MAX_SPEED, &speed};
    struct xcy_bytes settings = settings_of(argument);
    enum xcy_status status = xcy_settings_parse(settings, &setting, 1, err);
    if (status != XCY_OK) {
        return status;
    }
    size_t path_len = argument.len - (settings.ptr ? settings.len + 1 : 0);
    if (path_len == 0) {
        return xcy_arrival_fail_form(a, err);
    }
    char *path = xcy_strndup(argument.ptr, path_len);
    status = xcy_replay_read(path, &a->stamps_ns, &a->n, err);
    free(path);
    if (status == XCY_OK) {
        speed_up(a, speed);
    }
    return status;
}

/* After the last stamp follows a mean gap, as after the last slot of even ones. */
static int64_t settle(struct xcy_arrival *a, int64_t requests, int64_t duration_ns)
{
    (void)requests;
    (void)duration_ns;
    int64_t last_ns = a->stamps_ns[a->n - 1];
    return last_ns == 0 ? XCY_NS_PER_S : last_ns + last_ns / (int64_t)(a->n - 1) + 1;
}

static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    return (size_t)slot < a->n ? (long double)a->stamps_ns[slot] : INFINITY;
}

static long double slots_before(const struct xcy_arrival *a, long double t_ns)
{
    size_t low = 0;
    size_t high = a->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((long double)a->stamps_ns[middle] < t_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (long double)low;
}

/* The number in the second of the stage that the instant lies in. */
static double rate_at(const struct xcy_arrival *a, int64_t t_ns)
{
    int64_t second_ns = t_ns - t_ns % XCY_NS_PER_S;
    return (double)(slots_before(a, (long double)(second_ns + XCY_NS_PER_S)) -
                    slots_before(a, (long double)second_ns));
}

static double most_within(const struct xcy_arrival *a, int64_t n, int64_t length_ns,
                          int64_t window_ns)
{
    (void)length_ns;
    int64_t most = 0;
    int64_t first = 0;
    for (int64_t i = 0; i < n; i++) {
        while (a->stamps_ns[i] - a->stamps_ns[first] >= window_ns) {
            first++;
        }
        most = i - first + 1 > most ? i - first + 1 : most;
    }
    return (double)most;
}

const struct xcy_arrival_kind xcy_arrival_replay = {
    .name = "replay",
    .form = "replay:FILE[,speed=FACTOR], such as replay:requests.txt,speed=2",
    .has_own_rates = true,
    .parse = parse,
    .settle = settle,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = slots_before,
    .rate_at = rate_at,
    .most_within = most_within,
};
