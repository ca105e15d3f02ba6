#include "collectors/intake.h"

#include "collectors/foreign.h"

#include "common/base/mem.h"
#include "common/base/stop.h"

#include <pthread.h>
#include <stdlib.h>

enum { DROP_ROUNDS = 3, SPOILT_RECEIVES = 3 };

struct xcy_intake {
    struct xcy_intake_parts parts;
    const struct xcy_slots
        *slots;           /* NULL while the load runs; changes in no thread but its owner's */
    bool is_beside_load;  /* began while the load ran, on its clock */
    pthread_mutex_t lock; /* what follows, the collection and the ledger */
    struct xcy_foreign *foreign;
    int64_t n_waiting;
    int64_t n_undeleted;
    struct xcy_mono last_new;
};

/* What is to happen with the messages of one batch. Handles are borrowed from it. */
struct sorting {
    const char *drop[XCY_SOURCE_BATCH];
    size_t n_drop;
    const char *back[XCY_SOURCE_BATCH];
    int hidden_s[XCY_SOURCE_BATCH];
    size_t n_back;
    size_t n_new; /* evaluations that were not known */
};

static struct xcy_mono now(const struct xcy_intake *in)
{
    return in->parts.world.now(in->parts.world.ctx);
}

struct xcy_intake *xcy_intake_new(const struct xcy_intake_parts *parts)
{
    struct xcy_intake *in = xcy_alloc(sizeof *in);
    in->parts = *parts;
    in->foreign = xcy_foreign_new();
    in->last_new = now(in);
    in->is_beside_load = parts->same_clock && parts->world.is_live(parts->world.ctx);
    pthread_mutex_init(&in->lock, NULL);
    return in;
}

void xcy_intake_free(struct xcy_intake *intake)
{
    if (intake) {
        intake->parts.collection->run.slots = NULL;
        xcy_foreign_free(intake->foreign);
        pthread_mutex_destroy(&intake->lock);
        free(intake);
    }
}

void xcy_intake_load_ended(struct xcy_intake *intake, const struct xcy_slots *slots)
{
    struct xcy_collection *c = intake->parts.collection;
    pthread_mutex_lock(&intake->lock);
    c->run.slots = slots;
    intake->slots = slots;
    intake->last_new = now(intake);
    intake->n_waiting = xcy_collection_count_awaited(c, slots);
    pthread_mutex_unlock(&intake->lock);
}

static void give_back_later(struct sorting *s, const char *handle, int hidden_s)
{
    s->back[s->n_back] = handle;
    s->hidden_s[s->n_back++] = hidden_s;
}

static void count_report(struct xcy_intake *in, const struct xcy_sorted *sorted)
{
    if (in->slots && sorted->is_first_report) {
        in->n_waiting -= in->slots->slots[sorted->i].may_report ? 1 : 0;
    }
}

/* Decides on one message; what leaves the queue is added to the ledger. */
static void sort_message(struct xcy_intake *in, const struct xcy_message *m, int64_t at_us,
                         bool live, struct sorting *s)
{
    struct xcy_collection *c = in->parts.collection;
    if (!m->is_whole && m->receive_count < SPOILT_RECEIVES) {
        give_back_later(s, m->handle, 0); /* spoilt on the way: it may come whole next time */
        return;
    }
    struct xcy_arrival arrival = {
        .message_id = m->id, .body = m->body, .at_us = at_us, .live = live};
    struct xcy_sorted sorted =
        m->is_whole
            ? xcy_collection_add(c, &arrival)
            : xcy_collection_quarantine(c, &arrival, "its MD5 is wrong, again and again", false);
    count_report(in, &sorted);
    if (sorted.kind == XCY_MESSAGE_FOREIGN) {
        give_back_later(s, m->handle, xcy_foreign_came(in->foreign, m->id, m->handle, now(in)));
        return;
    }
    s->n_new += sorted.kind == XCY_MESSAGE_MATCHED ? 1 : 0;
    s->drop[s->n_drop++] = m->handle;
    bool is_repeat = sorted.reason[0] && sorted.kind == XCY_MESSAGE_DUPLICATE;
    struct xcy_journal_entry entry = {
        .at_us = at_us,
        .message_id = m->id,
        .receive_count = m->receive_count,
        .live = live,
        .body = m->body,
        .reason = sorted.reason[0] ? sorted.reason : NULL,
        .refused = sorted.refused,
    };
    if (!is_repeat) {
        xcy_ledger_add(in->parts.ledger, &entry);
    }
}

