#include "loadgen/drive/worker.h"
#include "tests/unit/loadgen/folder.h"
#include "tests/unit/loadgen/scripted.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { N_SLOTS = 2000, STOP_AT = 5 };

/* Stands for Ctrl-C: asked for by the server once it has received STOP_AT requests. */
static int stop_fd = -1;

static bool is_stopped(void)
{
    struct pollfd waited = {.fd = stop_fd, .events = POLLIN};
    return poll(&waited, 1, 0) == 1;
}

static enum scripted_act hold_odd(struct scripted *s, int64_t i)
{
    (void)s;
    return i % 2 ? SCRIPTED_HOLD : SCRIPTED_REPLY;
}

static const struct xcy_plan plan = {.schedule = {.rate_per_s = 10, .n_slots = N_SLOTS},
                                     .seed = 1,
                                     .threads = 1,
                                     .max_in_flight = 100,
                                     .total_timeout_ns = 60 * XCY_NS_PER_S,
                                     .grace_ns = 50 * XCY_NS_PER_MS};

static void stopping_sends_nothing_more_and_gives_up_what_is_not_answered_in_time(void **state)
{
    struct scripted s = {.decide = hold_odd, .wake_at = STOP_AT};
    struct xcy_target target;
    struct xcy_journal *journal = NULL;
    struct xcy_error err;
    stop_fd = eventfd(0, EFD_CLOEXEC);
    s.wake_fd = stop_fd;
    scripted_start(&s);
    scripted_target(&s, &target);
    char *path = xcy_format("%s/rows.csv", (char *)*state);
    assert_ok(xcy_journal_create(path, xcy_bytes_of(""), 1 << 20, &journal, &err), &err);
    struct xcy_plan fast = plan;
    fast.schedule.rate_per_s = 100;
    struct xcy_worker_setting setting = {.plan = &fast,
                                         .engine = &xcy_engine_lambda,
                                         .target = &target,
                                         .anchor = xcy_anchor_now(),
                                         .start = xcy_mono_now(),
                                         .journal = journal,
                                         .stop_fd = stop_fd,
                                         .is_stopped = is_stopped};
    struct xcy_worker *worker = xcy_worker_new(&setting, 0);
    assert_ok(xcy_worker_start(worker, &err), &err);
    xcy_worker_join(worker);
    const struct xcy_counts *c = &xcy_worker_recorder(worker)->counts;
    assert_int_equal(xcy_counts_slots(c), N_SLOTS);
    assert_true(c->sent >= STOP_AT && c->sent < N_SLOTS);
    assert_true(c->outcomes[XCY_OUTCOME_GENERATOR] >= 1);
    assert_int_equal(c->outcomes[XCY_OUTCOME_OK] + c->outcomes[XCY_OUTCOME_GENERATOR], c->sent);
    assert_int_equal(c->skipped_stopped, N_SLOTS - c->sent);
    xcy_worker_free(worker);
    xcy_journal_close(journal);
    scripted_stop(&s);
    xcy_target_clear(&target);
    close(stop_fd);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            stopping_sends_nothing_more_and_gives_up_what_is_not_answered_in_time, folder_make,
            folder_remove),
    };
    return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
