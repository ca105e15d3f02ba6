#include "loadgen/plan/plan.h"

#include "common/base/random.h"
#include "common/time/clock.h"

#include <inttypes.h>
#include <math.h>
#include <unistd.h>

enum {
    DEFAULT_REQUESTS = 1000,
    DEFAULT_MAX_THREADS = 2,
    DEFAULT_MAX_IN_FLIGHT = 4096,
    SPARE_DESCRIPTORS = 64,       /* files, clients, epoll sets */
    TOTAL_TIMEOUT_SPARE_MS = 3000 /* beyond the writer's own limit: connection and answer */
};

/* A worker with real-time priority that is never idle would starve what it drives; at this rate it
 * needs a fraction of a core. */
enum { MAX_REALTIME_PER_S = 2000 };

/* Seeds stand in JSON and YAML as numbers, and those are exact up to here. */
#define MAX_SEED (INT64_C(1) << 53)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum xcy_status resolve_slots(const struct xcy_plan_options *o, struct xcy_schedule *s,
                                     struct xcy_error *err)
{
    if (o->requests > 0 && o->duration_ns > 0) {
        return xcy_fail(err, XCY_EUSAGE, "give --requests or --duration, not both");
    }
    s->arrival = XCY_ARRIVAL_CONSTANT;
    s->rate_per_s = o->rate_per_s;
    s->n_slots = o->requests > 0 ? o->requests : DEFAULT_REQUESTS;
    if (o->duration_ns > 0) {
        s->n_slots = xcy_schedule_slots_within(s->arrival, o->rate_per_s, o->duration_ns);
    }
    double length_ns = (double)s->n_slots * 1e9 / o->rate_per_s;
    if (length_ns > (double)XCY_SCHEDULE_MAX_NS) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%" PRId64 " requests at %g/s take %.0f days; at most 366: raise --rate or "
                        "lower --requests",
                        s->n_slots, o->rate_per_s, length_ns / 86400e9);
    }
    return XCY_OK;
}

static enum xcy_status resolve_in_flight(const struct xcy_plan_options *o, int64_t n_descriptors,
                                         int64_t *max_in_flight, struct xcy_error *err)
{
    int64_t possible = n_descriptors - SPARE_DESCRIPTORS;
    if (possible < 1) {
        return xcy_fail(err, XCY_EUSAGE,
                        "only %" PRId64 " open files are allowed here; raise `ulimit -n`",
                        n_descriptors);
    }
    if (o->max_in_flight > possible) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--max-in-flight %" PRId64 " needs as many connections, but only %" PRId64
                        " files may be open; lower it to %" PRId64 " or raise `ulimit -n`",
                        o->max_in_flight, n_descriptors, possible);
    }
    *max_in_flight =
        o->max_in_flight > 0 ? o->max_in_flight : least(DEFAULT_MAX_IN_FLIGHT, possible);
    return XCY_OK;
}

static int64_t resolve_threads(const struct xcy_plan_options *o, const struct xcy_plan *plan)
{
    int64_t wanted = o->threads;
    if (wanted == 0) {
        long cpus = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = cpus < 1 ? 1 : least(cpus, DEFAULT_MAX_THREADS);
    }
    return least(wanted, least(plan->schedule.n_slots, plan->max_in_flight));
}

static void resolve_timeouts(const struct xcy_plan_options *o, const struct xcy_deployment *d,
                             struct xcy_plan *plan)
{
    int64_t total_ms = o->total_timeout_ms > 0 ? o->total_timeout_ms
                                               : d->writer.timeout_ms + TOTAL_TIMEOUT_SPARE_MS;
    plan->connect_timeout_ns = o->connect_timeout_ms * XCY_NS_PER_MS;
    plan->first_byte_timeout_ns = o->first_byte_timeout_ms * XCY_NS_PER_MS;
    plan->total_timeout_ns = total_ms * XCY_NS_PER_MS;
    plan->grace_ns = o->grace_ns;
    plan->lag_bound_ns = o->lag_bound_ms * XCY_NS_PER_MS;
}

static int64_t new_seed(void)
{
    int64_t seed = (int64_t)(xcy_random_seed() % (uint64_t)MAX_SEED);
    return seed == 0 ? 1 : seed;
}

enum xcy_status xcy_plan_resolve(const struct xcy_plan_options *options,
                                 const struct xcy_deployment *deployment, int64_t n_descriptors,
                                 struct xcy_plan *plan, struct xcy_error *err)
{
    struct xcy_plan made = {.is_async = options->is_async};
    enum xcy_status status = resolve_slots(options, &made.schedule, err);
    if (status == XCY_OK) {
        status = resolve_in_flight(options, n_descriptors, &made.max_in_flight, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    made.threads = resolve_threads(options, &made);
    made.seed = options->seed > 0 ? options->seed : new_seed();
    made.is_realtime = options->wants_realtime &&
                       made.schedule.rate_per_s / (double)made.threads <= MAX_REALTIME_PER_S;
    resolve_timeouts(options, deployment, &made);
    xcy_random_uuid(made.run);
    *plan = made;
    return XCY_OK;
}

enum xcy_status xcy_plan_check_capacity(const struct xcy_plan *plan,
                                        const struct xcy_deployment *deployment,
                                        const struct xcy_combination *combination,
                                        struct xcy_error *err)
{
    int64_t longest_ms = xcy_deployment_reader_longest_ms(deployment, combination);
    int64_t limit = deployment->reader.concurrency_limit;
    double rate = plan->schedule.rate_per_s;
    double at_a_time = rate * (double)longest_ms / 1e3;
    if (at_a_time <= (double)limit || plan->schedule.n_slots <= limit) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "TARGET_LIMITED: %g/s x %" PRId64 " ms (the longest a reader may be busy) = "
                    "%.0f readers at a time, but %s allows %" PRId64 "; lower --rate to %g, or "
                    "raise reader.concurrency_limit, or shorten visibility_deadline_ms or "
                    "barrier_deadline_ms (in %s), or say --force",
                    rate, longest_ms, ceil(at_a_time), deployment->reader.function, limit,
                    floor((double)limit * 1e5 / (double)longest_ms) / 100, deployment->source);
}
