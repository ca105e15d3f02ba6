#include "scratch.h"

#include "fake_queue.h"

#include "collectors/derive.h"
#include "collectors/import.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

enum { PLANNED = 40, QUIET_S = 10 };

/* A run of forty requests, all of them ok, and its queue. */
struct world {
    char *folder;
    struct xcy_manifest manifest;
    struct fake_queue queue;
    struct xcy_ledger *ledger;
    struct xcy_collection *collection;
    struct xcy_receive_task task;
    struct xcy_receive_result result;
};

static void open_ledger(struct world *w)
{
    struct xcy_error err;
    int64_t cut = 0;
    struct xcy_match_run run = {.manifest = &w->manifest};
    assert_ok(xcy_ledger_open(w->folder, &w->ledger, &err), &err);
    w->collection = xcy_collection_new(&run);
    assert_ok(xcy_ledger_replay(w->ledger, w->collection, &cut, &err), &err);
    w->task.ledger = w->ledger;
    w->task.collection = w->collection;
}

static void close_ledger(struct world *w)
{
    xcy_ledger_close(w->ledger);
    xcy_collection_free(w->collection);
}

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_request_row rows[PLANNED];
    w->folder = scratch_make();
    w->manifest = plain_manifest(PLANNED);
    for (int64_t i = 0; i < PLANNED; i++) {
        rows[i] = plain_row(i, XCY_OUTCOME_OK);
    }
    write_requests(w->folder, rows, PLANNED);
    fake_queue_init(&w->queue);
    w->task = (struct xcy_receive_task){
        .source = &fake_source,
        .state = &w->queue,
        .most_receivers = 1,
        .world = fake_queue_world(&w->queue),
        .retry = {.attempts = 3},
        .same_clock = true,
        .look_every_ns = XCY_NS_PER_MS,
        .run_path = w->folder,
        .manifest = &w->manifest,
        .quiet_ns = QUIET_S * XCY_NS_PER_S,
    };
    open_ledger(w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    close_ledger(w);
    fake_queue_clear(&w->queue);
    scratch_remove(w->folder);
    free(w);
    return 0;
}

static void put_evaluation(struct world *w, int64_t i, const char *run)
{
    struct xcy_evaluation e = plain_evaluation(i, i % 2 == 0);
    char id[64];
    snprintf(e.id.run, sizeof e.id.run, "%s", run);
    snprintf(id, sizeof id, "m-%.8s-%lld", run, (long long)i);
    char *body = xcy_evaluation_format(&e);
    fake_queue_put(&w->queue, id, body);
    free(body);
}

static void put_all(struct world *w)
{
    for (int64_t i = 0; i < PLANNED; i++) {
        put_evaluation(w, i, RUN_ID);
    }
}

static enum xcy_status run(struct world *w, struct xcy_error *err)
{
    return xcy_receive(&w->task, &w->result, err);
}

/* Forgets all but the disk, as a new process does. */
static void restart(struct world *w)
{
    close_ledger(w);
    open_ledger(w);
}

static struct xcy_derived derive(struct world *w)
{
    struct xcy_error err;
    struct xcy_derived derived;
    assert_ok(xcy_derive(w->folder, &w->manifest, w->ledger, 0, &derived, &err), &err);
    return derived;
}

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
    w->task.deadline_ns = 3 * XCY_NS_PER_S;
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
    assert_true(w->queue.n_receives < 150);
    for (size_t m = 0; m < 100; m++) { /* and at the end all of them can be had again */
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
    w->queue.messages[0].is_spoilt = true;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->queue.messages[0].receives, 3);
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
    w->task.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
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
    w->task.quiet_ns = XCY_NS_PER_S;
    w->task.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
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
    w->task.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
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
    w->task.least_ns = (XCY_SOURCE_HIDDEN_S + 2) * XCY_NS_PER_S;
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

/* A disk that takes four seconds, and does not come back before somebody has hidden again what waits for
 * it. */
static struct fake_queue *slow_queue;

static enum xcy_status commit_slowly(struct xcy_ledger *ledger, struct xcy_error *err)
{
    bool is_extended = false;
    pthread_mutex_lock(&slow_queue->lock);
    slow_queue->now_ns += 4 * XCY_NS_PER_S;
    pthread_mutex_unlock(&slow_queue->lock);
    while (!is_extended) {
        pthread_mutex_lock(&slow_queue->lock);
        is_extended = slow_queue->n_hides > 0;
        pthread_mutex_unlock(&slow_queue->lock);
        sched_yield();
    }
    return xcy_ledger_commit(ledger, err);
}

static void what_waits_for_a_slow_disk_is_hidden_for_longer(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    slow_queue = &w->queue;
    w->task.commit = commit_slowly;
    assert_ok(run(w, &err), &err);
    assert_true(w->result.finish.extended >= 10);
    assert_int_equal(w->result.finish.deleted, PLANNED);
    assert_int_equal(w->collection->tally.received, PLANNED); /* none came again */
}

static void a_quick_disk_needs_no_longer_hiding(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    put_all(w);
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.finish.extended, 0);
    assert_int_equal(w->queue.n_hides, 0);
}

