#include "collectors/commit.h"

#include "collectors/threads.h"

#include "common/base/mem.h"

#include <stdlib.h>

enum {
    MAX_PARCEL_BYTES = 64 << 20,
    MAX_PARCELS = 512,
    MAX_BACKLOG = 10 * MAX_PARCELS,
    LOOK_AGAIN_MS = 10
};

/* First come, first written. */
struct row {
    struct xcy_parcel *first;
    struct xcy_parcel *last;
};

struct xcy_commit {
    struct xcy_commit_parts parts;
    pthread_t thread;
    bool is_running;
    pthread_mutex_t lock; /* all that follows */
    pthread_cond_t has_work;
    pthread_cond_t is_less; /* fewer parcels in hand */
    struct row waiting;
    struct row writing;
    size_t n; /* in hand: waiting, written, or about to be deleted */
    bool is_ending;
    enum xcy_status fault;
    struct xcy_error err;
};

struct xcy_parcel *xcy_parcel_new(struct xcy_mono hidden_since)
{
    struct xcy_parcel *p = xcy_alloc(sizeof *p);
    for (size_t f = 0; f < XCY_N_LEDGER_FILES; f++) {
        xcy_buf_init(&p->lines[f], MAX_PARCEL_BYTES);
    }
    p->hidden_since = hidden_since;
    return p;
}

void xcy_parcel_free(struct xcy_parcel *parcel)
{
    if (!parcel) {
        return;
    }
    for (size_t f = 0; f < XCY_N_LEDGER_FILES; f++) {
        xcy_buf_clear(&parcel->lines[f]);
    }
    for (size_t l = 0; l < parcel->n_orphans; l++) {
        free(parcel->orphans[l].text);
    }
    for (size_t d = 0; d < parcel->n_drops; d++) {
        free(parcel->drops[d].handle);
        free(parcel->drops[d].id);
    }
    free(parcel);
}

static enum xcy_status add_parcel(struct xcy_commit *c, const struct xcy_parcel *p,
                                  struct xcy_error *err)
{
    for (size_t f = 0; f < XCY_N_LEDGER_FILES; f++) {
        enum xcy_status status = xcy_buf_check(&p->lines[f], "a batch of messages", err);
        if (status != XCY_OK) {
            return status;
        }
        xcy_ledger_append(c->parts.ledger, (enum xcy_ledger_file)f, xcy_buf_bytes(&p->lines[f]));
    }
    for (size_t l = 0; l < p->n_orphans; l++) {
        xcy_orphans_add(c->parts.orphans, &p->orphans[l]);
    }
    return XCY_OK;
}

/* One fsync a file for all of them. */
static enum xcy_status write_row(struct xcy_commit *c, const struct row *row, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (const struct xcy_parcel *p = row->first; p && status == XCY_OK; p = p->next) {
        status = add_parcel(c, p, err);
    }
    if (status == XCY_OK) {
        status = (c->parts.commit ? c->parts.commit : xcy_ledger_commit)(c->parts.ledger, err);
    }
    if (status == XCY_OK && c->parts.orphans) {
        status = xcy_orphans_commit(c->parts.orphans, err);
    }
    return status;
}

/* Out of the queue, or back into it. Frees the parcel. */
static void send_on(struct xcy_commit *c, struct xcy_parcel *p, bool is_written)
{
    for (size_t d = 0; d < p->n_drops && !is_written; d++) {
        p->drops[d].kind = XCY_ERRAND_BACK;
        p->drops[d].hidden_s = 0;
    }
    xcy_finish_add(c->parts.finish, p->drops, p->n_drops);
    p->n_drops = 0;
    xcy_parcel_free(p);
}

/* With the lock held, which is given up meanwhile. */
static void write_waiting(struct xcy_commit *c)
{
    struct xcy_error err;
    enum xcy_status status = c->fault;
    c->writing = c->waiting;
    c->waiting = (struct row){NULL, NULL};
    struct row row = c->writing;
    bool is_first_fault = status == XCY_OK;
    pthread_mutex_unlock(&c->lock);
    if (status == XCY_OK) {
        status = write_row(c, &row, &err);
    }
    pthread_mutex_lock(&c->lock);
    c->writing = (struct row){NULL, NULL};
    if (status != XCY_OK && is_first_fault) {
        c->fault = status;
        c->err = err;
        xcy_error_context(&c->err, "what was just received went back to the queue, nothing is "
                                   "lost; make room and run gather again");
    }
    pthread_mutex_unlock(&c->lock);
    size_t n = 0;
    for (struct xcy_parcel *p = row.first, *next = NULL; p; p = next, n++) {
        next = p->next;
        send_on(c, p, status == XCY_OK);
    }
    pthread_mutex_lock(&c->lock);
    c->n -= n;
    pthread_cond_broadcast(&c->is_less);
}

