#ifndef XCY_TESTS_COLLECTORS_RECEIVE_WORLD_H
#define XCY_TESTS_COLLECTORS_RECEIVE_WORLD_H

/* receive_world.h - a run of forty requests, its queue, and a gather that takes from it. */

#include "fake_queue.h"
#include "scratch.h"

#include "collectors/derive.h"

enum { PLANNED = 40, QUIET_S = 10 };

struct world {
    char *folder;
    struct xcy_manifest manifest;
    struct fake_queue queue;
    struct xcy_ledger *ledger;
    struct xcy_collection *collection;
    struct xcy_receive_task task;
    struct xcy_receive_result result;
};

static inline void open_ledger(struct world *w)
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

static inline void close_ledger(struct world *w)
{
    xcy_ledger_close(w->ledger);
    xcy_collection_free(w->collection);
}

static inline int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_request_row rows[PLANNED];
    w->folder = folder_new();
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
        .patience = {.quiet_ns = QUIET_S * XCY_NS_PER_S},
    };
    open_ledger(w);
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    struct world *w = *state;
    close_ledger(w);
    fake_queue_clear(&w->queue);
    folder_free(w->folder);
    free(w);
    return 0;
}

static inline void put_evaluation(struct world *w, int64_t i, const char *run)
{
    struct xcy_evaluation e = plain_evaluation(i, i % 2 == 0);
    char id[64];
    snprintf(e.id.run, sizeof e.id.run, "%s", run);
    snprintf(id, sizeof id, "m-%.8s-%lld", run, (long long)i);
    char *body = xcy_evaluation_format(&e);
    fake_queue_put(&w->queue, id, body);
    free(body);
}

static inline void put_all(struct world *w)
{
    for (int64_t i = 0; i < PLANNED; i++) {
        put_evaluation(w, i, RUN_ID);
    }
}

static inline enum xcy_status run(struct world *w, struct xcy_error *err)
{
    return xcy_receive(&w->task, &w->result, err);
}

/* Forgets all but the disk, as a new process does. */
static inline void restart(struct world *w)
{
    close_ledger(w);
    open_ledger(w);
}

static inline struct xcy_derived derive(struct world *w)
{
    struct xcy_error err;
    struct xcy_derived derived;
    assert_ok(xcy_derive(w->folder, &w->manifest, w->ledger, 0, &derived, &err), &err);
    return derived;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
