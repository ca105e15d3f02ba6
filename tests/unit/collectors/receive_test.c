#include "receive_world.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>

static void it_ends_when_all_have_reported_and_the_queue_is_empty(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    assert_int_equal(w->queue.now_ns / XCY_NS_PER_S, 1000); /* nothing was waited for */
}

static void several_sources_drain_a_full_queue_together(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.most_receivers = 4;
    put_all(w);
    for (int64_t i = 0; i < PLANNED; i++) {
        put_evaluation(w, i, OTHER_ID);
    }
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
    assert_int_equal(fake_queue_left(&w->queue), PLANNED);
    assert_true(xcy_tally_adds_up(&w->collection->tally));
}

static void what_is_missing_is_waited_for_only_for_the_quiet_time(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_evaluation(w, 7, RUN_ID);
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_QUIET);
    assert_int_equal(w->queue.now_ns / XCY_NS_PER_S, 1000 + QUIET_S);
    struct xcy_derived derived = derive(w);
    assert_int_equal(derived.n_missing, PLANNED - 1);
    assert_int_equal(derived.joined.counts[XCY_CLASS_LOST], PLANNED - 1);
    xcy_derived_clear(&derived);
}

static void the_deadline_ends_it_whatever_is_missing(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.patience.deadline_ns = 3 * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_DEADLINE);
    assert_int_equal(w->queue.now_ns / XCY_NS_PER_S, 1003);
}

static void a_load_that_runs_is_waited_for_however_long_it_is_quiet(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->queue.live_until_ns = w->queue.now_ns + 600 * XCY_NS_PER_S;
    put_all(w);
    w->queue.messages[3].visible_at_ns = w->queue.now_ns + 500 * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_true(w->queue.now_ns >= w->queue.live_until_ns);
    assert_true(w->collection->taken[0].live);
}

/* A closed loop as it goes on: what it has sent, and in the end how many requests there were. */
struct closed_loop {
    struct world *world;
    struct xcy_sent *sent;
    int64_t n_begun;
};

enum { CLOSED_LOOP_STEP = 15 };

/* A few more requests begin with each look at the queue, and report; then the loop has ended. */
static void go_on(struct fake_queue *q)
{
    struct closed_loop *loop = q->ctx;
    struct xcy_error err;
    struct world *w = loop->world;
    int64_t until = loop->n_begun + CLOSED_LOOP_STEP;
    for (; loop->n_begun < PLANNED && loop->n_begun < until; loop->n_begun++) {
        int64_t i = loop->n_begun;
        assert_ok(xcy_sent_reserve(loop->sent, i + 1, &err), &err);
        xcy_sent_set(loop->sent, i, started_us + i * 1000 + 50);
        put_evaluation(w, i, RUN_ID);
    }
    if (loop->n_begun == PLANNED && q->live_until_ns > q->now_ns) {
        struct xcy_manifest ended = plain_manifest(PLANNED);
        ended.state = XCY_RUN_COMPLETE;
        ended.outcomes[XCY_OUTCOME_OK] = PLANNED;
        assert_ok(xcy_sent_trim(loop->sent, PLANNED, &err), &err);
        assert_ok(xcy_manifest_write(&ended, w->folder, &err), &err);
        q->live_until_ns = q->now_ns;
    }
}

static void beside_a_closed_loop_all_is_taken_though_nobody_knows_how_much_it_will_be(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct closed_loop loop = {.world = w};
    struct xcy_sent *seen = NULL;
    w->manifest.planned = 0;
    assert_ok(xcy_sent_create(w->folder, 0, &loop.sent, &err), &err);
    assert_ok(xcy_sent_open(w->folder, &seen, &err), &err);
    w->collection->run.sent = seen;
    w->task.sent = seen;
    w->queue.live_until_ns = w->queue.now_ns + 600 * XCY_NS_PER_S;
    w->queue.on_receive = go_on;
    w->queue.ctx = &loop;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    w->collection->run.sent = NULL;
    xcy_sent_close(seen);
    xcy_sent_close(loop.sent);
    struct xcy_derived derived = derive(w);
    assert_int_equal(derived.joined.n, PLANNED);
    assert_int_equal(derived.joined.counts[XCY_CLASS_CONSISTENT], PLANNED / 2);
    assert_int_equal(derived.n_missing, 0);
    xcy_derived_clear(&derived);
}

static void got_is_live_only_on_the_loads_own_clock(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.same_clock = false;
    w->queue.live_until_ns = w->queue.now_ns + 2 * XCY_NS_PER_S;
    put_all(w);
    assert_ok(run(w, &err), &err);
    assert_false(w->collection->taken[0].live);
}

