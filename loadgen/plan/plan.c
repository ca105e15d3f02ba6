#include "loadgen/plan/plan.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/data/number.h"
#include "common/net/http.h"
#include "common/time/clock.h"
#include "loadgen/schedule/instant.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

const char *const xcy_late_names[] = {"send", "skip", NULL};

enum {
    DEFAULT_MAX_THREADS = 2,
    DEFAULT_MAX_IN_FLIGHT = 4096,
    MAX_SHARDS = 1000,
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

/* "2/3": the second of three. */
static enum xcy_status resolve_shard(const struct xcy_plan_options *o, struct xcy_plan *plan,
                                     struct xcy_error *err)
{
    int64_t index = 1;
    int64_t count = 1;
    const char *slash = o->shard ? strchr(o->shard, '/') : NULL;
    if (o->shard &&
        (!slash || !xcy_int64_parse(xcy_bytes(o->shard, (size_t)(slash - o->shard)), &index) ||
         !xcy_int64_parse(xcy_bytes_of(slash + 1), &count) || count < 1 || count > MAX_SHARDS ||
         index < 1 || index > count)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--shard must be I/N with 1 <= I <= N <= %d, such as 2/3, got '%.100s'",
                        MAX_SHARDS, o->shard);
    }
    if (count > 1 && !o->start_at) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--shard needs --start-at, the same for all shards, so that their slots "
                        "fall between each other");
    }
    if (count > 1 && o->seed == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--shard needs --seed, the same for all shards, so that they are of one "
                        "load");
    }
    plan->shard_index = index - 1;
    plan->shard_count = count;
    return XCY_OK;
}

static enum xcy_status resolve_start(const struct xcy_plan_options *o, struct xcy_plan *plan,
                                     struct xcy_error *err)
{
    struct xcy_wall now = xcy_wall_now();
    char now_text[21];
    if (!o->start_at) {
        return XCY_OK;
    }
    struct xcy_wall at = {0};
    if (!xcy_instant_parse(xcy_bytes_of(o->start_at), &at)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--start-at must be an instant in UTC such as 2026-11-21T10:00:00Z, or "
                        "seconds since 1970, got '%.100s'",
                        o->start_at);
    }
    xcy_wall_format_iso(now, now_text);
    if (at.ns <= now.ns) {
        return xcy_fail(err, XCY_EUSAGE, "--start-at %.100s has passed: here it is %s now",
                        o->start_at, now_text);
    }
    if (at.ns - now.ns > XCY_SCHEDULE_MAX_NS) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--start-at %.100s is more than 366 days away: here it is %s now",
                        o->start_at, now_text);
    }
    plan->start_at = at;
    return XCY_OK;
}

static enum xcy_status resolve_schedule(const struct xcy_plan_options *o, struct xcy_plan *plan,
                                        struct xcy_error *err)
{
    struct xcy_schedule_options wanted = {
        .arrivals = o->arrivals,
        .load_plan = o->load_plan,
        .rate_per_s = o->rate_per_s,
        .is_rate_given = o->is_rate_given,
        .requests = o->requests,
        .duration_ns = o->duration_ns,
        .warmup_ns = o->warmup_ns,
        .seed = plan->seed,
        .shard_index = plan->shard_index,
        .shard_count = plan->shard_count,
    };
    return xcy_schedule_build(&wanted, &plan->schedule, err);
}

/* A closed loop never has a slot that is late: each begins when the one before has ended. */
static enum xcy_status check_closed(const struct xcy_plan_options *o, int64_t in_flight,
                                    struct xcy_error *err)
{
    if (o->late == XCY_LATE_SKIP) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--late skip is for schedules; a closed loop has none, and nothing is late "
                        "in it");
    }
    if (o->max_in_flight > 0 && o->max_in_flight < in_flight) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--max-in-flight %" PRId64 " is less than the %" PRId64
                        " that the closed loop keeps in flight; leave it out",
                        o->max_in_flight, in_flight);
    }
    return XCY_OK;
}

static enum xcy_status resolve_in_flight(const struct xcy_plan_options *o, int64_t n_descriptors,
                                         struct xcy_plan *plan, struct xcy_error *err)
{
    int64_t possible = (n_descriptors - SPARE_DESCRIPTORS) / XCY_HTTP_DESCRIPTORS;
    int64_t closed = xcy_schedule_closed_in_flight(plan->schedule);
    int64_t wanted = closed > 0 ? closed : o->max_in_flight;
    enum xcy_status status = closed > 0 ? check_closed(o, closed, err) : XCY_OK;
    if (status != XCY_OK) {
        return status;
    }
    if (possible < 1) {
        return xcy_fail(err, XCY_EUSAGE,
                        "only %" PRId64 " open files are allowed here; raise `ulimit -n`",
                        n_descriptors);
    }
    if (wanted > possible) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s %" PRId64
                        " needs as many connections of %d files each, but only %" PRId64
                        " may be open; lower it to %" PRId64 " or raise `ulimit -n`",
                        closed > 0 ? "--arrivals closed:N with N =" : "--max-in-flight", wanted,
                        XCY_HTTP_DESCRIPTORS, n_descriptors, possible);
    }
    plan->max_in_flight = wanted > 0 ? wanted : least(DEFAULT_MAX_IN_FLIGHT, possible);
    return XCY_OK;
}

