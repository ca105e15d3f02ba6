/* steps.c - constant rates in turn. */

#include "loadgen/schedule/arrivals/arrival.h"

#include "common/base/mem.h"
#include "common/time/clock.h"
#include "loadgen/schedule/setting.h"

#include <math.h>

enum { MAX_STEPS = 1000 };

#define MAX_STEP_S (366 * 86400.0)

/* Takes the rates from the head of *rest; what is left begins with a name, or is nothing. */
static enum xcy_status take_rates(struct xcy_arrival *a, struct xcy_bytes *rest,
                                  struct xcy_error *err)
{
    struct xcy_bytes part;
    struct xcy_bytes before = *rest;
    a->rates_per_s = xcy_alloc_array(MAX_STEPS, sizeof *a->rates_per_s);
    while (xcy_setting_next_part(rest, ',', &part) &&
           !(part.len && memchr(part.ptr, '=', part.len))) {
        if (a->n == MAX_STEPS) {
            return xcy_fail(err, XCY_EUSAGE, "there may be at most %d steps", MAX_STEPS);
        }
        const struct xcy_setting rate = {"each rate", XCY_SETTING_NUMBER, XCY_MIN_RATE,
                                         XCY_MAX_RATE, &a->rates_per_s[a->n++]};
        enum xcy_status status = xcy_setting_store(&rate, part, err);
        if (status != XCY_OK) {
            return status;
        }
        before = *rest;
    }
    *rest = before;
    return a->n > 0 ? XCY_OK : xcy_arrival_fail_form(a, err);
}

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    if (argument.len == 0) {
        return xcy_arrival_fail_form(a, err);
    }
    int64_t every_ns = 0;
    const struct xcy_setting every = {"every", XCY_SETTING_TIME, 0.001, MAX_STEP_S, &every_ns};
    enum xcy_status status = take_rates(a, &argument, err);
    if (status == XCY_OK) {
        status = xcy_settings_parse(argument, &every, 1, err);
    }
    a->over_ns = every_ns * (int64_t)a->n;
    return status;
}

static long double step_start_ns(const struct xcy_arrival *a, size_t step)
{
    return (long double)a->over_ns * (long double)step / (long double)a->n;
}

static void sum_slots(struct xcy_arrival *a)
{
    if (!a->slots_until) {
        a->slots_until = xcy_alloc_array(a->n + 1, sizeof *a->slots_until);
    }
    long double step_ns = step_start_ns(a, 1);
    for (size_t i = 0; i < a->n; i++) {
        a->slots_until[i + 1] =
            a->slots_until[i] + xcy_arrival_even_slots(a->rates_per_s[i], step_ns);
    }
}

/* Without a time a step, or for all of them, together they take as long as the requests do. */
static int64_t settle(struct xcy_arrival *a, int64_t requests, int64_t duration_ns)
{
    if (a->over_ns == 0 && duration_ns > 0) {
        a->over_ns = duration_ns;
    } else if (a->over_ns == 0) {
        long double sum_per_s = 0;
        for (size_t i = 0; i < a->n; i++) {
            sum_per_s += (long double)a->rates_per_s[i];
        }
        long double mean_per_s = sum_per_s / (long double)a->n;
        a->over_ns = (int64_t)llroundl(fminl((long double)requests * 1e9L / mean_per_s, 9e18L));
    }
    sum_slots(a);
    return a->over_ns;
}

/* The last step that begins with at most so many expected. */
static size_t step_of_slots(const struct xcy_arrival *a, long double slots)
{
    size_t low = 0;
    size_t high = a->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (a->slots_until[middle] <= slots) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t step_at(const struct xcy_arrival *a, long double t_ns)
{
    long double step = floorl(t_ns * (long double)a->n / (long double)a->over_ns);
    return step < 0 ? 0 : step >= (long double)a->n ? a->n - 1 : (size_t)step;
}

static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    if ((long double)slot >= a->slots_until[a->n]) {
        return INFINITY;
    }
    size_t step = step_of_slots(a, (long double)slot);
    return step_start_ns(a, step) +
           xcy_arrival_even_ns(a->rates_per_s[step], (long double)slot - a->slots_until[step]);
}

static long double slots_before(const struct xcy_arrival *a, long double t_ns)
{
    size_t step = step_at(a, t_ns);
    return a->slots_until[step] +
           xcy_arrival_even_slots(a->rates_per_s[step], t_ns - step_start_ns(a, step));
}

static double rate_at(const struct xcy_arrival *a, int64_t t_ns)
{
    return a->rates_per_s[step_at(a, (long double)t_ns)];
}

/* In a window the number is greatest where one of the window's ends meets a step's. */
static double most_within(const struct xcy_arrival *a, int64_t n, int64_t length_ns,
                          int64_t window_ns)
{
    (void)n;
    long double most = 0;
    long double last_ns = (long double)(length_ns - window_ns);
    for (size_t i = 0; i < 2 * (a->n + 1); i++) {
        long double at_ns = step_start_ns(a, i / 2) - (i % 2 ? (long double)window_ns : 0);
        if (at_ns >= 0 && at_ns <= last_ns) {
            most = fmaxl(most,
                         slots_before(a, at_ns + (long double)window_ns) - slots_before(a, at_ns));
        }
    }
    return (double)most;
}

const struct xcy_arrival_kind xcy_arrival_steps = {
    .name = "steps",
    .form = "steps:A,B,C[,every=TIME], such as steps:10,20,40,every=30s",
    .has_own_rates = true,
    .parse = parse,
    .settle = settle,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = slots_before,
    .rate_at = rate_at,
    .most_within = most_within,
};
