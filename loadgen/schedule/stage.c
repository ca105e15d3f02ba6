#include "loadgen/schedule/stage.h"

#include "common/base/stop.h"
#include "loadgen/schedule/arrivals/walk.h"
#include "loadgen/schedule/schedule.h"

#include <inttypes.h>
#include <math.h>

#define NS_A_DAY 86400e9

static int64_t least_given(int64_t a, int64_t b)
{
    if (a == 0 || b == 0) {
        return a + b;
    }
    return a < b ? a : b;
}

static enum xcy_status fail_too_long(long double length_ns, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EUSAGE,
                    "this takes %.0Lf days; at most 366: raise the rate, or lower the number of "
                    "requests or the duration",
                    length_ns / (long double)NS_A_DAY);
}

static enum xcy_status fail_too_many(long double n, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EUSAGE,
                    "this makes %.0Lf requests; at most %" PRId64
                    ": lower the rate or the duration",
                    n, XCY_SCHEDULE_MAX_SLOTS);
}

int64_t xcy_stage_due_ns(const struct xcy_stage *stage, int64_t slot)
{
    return (int64_t)llroundl(stage->arrival.kind->due_ns(&stage->arrival, slot));
}

static bool is_due_before(const struct xcy_stage *stage, int64_t slot, int64_t end_ns)
{
    long double due_ns = stage->arrival.kind->due_ns(&stage->arrival, slot);
    return due_ns < (long double)end_ns + 1 && llroundl(due_ns) < end_ns;
}

/* The expected number is a guess that may be off by one where a rate has no exact double; the
 * instants themselves decide. */
static int64_t count_before(const struct xcy_stage *stage, int64_t end_ns)
{
    const struct xcy_arrival *a = &stage->arrival;
    int64_t n = (int64_t)ceill(a->kind->slots_before(a, (long double)end_ns));
    while (n > 0 && !is_due_before(stage, n - 1, end_ns)) {
        n--;
    }
    while (is_due_before(stage, n, end_ns)) {
        n++;
    }
    return n;
}

/* It ends with its n-th slot, and lasts until the next one would be due, or as long as it may. */
static enum xcy_status settle_by_number(struct xcy_stage *stage, int64_t n, int64_t end_ns,
                                        struct xcy_error *err)
{
    const struct xcy_arrival *a = &stage->arrival;
    long double lasts_ns = a->kind->lasts_ns(a, n);
    if (end_ns > 0) {
        lasts_ns = fminl(lasts_ns, (long double)end_ns);
    }
    if (lasts_ns > (long double)XCY_SCHEDULE_MAX_NS) {
        return fail_too_long(lasts_ns, err);
    }
    int64_t behind_last_ns = xcy_stage_due_ns(stage, n - 1) + 1;
    int64_t length_ns = (int64_t)llroundl(lasts_ns);
    stage->n_slots = n;
    stage->length_ns = length_ns > behind_last_ns ? length_ns : behind_last_ns;
    return XCY_OK;
}

static enum xcy_status check_end(const struct xcy_stage *stage, int64_t end_ns,
                                 struct xcy_error *err)
{
    const struct xcy_arrival *a = &stage->arrival;
    if (end_ns > XCY_SCHEDULE_MAX_NS) {
        return fail_too_long((long double)end_ns, err);
    }
    long double expected = a->kind->slots_before(a, (long double)end_ns);
    return expected > (long double)XCY_SCHEDULE_MAX_SLOTS ? fail_too_many(expected, err) : XCY_OK;
}

/* end_ns, n_max: 0 for none, but not both. */
static enum xcy_status settle_even(struct xcy_stage *stage, int64_t end_ns, int64_t n_max,
                                   struct xcy_error *err)
{
    if (n_max > 0 && (end_ns == 0 || is_due_before(stage, n_max - 1, end_ns))) {
        return settle_by_number(stage, n_max, end_ns, err);
    }
    enum xcy_status status = check_end(stage, end_ns, err);
    if (status == XCY_OK) {
        stage->n_slots = count_before(stage, end_ns);
        stage->length_ns = end_ns;
    }
    return status;
}