/* How many lines the journals hold when a message is deleted. */
static size_t lines_at_drop(const struct world *w)
{
    size_t n = 0;
    static const char *const files[] = {"evaluations.jsonl", "quarantine.jsonl"};
    for (size_t f = 0; f < 2; f++) {
        char *path = xcy_run_file(w->folder, files[f]);
        FILE *file = fopen(path, "re");
        for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
            n += c == '\n' ? 1 : 0;
        }
        assert_int_equal(fclose(file), 0);
        free(path);
    }
    return n;
}

static bool was_early;

static void compare_with_disk(struct fake_queue *q)
{
    const struct world *w = q->ctx;
    size_t n_dropped = q->n - fake_queue_left(q);
    was_early |= n_dropped > lines_at_drop(w);
}

static void nothing_is_deleted_before_its_line_is_on_the_disk(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.most_receivers = 8;
    was_early = false;
    put_all(w);
    fake_queue_put(&w->queue, "bad", "rubbish");
    fake_queue_put(&w->queue, "worse", "{}");
    w->queue.on_drop = compare_with_disk;
    w->queue.ctx = w;
    assert_ok(run(w, &err), &err);
    assert_false(was_early);
    assert_int_equal(fake_queue_left(&w->queue), 0);
}

/* The deletion is refused since the handle has expired: it comes again, and goes then. */
static void a_message_that_was_not_deleted_comes_again_and_is(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    for (int64_t i = 1; i < PLANNED; i++) { /* one is waited for */
        put_evaluation(w, i, RUN_ID);
    }
    w->queue.fail_entries = 3 * 10;
    w->task.quiet_ns = 3 * XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.finish.undeleted, 10);
    assert_int_equal(w->result.finish.left, 0);
    assert_int_equal(w->result.finish.deleted, PLANNED - 1);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_DUPLICATE], 10);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    assert_int_equal(w->result.n_received, PLANNED - 1 + 10);
}

/* A queue in parts answers a short poll from some of them: nothing, though there is more. */
static void hold_back(struct fake_queue *q)
{
    q->is_blind = q->n_receives % 3 == 1;
}

static void
an_empty_answer_of_a_queue_in_parts_is_not_believed_while_something_is_awaited(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.most_receivers = 4;
    put_all(w);
    w->queue.on_receive = hold_back;
    assert_ok(run(w, &err), &err);
    assert_int_equal(w->result.end, XCY_RECEIVE_COMPLETE);
    assert_int_equal(w->collection->n_reported, PLANNED);
    assert_int_equal(w->result.finish.deleted, PLANNED);
}

static void every_message_the_queue_gave_is_accounted_for(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    w->task.most_receivers = 6;
    put_all(w);
    for (int64_t i = 0; i < PLANNED; i++) {
        put_evaluation(w, i, OTHER_ID);
        put_evaluation(w, i, RUN_ID); /* each evaluation in a second message */
    }
    fake_queue_put(&w->queue, "bad", "rubbish");
    w->queue.fail_entries = 7;
    w->queue.fail_receives = 2;
    assert_ok(run(w, &err), &err);
    struct xcy_finish_count f = w->result.finish;
    assert_int_equal(w->result.n_received, f.deleted + f.given_back + f.undeleted);
    assert_true(f.given_back >= PLANNED);
    assert_int_equal(f.deleted, 2 * PLANNED + 1);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_DUPLICATE], PLANNED);
    restart(w); /* and the disk says the same */
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], PLANNED);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_DUPLICATE], PLANNED);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MALFORMED], 1);
}

static void messages_of_other_runs_are_taken_when_that_is_wanted(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_orphans *orphans = NULL;
    assert_ok(xcy_orphans_open(w->folder, &orphans, &err), &err);
    w->task.orphans = orphans;
    put_all(w);
    for (int64_t i = 0; i < 15; i++) {
        put_evaluation(w, i, OTHER_ID);
    }
    assert_ok(run(w, &err), &err);
    xcy_orphans_free(orphans);
    assert_int_equal(fake_queue_left(&w->queue), 0);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_FOREIGN], 15);
    assert_int_equal(w->result.finish.deleted, PLANNED + 15);
    assert_int_equal(w->result.finish.given_back, 0);
    struct xcy_manifest theirs = plain_manifest(PLANNED);
    struct xcy_import_count count;
    char *path = xcy_orphans_path(w->folder, OTHER_ID);
    memcpy(theirs.run, OTHER_ID, sizeof OTHER_ID);
    w->manifest = theirs;
    char *other_folder = xcy_format("%s/other", w->folder);
    char *ours = w->folder;
    assert_ok(xcy_dir_make(other_folder, 0755, &err), &err);
    w->folder = other_folder;
    restart(w);
    assert_ok(xcy_import(path, w->ledger, w->collection, &count, &err), &err);
    assert_int_equal(count.imported, 15);
    assert_int_equal(w->collection->tally.counts[XCY_MESSAGE_MATCHED], 15);
    w->folder = ours;
    free(other_folder);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
        TEST(what_waits_for_a_slow_disk_is_hidden_for_longer),
        TEST(a_quick_disk_needs_no_longer_hiding),
        TEST(nothing_is_deleted_before_its_line_is_on_the_disk),
        TEST(a_message_that_was_not_deleted_comes_again_and_is),
        TEST(an_empty_answer_of_a_queue_in_parts_is_not_believed_while_something_is_awaited),
        TEST(every_message_the_queue_gave_is_accounted_for),
        TEST(messages_of_other_runs_are_taken_when_that_is_wanted),
        TEST(a_stop_ends_it_with_what_came_on_disk), /* last: a stop cannot be taken back */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