/* Best effort: what cannot be given back comes again when its visibility timeout ends. */
static void give_back(const struct xcy_intake *in, void *state, const struct sorting *s)
{
    struct xcy_error ignored;
    bool failed[XCY_SOURCE_BATCH];
    bool is_done[XCY_SOURCE_BATCH] = {false};
    for (size_t first = 0; first < s->n_back; first++) {
        const char *handles[XCY_SOURCE_BATCH]; /* those hidden for as long as the first */
        size_t n = 0;
        for (size_t b = first; b < s->n_back; b++) {
            if (!is_done[b] && s->hidden_s[b] == s->hidden_s[first]) {
                is_done[b] = true;
                handles[n++] = s->back[b];
            }
        }
        if (n > 0 && in->parts.source->give_back(state, handles, n, s->hidden_s[first], failed,
                                                 &ignored) != XCY_OK) {
            return;
        }
    }
}

/* Deletes; entries that fail are tried again, and then left: they come again as duplicates. */
static enum xcy_status drop(struct xcy_intake *in, void *state, const struct sorting *s,
                            struct xcy_error *err)
{
    const char *handles[XCY_SOURCE_BATCH];
    bool failed[XCY_SOURCE_BATCH];
    size_t n = s->n_drop;
    memcpy(handles, s->drop, sizeof handles);
    for (int round = 0; round < DROP_ROUNDS && n > 0; round++) {
        struct xcy_retry retry = xcy_retry_begin(&in->parts.retry);
        enum xcy_status status;
        do {
            status = in->parts.source->drop(state, handles, n, failed, err);
        } while (xcy_retry_again(&retry, status));
        if (status != XCY_OK) {
            return status;
        }
        size_t n_left = 0;
        for (size_t h = 0; h < n; h++) {
            if (failed[h]) {
                handles[n_left++] = handles[h];
            }
        }
        n = n_left;
    }
    pthread_mutex_lock(&in->lock);
    in->n_undeleted += (int64_t)n;
    pthread_mutex_unlock(&in->lock);
    return XCY_OK;
}

/* Onto the disk, then out of the queue. */
static enum xcy_status take_batch(struct xcy_intake *in, void *state,
                                  const struct xcy_message_batch *batch, size_t *n_ours,
                                  struct xcy_error *err)
{
    const struct xcy_receive_world *world = &in->parts.world;
    struct sorting s = {.n_new = 0};
    int64_t at_us = world->wall_us(world->ctx);
    pthread_mutex_lock(&in->lock);
    for (size_t m = 0; m < batch->n; m++) {
        sort_message(in, &batch->messages[m], at_us, in->is_beside_load, &s);
    }
    enum xcy_status status = xcy_ledger_commit(in->parts.ledger, err);
    if (s.n_new > 0) {
        in->last_new = now(in);
    }
    pthread_mutex_unlock(&in->lock);
    if (status != XCY_OK) {
        for (size_t d = 0; d < s.n_drop; d++) {
            give_back_later(&s, s.drop[d], 0);
        }
        give_back(in, state, &s);
        return xcy_error_context(err, "what was just received went back to the queue, nothing is "
                                      "lost; make room and run gather again");
    }
    give_back(in, state, &s);
    *n_ours = s.n_drop;
    return s.n_drop > 0 ? drop(in, state, &s, err) : XCY_OK;
}

enum xcy_status xcy_intake_receive(struct xcy_intake *intake, void *state, int wait_s,
                                   size_t *n_messages, size_t *n_ours, struct xcy_error *err)
{
    struct xcy_message_batch batch = {.n = 0};
    struct xcy_retry retry = xcy_retry_begin(&intake->parts.retry);
    enum xcy_status status;
    do {
        status = intake->parts.source->receive(state, wait_s, &batch, err);
    } while (xcy_retry_again(&retry, status));
    if (status == XCY_OK) {
        *n_messages = batch.n;
        *n_ours = 0;
        status = take_batch(intake, state, &batch, n_ours, err);
    } else if (xcy_stop_asked()) {
        status = xcy_fail(err, XCY_ESTOPPED, "interrupted");
    }
    xcy_message_batch_clear(&batch);
    return status;
}

struct xcy_intake_count xcy_intake_look(struct xcy_intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    struct xcy_intake_count count = {
        .n_reported = intake->parts.collection->n_reported,
        .n_waiting = intake->n_waiting,
        .n_undeleted = intake->n_undeleted,
        .last_new = intake->last_new,
        .tally = intake->parts.collection->tally,
    };
    pthread_mutex_unlock(&intake->lock);
    return count;
}

void xcy_intake_release(struct xcy_intake *intake, void *state)
{
    struct sorting s = {.n_new = 0};
    while ((s.n_back = xcy_foreign_take_hidden(intake->foreign, now(intake), s.back,
                                               XCY_SOURCE_BATCH)) > 0) {
        give_back(intake, state, &s);
    }
}