/* Draws until n_max slots, or the first that is due at end_ns or later; behind_ns is just after the
 * last. At the highest rate it takes a twentieth of the time that the schedule does, so that a stop is
 * looked for once in a while. */
static int64_t draw(const struct xcy_stage *stage, int64_t end_ns, int64_t n_max, int64_t seed,
                    int64_t *behind_ns)
{
    enum { LOOK_EVERY = 1 << 20 };
    struct xcy_walk walk;
    int64_t n = 0;
    xcy_walk_init(&walk, seed, stage->purpose, stage->arrival.rate_per_s);
    int64_t due_ns = xcy_walk_next_ns(&walk);
    while (n < n_max && due_ns < end_ns && (n % LOOK_EVERY != 0 || !xcy_stop_asked())) {
        n++;
        *behind_ns = due_ns + 1;
        due_ns = xcy_walk_next_ns(&walk);
    }
    xcy_walk_clear(&walk);
    return n;
}

static enum xcy_status settle_random(struct xcy_stage *stage, int64_t end_ns, int64_t n_max,
                                     int64_t seed, struct xcy_error *err)
{
    enum xcy_status status = end_ns > 0 && n_max == 0 ? check_end(stage, end_ns, err) : XCY_OK;
    if (status != XCY_OK) {
        return status;
    }
    int64_t last_ns = end_ns > 0 && end_ns < XCY_SCHEDULE_MAX_NS ? end_ns : XCY_SCHEDULE_MAX_NS;
    int64_t most = n_max > 0 ? n_max : XCY_SCHEDULE_MAX_SLOTS;
    int64_t behind_ns = 0;
    int64_t n = draw(stage, last_ns, most, seed, &behind_ns);
    if (xcy_stop_asked()) {
        return xcy_fail(err, XCY_ESTOPPED, "interrupted before anything was sent");
    }
    if (n < most && end_ns != last_ns) {
        return fail_too_long(xcy_arrival_even_ns(stage->arrival.rate_per_s, (long double)most),
                             err);
    }
    stage->n_slots = n;
    stage->length_ns = n < most ? end_ns : behind_ns;
    return XCY_OK;
}

enum xcy_status xcy_stage_settle(struct xcy_stage *stage, struct xcy_stage_bounds bounds,
                                 int64_t default_requests, int64_t seed, struct xcy_error *err)
{
    struct xcy_arrival *a = &stage->arrival;
    int64_t requests = stage->requests;
    int64_t own_end_ns = a->kind->settle ? a->kind->settle(a, requests, stage->duration_ns) : 0;
    if (requests == 0 && stage->duration_ns == 0 && own_end_ns == 0) {
        if (default_requests == 0) {
            return xcy_fail(err, XCY_EUSAGE, "this has no end; give duration_s or requests");
        }
        requests = default_requests;
        own_end_ns = a->kind->settle ? a->kind->settle(a, requests, 0) : 0;
    }
    int64_t end_ns = least_given(least_given(stage->duration_ns, own_end_ns), bounds.duration_ns);
    int64_t n_max = least_given(requests, bounds.requests);
    if (a->kind->is_closed) {
        stage->n_slots = n_max;
        stage->length_ns = end_ns;
        return end_ns > XCY_SCHEDULE_MAX_NS ? fail_too_long((long double)end_ns, err) : XCY_OK;
    }
    return a->kind->is_random ? settle_random(stage, end_ns, n_max, seed, err)
                              : settle_even(stage, end_ns, n_max, err);
}

void xcy_stage_clear(struct xcy_stage *stage)
{
    xcy_arrival_clear(&stage->arrival);
}

double xcy_stage_slots_before(const struct xcy_stage *stage, double t_ns)
{
    const struct xcy_arrival *a = &stage->arrival;
    double within_ns = fmin(t_ns, (double)stage->length_ns);
    return within_ns <= 0 ? 0 : (double)a->kind->slots_before(a, (long double)within_ns);
}

double xcy_stage_most_within(const struct xcy_stage *stage, int64_t window_ns)
{
    const struct xcy_arrival *a = &stage->arrival;
    if (!a->kind->most_within || window_ns > stage->length_ns) {
        return 0;
    }
    return a->kind->most_within(a, stage->n_slots, stage->length_ns, window_ns);
}