static void *work(void *ctx)
{
    struct xcy_commit *c = ctx;
    pthread_mutex_lock(&c->lock);
    while (!c->is_ending || c->waiting.first) {
        if (c->waiting.first) {
            write_waiting(c);
        } else {
            pthread_cond_wait(&c->has_work, &c->lock);
        }
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum xcy_status xcy_commit_begin(const struct xcy_commit_parts *parts, struct xcy_commit **commit,
                                 struct xcy_error *err)
{
    struct xcy_commit *c = xcy_alloc(sizeof *c);
    c->parts = *parts;
    pthread_mutex_init(&c->lock, NULL);
    xcy_condition_init(&c->has_work);
    xcy_condition_init(&c->is_less);
    c->is_running = xcy_thread_start(&c->thread, work, c);
    if (!c->is_running) {
        xcy_commit_free(c);
        return xcy_fail(err, XCY_EFAIL, "cannot start a thread");
    }
    *commit = c;
    return XCY_OK;
}

void xcy_commit_end(struct xcy_commit *commit)
{
    pthread_mutex_lock(&commit->lock);
    commit->is_ending = true;
    pthread_cond_broadcast(&commit->has_work);
    pthread_mutex_unlock(&commit->lock);
    pthread_join(commit->thread, NULL);
    commit->is_running = false;
}

void xcy_commit_free(struct xcy_commit *commit)
{
    if (!commit) {
        return;
    }
    xcy_assert(!commit->is_running && !commit->waiting.first);
    pthread_cond_destroy(&commit->has_work);
    pthread_cond_destroy(&commit->is_less);
    pthread_mutex_destroy(&commit->lock);
    free(commit);
}

/* With the lock held. What is on the disk and not yet deleted counts, too. */
static bool is_full(const struct xcy_commit *c)
{
    return c->n > MAX_PARCELS || xcy_finish_backlog(c->parts.finish) > MAX_BACKLOG;
}

void xcy_commit_hand(struct xcy_commit *commit, struct xcy_parcel *parcel)
{
    pthread_mutex_lock(&commit->lock);
    struct row *row = &commit->waiting;
    *(row->last ? &row->last->next : &row->first) = parcel;
    row->last = parcel;
    commit->n++;
    pthread_cond_signal(&commit->has_work);
    while (is_full(commit) && commit->fault == XCY_OK) {
        (void)xcy_condition_wait(&commit->is_less, &commit->lock,
                                 xcy_mono_add(xcy_mono_now(), LOOK_AGAIN_MS * XCY_NS_PER_MS));
    }
    pthread_mutex_unlock(&commit->lock);
}

/* Hides the messages of a parcel again if it has waited for long. */
static void extend(const struct xcy_commit *c, struct xcy_parcel *p, struct xcy_mono now)
{
    struct xcy_errand errands[XCY_SOURCE_BATCH];
    if (xcy_mono_diff_ns(now, p->hidden_since) < XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S / 3) {
        return;
    }
    for (size_t d = 0; d < p->n_drops; d++) {
        errands[d] = (struct xcy_errand){.kind = XCY_ERRAND_EXTEND,
                                         .handle = xcy_strdup(p->drops[d].handle),
                                         .hidden_s = XCY_SOURCE_HIDDEN_S};
    }
    p->hidden_since = now;
    xcy_finish_add(c->parts.finish, errands, p->n_drops);
}

void xcy_commit_extend(struct xcy_commit *commit)
{
    struct xcy_mono now = commit->parts.now(commit->parts.ctx);
    pthread_mutex_lock(&commit->lock);
    for (struct xcy_parcel *p = commit->writing.first; p; p = p->next) {
        extend(commit, p, now);
    }
    for (struct xcy_parcel *p = commit->waiting.first; p; p = p->next) {
        extend(commit, p, now);
    }
    pthread_mutex_unlock(&commit->lock);
}

bool xcy_commit_await_idle(struct xcy_commit *commit, int64_t max_ns)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), max_ns);
    bool has_time = true;
    pthread_mutex_lock(&commit->lock);
    while (has_time && commit->n > 0) {
        has_time = xcy_condition_wait(&commit->is_less, &commit->lock, until);
    }
    bool is_idle = commit->n == 0;
    pthread_mutex_unlock(&commit->lock);
    return is_idle;
}

enum xcy_status xcy_commit_fault(struct xcy_commit *commit, struct xcy_error *err)
{
    pthread_mutex_lock(&commit->lock);
    enum xcy_status status = commit->fault;
    if (status != XCY_OK) {
        *err = commit->err;
    }
    pthread_mutex_unlock(&commit->lock);
    return status;
}