/* The last evaluations come after the load has ended: one reader without a bound would leave all. */
static void got_is_live_to_the_end_of_a_gather_that_ran_beside_the_load(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->queue.live_until_ns = w->queue.now_ns + 2 * XCY_NS_PER_S;
    put_all(w);
    w->queue.messages[3].visible_at_ns = w->queue.now_ns + 4 * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    for (size_t t = 0; t < w->collection->n_taken; t++) {
        assert_true(w->collection->taken[t].live);
    }
}

static void got_is_not_live_in_a_gather_that_came_after_the_load(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    assert_ok(run(w, &err), &err);
    assert_false(w->collection->taken[0].live);
}

/* A hundred messages of other runs in front of ours must neither starve nor spin us. */
static void foreign_messages_stay_in_the_queue_and_keep_nobody_busy(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    for (int64_t i = 0; i < 100; i++) {
        put_evaluation(w, i, OTHER_ID);
    }
    for (int64_t i = 1; i < PLANNED; i++) {
        put_evaluation(w, i, RUN_ID);
    }
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_QUIET);
    assert_int_equal(w->collection->n_reported, PLANNED - 1);
    assert_int_equal(fake_queue_left(&w->queue), 100);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_FOREIGN], 100);
    assert_true(w->queue.n_receives < 400); /* ten every two seconds */
    for (size_t m = 0; m < 100; m++) {      /* and at the end all of them can be had again */
        assert_true(w->queue.messages[m].visible_at_ns <= w->queue.now_ns);
    }
}

static void malformed_messages_are_quarantined_and_dropped(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    fake_queue_put(&w->queue, "bad", "rubbish");
    assert_ok(run(w, &err), &err);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    restart(w);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MALFORMED], 1);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
}

static void a_spoilt_message_goes_back_and_is_quarantined_at_last(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->task.patience.quiet_ns = 100 * (int64_t)XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
    w->queue.messages[0].is_spoilt = true;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->queue.messages[0].receives, 8);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MALFORMED], 1);
    assert_int_equal(w->collection->n_reported, PLANNED - 1);
}

static void evaluations_of_another_combination_make_the_run_invalid(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_evaluation e = plain_evaluation(0, true);
    e.combination.delay_ms = 100;
    char *body = xcy_evaluation_format(&e);
    fake_queue_put(&w->queue, "wrong", body);
    free(body);
    assert_ok(run(w, &err), &err);
    struct xcy_derived derived = derive(w);
    assert_false(derived.is_valid);
    assert_non_null(strstr(derived.why_invalid, "another combination"));
    assert_int_equal(derived.joined.counts[XCY_CLASS_LOST], PLANNED);
    xcy_derived_clear(&derived);
    restart(w); /* and a later gather says so too */
    derived = derive(w);
    assert_false(derived.is_valid);
    xcy_derived_clear(&derived);
}

static void failures_of_the_network_that_pass_are_got_over(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->queue.fail_receives = 2;
    w->queue.fail_drops = 2;
    w->queue.fail_entries = 5;
    assert_ok(run(w, &err), &err);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    assert_int_equal(w->result.finish.left, 0);
}