static int64_t resolve_threads(const struct xcy_plan_options *o, const struct xcy_plan *plan)
{
    int64_t wanted = o->threads;
    int64_t n_slots = xcy_schedule_slots(plan->schedule);
    if (wanted == 0) {
        long cpus = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = cpus < 1 ? 1 : least(cpus, DEFAULT_MAX_THREADS);
    }
    wanted = least(wanted, plan->max_in_flight);
    return n_slots > 0 ? least(wanted, n_slots) : wanted;
}

/* The workers of a closed loop are never idle for long, and those of an open one at high rates. */
static bool resolve_realtime(const struct xcy_plan_options *o, const struct xcy_plan *plan)
{
    double per_thread = xcy_schedule_peak_rate(plan->schedule) / (double)plan->threads;
    return o->wants_realtime && xcy_schedule_closed_in_flight(plan->schedule) == 0 &&
           per_thread <= MAX_REALTIME_PER_S;
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
}

static void resolve_rules(const struct xcy_plan_options *o, struct xcy_plan *plan)
{
    plan->is_async = o->is_async;
    plan->late = (enum xcy_late)o->late;
    plan->late_after_ns = o->late_after_ns;
    plan->retries = o->retries;
    plan->retry_delay_ns = o->retry_delay_ns;
    plan->lag_bound_ns = o->lag_bound_ms * XCY_NS_PER_MS;
    plan->skip_bound = o->skip_bound_percent / 100;
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
    struct xcy_plan made = {.seed = options->seed > 0 ? options->seed : new_seed()};
    enum xcy_status status = resolve_shard(options, &made, err);
    if (status == XCY_OK) {
        status = resolve_start(options, &made, err);
    }
    if (status == XCY_OK) {
        status = resolve_schedule(options, &made, err);
    }
    if (status == XCY_OK) {
        status = resolve_in_flight(options, n_descriptors, &made, err);
    }
    if (status != XCY_OK) {
        xcy_plan_clear(&made);
        return status;
    }
    made.threads = resolve_threads(options, &made);
    made.is_realtime = resolve_realtime(options, &made);
    resolve_timeouts(options, deployment, &made);
    resolve_rules(options, &made);
    xcy_random_uuid(made.run);
    *plan = made;
    return XCY_OK;
}

void xcy_plan_clear(struct xcy_plan *plan)
{
    xcy_schedule_free(plan->schedule);
    *plan = (struct xcy_plan){0};
}

/* Of all shards: they send to the same readers. */
static double count_at_a_time(const struct xcy_plan *plan, int64_t longest_ms)
{
    const struct xcy_schedule *s = plan->schedule;
    int64_t closed = xcy_schedule_closed_in_flight(s);
    double at_a_time = (double)closed;
    if (closed == 0) {
        double within = xcy_schedule_most_within(s, longest_ms * XCY_NS_PER_MS);
        at_a_time = fmin(within, (double)xcy_schedule_slots(s));
    }
    return at_a_time * (double)plan->shard_count;
}

enum xcy_status xcy_plan_check_capacity(const struct xcy_plan *plan,
                                        const struct xcy_deployment *deployment,
                                        const struct xcy_combination *combination,
                                        struct xcy_error *err)
{
    if (combination->notification_storage != XCY_NOTIFICATION_SNS) {
        return XCY_OK;
    }
    int64_t longest_ms = xcy_deployment_reader_longest_ms(deployment, combination);
    int64_t limit = deployment->reader.concurrency_limit;
    double at_a_time = count_at_a_time(plan, longest_ms);
    /* a rate that is no exact number may come out a hair above */
    if (at_a_time <= (double)limit * (1 + 1e-9)) {
        return XCY_OK;
    }
    if (xcy_schedule_closed_in_flight(plan->schedule) > 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "TARGET_LIMITED: %.0f in flight keep as many readers busy, but %s allows "
                        "%" PRId64 "; keep fewer in flight, or raise reader.concurrency_limit (in "
                        "%s), or say --force",
                        at_a_time, deployment->reader.function, limit, deployment->source);
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "TARGET_LIMITED: up to %.0f requests within %" PRId64 " ms, the longest a "
                    "reader may be busy, keep as many readers busy, but %s allows %" PRId64
                    "; lower the rate to %.0f%% of it, or raise reader.concurrency_limit, or "
                    "shorten visibility_deadline_ms or barrier_deadline_ms (in %s), or say --force",
                    ceil(at_a_time), longest_ms, deployment->reader.function, limit,
                    floor((double)limit / at_a_time * 100), deployment->source);
}

char *xcy_plan_waiting_line(const struct xcy_plan *plan, const struct xcy_deployment *deployment,
                            const struct xcy_combination *combination)
{
    int64_t longest_ms = xcy_deployment_reader_longest_ms(deployment, combination);
    int64_t readers = xcy_deployment_readers_at_a_time(deployment, combination);
    int64_t batch = xcy_deployment_reader_batch(deployment, combination);
    double places = (double)readers * (double)batch;
    if (combination->notification_storage == XCY_NOTIFICATION_SNS || longest_ms == 0 ||
        count_at_a_time(plan, longest_ms) <= places * (1 + 1e-9)) {
        return NULL;
    }
    return xcy_format("over %s at most %" PRId64 " readers at a time, of up to %" PRId64
                      " notifications each: if each took its longest, %" PRId64
                      " ms, %.3g/s could be read, and more would wait; analyze says "
                      "TARGET_LIMITED if the readers had no room left",
                      xcy_notification_storage_names[combination->notification_storage], readers,
                      batch, longest_ms, places * 1000 / (double)longest_ms);
}
