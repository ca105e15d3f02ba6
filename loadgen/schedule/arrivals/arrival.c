#include "loadgen/schedule/arrivals/arrival.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"

#include <stdlib.h>

enum { N_KINDS = 8, MAX_NAME = 40 };

static const struct xcy_arrival_kind *const kinds[N_KINDS] = {
    &xcy_arrival_constant, &xcy_arrival_poisson, &xcy_arrival_ramp,   &xcy_arrival_steps,
    &xcy_arrival_sine,     &xcy_arrival_burst,   &xcy_arrival_replay, &xcy_arrival_closed,
};

static enum xcy_status fail_unknown(struct xcy_bytes name, struct xcy_error *err)
{
    const char *names[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++) {
        names[i] = kinds[i]->name;
    }
    char *word = xcy_strndup(name.ptr, name.len > MAX_NAME ? MAX_NAME : name.len);
    const char *nearest = xcy_nearest(word, names, N_KINDS);
    enum xcy_status status =
        nearest ? xcy_fail(err, XCY_EUSAGE, "there are no arrivals '%s'; did you mean '%s'?", word,
                           nearest)
                : xcy_fail(err, XCY_EUSAGE,
                           "there are no arrivals '%s'; there are constant, poisson, ramp, steps, "
                           "sine, burst, replay and closed",
                           word);
    free(word);
    return status;
}

static const struct xcy_arrival_kind *find_kind(struct xcy_bytes name)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        if (xcy_bytes_equal(name, xcy_bytes_of(kinds[i]->name))) {
            return kinds[i];
        }
    }
    return NULL;
}

enum xcy_status xcy_arrival_parse(const char *text, double rate_per_s, struct xcy_arrival *arrival,
                                  struct xcy_error *err)
{
    const char *colon = strchr(text, ':');
    struct xcy_bytes name = colon ? xcy_bytes(text, (size_t)(colon - text)) : xcy_bytes_of(text);
    struct xcy_bytes argument = colon ? xcy_bytes_of(colon + 1) : xcy_bytes(NULL, 0);
    struct xcy_arrival made = {.kind = find_kind(name), .rate_per_s = rate_per_s};
    if (!made.kind) {
        return fail_unknown(name, err);
    }
    enum xcy_status status = made.kind->parse(&made, argument, err);
    if (status != XCY_OK) {
        xcy_arrival_clear(&made);
        return status;
    }
    *arrival = made;
    return XCY_OK;
}

void xcy_arrival_clear(struct xcy_arrival *arrival)
{
    free(arrival->rates_per_s);
    free(arrival->slots_until);
    free(arrival->stamps_ns);
    *arrival = (struct xcy_arrival){0};
}

enum xcy_status xcy_arrival_refuse_argument(struct xcy_arrival *a, struct xcy_bytes argument,
                                            struct xcy_error *err)
{
    return argument.ptr ? xcy_arrival_fail_form(a, err) : XCY_OK;
}

enum xcy_status xcy_arrival_fail_form(const struct xcy_arrival *a, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EUSAGE, "it is written %s", a->kind->form);
}

/* A slot's number x 10^9 is exact in a long double's 64 bits, so that the only rounding is that of
 * the division, far below the nanosecond it is rounded to. */
long double xcy_arrival_even_ns(double rate_per_s, long double slots)
{
    return slots * 1e9L / (long double)rate_per_s;
}

long double xcy_arrival_even_slots(double rate_per_s, long double t_ns)
{
    return t_ns * (long double)rate_per_s / 1e9L;
}

long double xcy_arrival_mean_slots(const struct xcy_arrival *a, long double t_ns)
{
    return xcy_arrival_even_slots(a->rate_per_s, t_ns);
}

double xcy_arrival_mean_rate(const struct xcy_arrival *a, int64_t t_ns)
{
    (void)t_ns;
    return a->rate_per_s;
}
