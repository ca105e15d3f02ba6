#include "collectors/intake.h"

#include "collectors/foreign.h"
#include "collectors/keymap.h"

#include "common/base/mem.h"
#include "common/base/stop.h"

#include <pthread.h>
#include <stdlib.h>

enum { SPOILT_ARRIVALS = 8, MAX_LINE_BYTES = 64 << 20 };

struct xcy_intake {
    struct xcy_intake_parts parts;
    bool is_beside_load;           /* began while the load ran, on its clock */
    pthread_mutex_t lock;          /* what follows, and the collection */
    const struct xcy_slots *slots; /* NULL while the load runs */
    struct xcy_foreign *foreign;
    struct xcy_keymap *spoilt; /* message ids, to how often each came so */
    int64_t n_waiting;
    int64_t n_received;
    int64_t n_ours;
    struct xcy_mono last_new;
    struct xcy_mono last_foreign;
};

/* What was found out about a message, and what is to become of it. */
struct sorting {
    bool is_spoilt; /* its sum is wrong, and it may come whole next time */
    struct xcy_match match;
    struct xcy_sorted sorted;
    bool is_kept; /* goes to the disk */
    int hidden_s; /* else it goes back, hidden for so long */
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
    in->spoilt = xcy_keymap_new();
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
        xcy_keymap_free(intake->spoilt);
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

/* How often this message came spoilt: it may come whole next time. */
static int64_t count_spoilt(struct xcy_intake *in, const struct xcy_message *message)
{
    bool is_new = false;
    pthread_mutex_lock(&in->lock);
    int64_t n = ++*xcy_keymap_at(in->spoilt, xcy_bytes_of(message->id), &is_new);
    pthread_mutex_unlock(&in->lock);
    return n;
}

/* What can be said of the messages without knowing the others. */
static void match_all(struct xcy_intake *in, const struct xcy_message_batch *batch,
                      struct sorting sortings[])
{
    pthread_mutex_lock(&in->lock);
    struct xcy_match_run run = in->parts.collection->run;
    pthread_mutex_unlock(&in->lock);
    for (size_t m = 0; m < batch->n; m++) {
        const struct xcy_message *message = &batch->messages[m];
        struct sorting *s = &sortings[m];
        s->is_spoilt = !message->is_whole && count_spoilt(in, message) < SPOILT_ARRIVALS;
        if (message->is_whole) {
            xcy_match_message(&run, xcy_bytes_of(message->body), &s->match);
        } else {
            xcy_match_reject(&s->match, "its MD5 is wrong, again and again");
        }
    }
}

static void count_report(struct xcy_intake *in, const struct xcy_sorted *sorted)
{
    const struct xcy_slots *slots = in->slots;
    if (slots && sorted->is_first_report && sorted->i < slots->n) {
        in->n_waiting -= slots->slots[sorted->i].may_report ? 1 : 0;
    }
}

/* With the lock held. */
static void sort_message(struct xcy_intake *in, const struct xcy_message *m, int64_t at_us,
                         struct xcy_mono t, struct sorting *s)
{
    struct xcy_arrival arrival = {
        .message_id = m->id, .body = m->body, .at_us = at_us, .live = in->is_beside_load};
    if (s->is_spoilt) {
        return;
    }
    s->sorted = xcy_collection_add_match(in->parts.collection, &arrival, &s->match);
    count_report(in, &s->sorted);
    s->is_kept = s->sorted.kind != XCY_MESSAGE_FOREIGN || in->parts.take_foreign;
    if (!s->is_kept) {
        in->last_foreign = t;
        s->hidden_s = xcy_foreign_came(in->foreign, m->id, m->handle, t);
    }
    in->n_ours += s->is_kept ? 1 : 0;
    in->last_new = s->sorted.kind == XCY_MESSAGE_MATCHED ? t : in->last_new;
}

static void sort_all(struct xcy_intake *in, const struct xcy_message_batch *batch, int64_t at_us,
                     struct sorting sortings[])
{
    struct xcy_mono t = now(in);
    pthread_mutex_lock(&in->lock);
    in->n_received += (int64_t)batch->n;
    for (size_t m = 0; m < batch->n; m++) {
        sort_message(in, &batch->messages[m], at_us, t, &sortings[m]);
    }
    pthread_mutex_unlock(&in->lock);
}

/* The lines of a message that leaves the queue. Each arrival has its own, the same again too, so that
 * none is deleted on the strength of another's line. */
static void write_lines(const struct xcy_intake *in, const struct xcy_message *m, int64_t at_us,
                        const struct sorting *s, struct xcy_parcel *parcel)
{
    bool is_foreign = s->sorted.kind == XCY_MESSAGE_FOREIGN;
    struct xcy_journal_entry entry = {
        .at_us = at_us,
        .message_id = m->id,
        .receive_count = m->receive_count,
        .live = in->is_beside_load && !is_foreign, /* beside another load, by another's clock */
        .body = m->body,
        .reason = s->sorted.reason[0] ? s->sorted.reason : NULL,
        .refused = s->sorted.refused,
    };
    if (!is_foreign) {
        xcy_journal_format(&entry, &parcel->lines[xcy_ledger_file_of(&entry)]);
        return;
    }
    struct xcy_buf line;
    struct xcy_orphan_line *orphan = &parcel->orphans[parcel->n_orphans++];
    xcy_buf_init(&line, MAX_LINE_BYTES);
    xcy_journal_format(&entry, &line);
    memcpy(orphan->run, s->match.evaluation.id.run, sizeof orphan->run);
    orphan->text = xcy_buf_take(&line);
}

/* Texts change their owner. */
static void send_on(struct xcy_intake *in, struct xcy_message_batch *batch, int64_t at_us,
                    struct xcy_mono received, const struct sorting sortings[])
{
    struct xcy_parcel *parcel = xcy_parcel_new(received);
    struct xcy_errand back[XCY_SOURCE_BATCH];
    size_t n_back = 0;
    for (size_t n = 0; n < batch->n; n++) {
        struct xcy_message *m = &batch->messages[n];
        if (!sortings[n].is_kept) {
            back[n_back++] = (struct xcy_errand){
                .kind = XCY_ERRAND_BACK, .handle = m->handle, .hidden_s = sortings[n].hidden_s};
            m->handle = NULL;
            continue;
        }
        write_lines(in, m, at_us, &sortings[n], parcel);
        parcel->drops[parcel->n_drops++] =
            (struct xcy_errand){.kind = XCY_ERRAND_DROP, .handle = m->handle, .id = m->id};
        m->handle = NULL;
        m->id = NULL;
    }
    if (n_back > 0) {
        xcy_finish_add(in->parts.finish, back, n_back);
    }
    if (parcel->n_drops > 0) {
        xcy_commit_hand(in->parts.commit, parcel);
    } else {
        xcy_parcel_free(parcel);
    }
}

static size_t count_kept(const struct sorting sortings[], size_t n)
{
    size_t n_kept = 0;
    for (size_t m = 0; m < n; m++) {
        n_kept += sortings[m].is_kept ? 1 : 0;
    }
    return n_kept;
}

/* Whether going on is in vain: the disk or the deletions failed. */
static bool has_failed(struct xcy_intake *in)
{
    struct xcy_error ignored;
    return xcy_commit_fault(in->parts.commit, &ignored) != XCY_OK ||
           xcy_finish_fault(in->parts.finish, &ignored) != XCY_OK;
}

static enum xcy_status receive(struct xcy_intake *in, void *state, int wait_s,
                               struct xcy_message_batch *batch, struct xcy_error *err)
{
    struct xcy_retry retry = xcy_retry_begin(&in->parts.retry);
    struct xcy_mono began;
    enum xcy_status status;
    do {
        began = now(in);
        status = in->parts.source->receive(state, wait_s, batch, err);
    } while (!has_failed(in) && xcy_retry_again(&retry, status, err));
    if (status == XCY_OK && batch->n == XCY_SOURCE_BATCH) {
        xcy_pace_note(in->parts.pace, xcy_mono_diff_ns(now(in), began));
    }
    return status != XCY_OK && xcy_stop_asked() ? xcy_fail(err, XCY_ESTOPPED, "interrupted")
                                                : status;
}

enum xcy_status xcy_intake_receive(struct xcy_intake *intake, void *state, int wait_s,
                                   struct xcy_intake_got *got, struct xcy_error *err)
{
    struct xcy_message_batch batch = {.n = 0};
    struct sorting sortings[XCY_SOURCE_BATCH] = {0};
    const struct xcy_receive_world *world = &intake->parts.world;
    enum xcy_status status = receive(intake, state, wait_s, &batch, err);
    if (status == XCY_OK && batch.n > 0) {
        int64_t at_us = world->wall_us(world->ctx);
        struct xcy_mono received = now(intake);
        match_all(intake, &batch, sortings);
        sort_all(intake, &batch, at_us, sortings);
        send_on(intake, &batch, at_us, received, sortings);
    }
    if (status == XCY_OK) {
        *got = (struct xcy_intake_got){.n = batch.n, .n_ours = count_kept(sortings, batch.n)};
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
        .n_received = intake->n_received,
        .n_ours = intake->n_ours,
        .last_new = intake->last_new,
        .last_foreign = intake->last_foreign,
        .tally = intake->parts.collection->tally,
    };
    pthread_mutex_unlock(&intake->lock);
    return count;
}

void xcy_intake_release(struct xcy_intake *intake)
{
    const char *handles[XCY_SOURCE_BATCH];
    struct xcy_errand back[XCY_SOURCE_BATCH];
    size_t n;
    pthread_mutex_lock(&intake->lock);
    while ((n = xcy_foreign_take_hidden(intake->foreign, now(intake), handles, XCY_SOURCE_BATCH)) >
           0) {
        for (size_t h = 0; h < n; h++) {
            back[h] =
                (struct xcy_errand){.kind = XCY_ERRAND_RELEASE, .handle = xcy_strdup(handles[h])};
        }
        xcy_finish_add(intake->parts.finish, back, n);
    }
    pthread_mutex_unlock(&intake->lock);
}