static void a_network_that_stays_down_ends_it_and_nothing_is_lost(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->queue.fail_drops = 1000;
    assert_status(run(w, &err), XCY_ENET, &err);
    assert_int_equal(fake_queue_left(&w->queue), PLANNED);
    w->queue.fail_drops = 0;
    restart(w);
    assert_true(w->collection->n_taken >= 10); /* a batch was on disk, and comes again */
    assert_ok(run(w, &err), &err);
    w->queue.now_ns += XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
    struct xcy_derived derived = derive(w);
    assert_int_equal(derived.tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
    assert_int_equal(derived.joined.counts[XCY_CLASS_CONSISTENT], PLANNED / 2);
    assert_true(derived.is_valid);
    xcy_derived_clear(&derived);
}

/* A gather that is killed after the journal's fsync and before the delete, as often as it takes until
 * all is on the disk: the drop never happens, and the process is gone. */
static void killed_between_journal_and_delete_nothing_is_counted_twice(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->queue.fail_drops = INT_MAX;
    while (w->collection->n_taken < PLANNED) {
        assert_status(run(w, &err), XCY_ENET, &err);
        restart(w);
    }
    assert_int_equal(fake_queue_left(&w->queue), PLANNED);
    w->queue.fail_drops = 0;
    w->task.patience.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    struct xcy_derived derived = derive(w);
    assert_int_equal(derived.tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
    assert_true(derived.tally.counts[XCY_MESSAGE_DUPLICATE] >= PLANNED);
    assert_int_equal(derived.joined.counts[XCY_CLASS_CONSISTENT], PLANNED / 2);
    assert_int_equal(derived.joined.counts[XCY_CLASS_INCONSISTENT], PLANNED / 2);
    xcy_derived_clear(&derived);
}

/* Killed between receive and journal: the messages come back when their hiding ends. */
static void what_a_killed_gather_held_is_waited_for(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    for (size_t m = 0; m < 10; m++) {
        w->queue.messages[m].visible_at_ns = w->queue.now_ns + XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
    }
    w->task.patience.quiet_ns = XCY_NS_PER_S;
    w->task.patience.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
}

/* Killed between journal and deletion: all is there, and the same comes again. */
static void what_a_killed_gather_did_not_delete_is_waited_for_though_all_is_there(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    assert_ok(run(w, &err), &err);
    put_evaluation(w, 3, RUN_ID);
    w->queue.messages[PLANNED].visible_at_ns = w->queue.now_ns + XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
    restart(w);
    w->task.patience.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_DUPLICATE], 1);
    assert_int_equal(fake_queue_left(&w->queue), 0);
}

static void an_empty_queue_hides_nothing_and_is_not_waited_for(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->task.patience.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->queue.now_ns / XCY_NS_PER_S, 1000);
}

/* A limit on the size of files stands in for a full disk. */
static void a_full_disk_deletes_nothing_and_later_it_goes_on(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct rlimit old;
    put_all(w);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit tight = {.rlim_cur = 15000, .rlim_max = old.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    enum xcy_status status = run(w, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_true(status == XCY_EIO || status == XCY_EFULL);
    assert_non_null(strstr(err.text, "went back to the queue"));
    size_t left = fake_queue_left(&w->queue);
    restart(w);
    assert_int_equal(w->collection->n_taken + left, PLANNED);
    assert_ok(run(w, &err), &err); /* no visibility timeout has to pass */
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
}

static void entries_that_cannot_be_deleted_are_counted(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->queue.fail_entries = 24; /* all ten of the first batch, all again, and then four */
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->collection->n_reported, PLANNED);
    assert_int_equal(w->result.finish.left, 4);
    assert_int_equal(fake_queue_left(&w->queue), 4);
}

static void a_stop_ends_it_with_what_came_on_disk(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    w->queue.stop_after = 2;
    assert_status(run(w, &err), XCY_ESTOPPED, &err);
    restart(w);
    assert_int_equal(w->collection->n_taken + fake_queue_left(&w->queue), PLANNED);
    assert_true(w->collection->n_taken > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_ends_when_all_have_reported_and_the_queue_is_empty),
        TEST(several_sources_drain_a_full_queue_together),
        TEST(what_is_missing_is_waited_for_only_for_the_quiet_time),
        TEST(the_deadline_ends_it_whatever_is_missing),
        TEST(a_load_that_runs_is_waited_for_however_long_it_is_quiet),
        TEST(beside_a_closed_loop_all_is_taken_though_nobody_knows_how_much_it_will_be),
        TEST(got_is_live_to_the_end_of_a_gather_that_ran_beside_the_load),
        TEST(got_is_not_live_in_a_gather_that_came_after_the_load),
        TEST(got_is_live_only_on_the_loads_own_clock),
        TEST(foreign_messages_stay_in_the_queue_and_keep_nobody_busy),
        TEST(malformed_messages_are_quarantined_and_dropped),
        TEST(a_spoilt_message_goes_back_and_is_quarantined_at_last),
        TEST(evaluations_of_another_combination_make_the_run_invalid),
        TEST(failures_of_the_network_that_pass_are_got_over),
        TEST(a_network_that_stays_down_ends_it_and_nothing_is_lost),
        TEST(killed_between_journal_and_delete_nothing_is_counted_twice),
        TEST(what_a_killed_gather_held_is_waited_for),
        TEST(what_a_killed_gather_did_not_delete_is_waited_for_though_all_is_there),
        TEST(an_empty_queue_hides_nothing_and_is_not_waited_for),
        TEST(a_full_disk_deletes_nothing_and_later_it_goes_on),
        TEST(entries_that_cannot_be_deleted_are_counted),
        TEST(a_stop_ends_it_with_what_came_on_disk), /* last: a stop cannot be taken back */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
