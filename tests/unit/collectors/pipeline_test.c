/* pipeline_test.c - receive: what its threads do side by side, and that the books balance. */

#include "receive_world.h"

#include "collectors/import.h"

#include <sched.h>

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
    w->task.patience.quiet_ns = 3 * (int64_t)XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
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
    w->queue.live_until_ns = w->queue.now_ns + 2 * XCY_NS_PER_S;
    put_all(w);
    for (int64_t i = 0; i < 15; i++) {
        put_evaluation(w, i, OTHER_ID);
    }
    assert_ok(run(w, &err), &err);
    assert_true(w->collection->taken[0].live);
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
    for (size_t t = 0; t < 15; t++) { /* taken beside our load: it says nothing of their clocks */
        assert_false(w->collection->taken[t].live);
    }
    w->folder = ours;
    free(other_folder);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_for_a_slow_disk_is_hidden_for_longer),
        TEST(a_quick_disk_needs_no_longer_hiding),
        TEST(nothing_is_deleted_before_its_line_is_on_the_disk),
        TEST(a_message_that_was_not_deleted_comes_again_and_is),
        TEST(an_empty_answer_of_a_queue_in_parts_is_not_believed_while_something_is_awaited),
        TEST(every_message_the_queue_gave_is_accounted_for),
        TEST(messages_of_other_runs_are_taken_when_that_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
