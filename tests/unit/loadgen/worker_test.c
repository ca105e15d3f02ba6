#include "loadgen/drive/worker.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/scheduled.h"
#include "tests/unit/loadgen/scripted.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { N_SLOTS = 2000, STOP_AT = 5 };

/* Stands for Ctrl-C: asked for by the server once it has received STOP_AT requests. */
static bool is_readable(void *ctx)
{
    const int *fd = ctx;
    struct pollfd waited = {.fd = *fd, .events = POLLIN};
    return poll(&waited, 1, 0) == 1;
}

static enum scripted_act hold_odd(struct scripted *s, int64_t i)
{
    (void)s;
    return i % 2 ? SCRIPTED_HOLD : SCRIPTED_REPLY;
}

/* All that a worker gave, once it has been joined. */
static void take_all(struct xcy_worker *worker, struct xcy_tally *total)
{
    struct xcy_handover *handover = xcy_worker_handover(worker);
    int64_t interval = 0;
    int64_t before = -1;
    xcy_tally_init(total);
    for (struct xcy_tally *tally = xcy_handover_take(handover, &interval); tally;
         tally = xcy_handover_take(handover, &interval)) {
        assert_true(interval > before);
        before = interval;
        xcy_tally_merge(total, tally);
        xcy_handover_return(handover, tally);
    }
}

static void stopping_sends_nothing_more_and_gives_up_what_is_not_answered_in_time(void **state)
{
    (void)state;
    struct scripted s = {.decide = hold_odd, .wake_at = STOP_AT};
    struct xcy_target target;
    struct xcy_tally total;
    struct xcy_error err;
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    s.wake_fd = stop_fd;
    scripted_start(&s);
    scripted_target(&s, &target);
    struct xcy_plan plan = {.schedule = scheduled((struct xcy_schedule_options){
                                .rate_per_s = 100, .requests = N_SLOTS}),
                            .seed = 1,
                            .threads = 1,
                            .max_in_flight = 100,
                            .total_timeout_ns = 60 * XCY_NS_PER_S,
                            .grace_ns = 50 * XCY_NS_PER_MS};
    struct xcy_worker_setting setting = {.plan = &plan,
                                         .engine = &xcy_engine_lambda,
                                         .engine_setting = {.plan = &plan, .target = &target},
                                         .anchor = xcy_anchor_now(),
                                         .start = xcy_mono_now(),
                                         .stop_fd = stop_fd,
                                         .is_stopped = is_readable,
                                         .ctx = &stop_fd};
    struct xcy_worker *worker = xcy_worker_new(&setting, 0);
    assert_ok(xcy_worker_start(worker, &err), &err);
    xcy_worker_join(worker);
    assert_true(xcy_worker_has_ended(worker));
    assert_ok(xcy_worker_result(worker, &err), &err);
    take_all(worker, &total);
    const struct xcy_counts *c = &total.measured;
    assert_int_equal(xcy_counts_slots(c), N_SLOTS);
    assert_true(c->sent >= STOP_AT && c->sent < N_SLOTS);
    assert_true(c->outcomes[XCY_OUTCOME_GENERATOR] >= 1);
    assert_int_equal(c->outcomes[XCY_OUTCOME_OK] + c->outcomes[XCY_OUTCOME_GENERATOR], c->sent);
    assert_int_equal(c->skipped[XCY_SKIP_STOPPED], N_SLOTS - c->sent);
    xcy_worker_free(worker);
    xcy_tally_clear(&total);
    scripted_stop(&s);
    xcy_target_clear(&target);
    xcy_schedule_free(plan.schedule);
    close(stop_fd);
}

static bool is_never(void *ctx)
{
    (void)ctx;
    return false;
}

/* A worker whose slots are far apart still gives what it counted at every interval's end. */
static void intervals_are_given_also_while_nothing_happens(void **state)
{
    (void)state;
    struct xcy_tally total;
    struct xcy_error err;
    struct xcy_plan plan = {
        .schedule = scheduled((struct xcy_schedule_options){.rate_per_s = 2, .requests = 2}),
        .seed = 1,
        .threads = 1,
        .max_in_flight = 1,
        .grace_ns = XCY_NS_PER_S};
    struct xcy_worker_setting setting = {.plan = &plan,
                                         .engine = &xcy_engine_null,
                                         .engine_setting = {.plan = &plan},
                                         .anchor = xcy_anchor_now(),
                                         .start = xcy_mono_now(),
                                         .stop_fd = -1,
                                         .is_stopped = is_never};
    struct xcy_worker *worker = xcy_worker_new(&setting, 0);
    assert_ok(xcy_worker_start(worker, &err), &err);
    xcy_worker_join(worker);
    struct xcy_handover *handover = xcy_worker_handover(worker);
    int64_t interval = -1;
    struct xcy_tally *first = xcy_handover_take(handover, &interval);
    assert_non_null(first);
    assert_int_equal(first->measured.outcomes[XCY_OUTCOME_OK], 1);
    assert_true(interval <= 1); /* the second slot is due in interval 2 */
    xcy_handover_return(handover, first);
    take_all(worker, &total);
    assert_int_equal(total.measured.outcomes[XCY_OUTCOME_OK], 1);
    assert_true(total.busiest_cpu_share > 0 && total.busiest_cpu_share <= 1);
    xcy_worker_free(worker);
    xcy_tally_clear(&total);
    xcy_schedule_free(plan.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopping_sends_nothing_more_and_gives_up_what_is_not_answered_in_time),
        cmocka_unit_test(intervals_are_given_also_while_nothing_happens),
    };
    return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
