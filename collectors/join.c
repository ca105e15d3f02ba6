#include "collectors/join.h"

#include "common/base/mem.h"
#include "common/record/order.h"
#include "common/run/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LATE_US = 1000, MAX_LINE_BYTES = 4096, NONE = -1 };

/* The evaluations of each request, as chains of indices into the collection. */
struct chains {
    const struct xcy_taken *taken;
    int64_t *first; /* by request number */
    int64_t *next;  /* by index */
};

static void chains_init(struct chains *chains, const struct xcy_collection *c, int64_t n)
{
    chains->taken = c->taken;
    chains->first = xcy_alloc_array((size_t)n + 1, sizeof *chains->first);
    chains->next = xcy_alloc_array(c->n_taken + 1, sizeof *chains->next);
    for (int64_t i = 0; i < n; i++) {
        chains->first[i] = NONE;
    }
    for (size_t at = c->n_taken; at-- > 0;) { /* backwards, so that chains run by arrival */
        int64_t i = c->taken[at].evaluation.id.i;
        xcy_assert(i >= 0 && i < n);
        chains->next[at] = chains->first[i];
        chains->first[i] = (int64_t)at;
    }
}

static void chains_clear(struct chains *chains)
{
    free(chains->first);
    free(chains->next);
}

static int64_t us_of(double seconds)
{
    return (int64_t)llround(seconds * 1e6);
}

/* The points of an evaluation; the reference's functions send seconds. */
static struct xcy_stamps points_of(const struct xcy_evaluation *e)
{
    struct xcy_stamps points = e->points;
    if (!e->has_xcy) {
        points.us[XCY_POINT_START] = us_of(e->writer_start_at_s);
        points.us[XCY_POINT_WROTE] = us_of(e->post_written_at_s);
        points.us[XCY_POINT_SEEN] = us_of(e->reader_received_at_s);
        points.us[XCY_POINT_READ] = us_of(e->post_read_at_s);
    }
    return points;
}

static bool has_read(const struct xcy_evaluation *e)
{
    return e->has_xcy ? e->has_read : true;
}

static bool has_found(const struct xcy_evaluation *e)
{
    return e->has_xcy ? e->found : e->consistent_read;
}

/* Earlier by the point; one without the point comes last; ties go to the first arrival. */
static bool is_earlier(const struct xcy_evaluation *a, const struct xcy_evaluation *b,
                       enum xcy_point point)
{
    struct xcy_stamps pa = points_of(a);
    struct xcy_stamps pb = points_of(b);
    int64_t at = pa.us[point];
    int64_t bt = pb.us[point];
    return at != 0 && (bt == 0 || at < bt);
}

static bool same_exec(const struct xcy_evaluation *a, const struct xcy_evaluation *b)
{
    return strcmp(a->exec, b->exec) == 0;
}

/* The evaluation that decides, and the flags that come from there being others. */
static const struct xcy_taken *decide(const struct chains *chains, int64_t i, unsigned *flags)
{
    const struct xcy_taken *first = NULL;
    if (!chains->taken) {
        return NULL; /* nothing came for any request */
    }
    for (int64_t at = chains->first[i]; at != NONE; at = chains->next[at]) {
        const struct xcy_taken *t = &chains->taken[at];
        bool other_exec = first && !same_exec(&t->evaluation, &first->evaluation);
        *flags |= other_exec ? XCY_FLAG_MANY_EXECS : 0U;
        enum xcy_point point = other_exec ? XCY_POINT_START : XCY_POINT_SEEN;
        if (!first || is_earlier(&t->evaluation, &first->evaluation, point)) {
            first = t;
        }
    }
    for (int64_t at = chains->first[i]; at != NONE; at = chains->next[at]) {
        const struct xcy_taken *t = &chains->taken[at];
        *flags |= t->redeliveries > 0 ? XCY_FLAG_REDELIVERED : 0U;
        if (t == first || !same_exec(&t->evaluation, &first->evaluation)) {
            continue;
        }
        *flags |= XCY_FLAG_MANY_EVALS;
        bool both_read = has_read(&t->evaluation) && has_read(&first->evaluation);
        if (both_read && has_found(&t->evaluation) != has_found(&first->evaluation)) {
            *flags |= XCY_FLAG_CONFLICT;
        }
    }
    return first;
}

static void set_reason(struct xcy_record *r, const char *kind, const char *text)
{
    const char *link = kind[0] && text[0] ? ": " : "";
    /* Cut on purpose: it is for people. */
    int n = snprintf(r->class_reason, sizeof r->class_reason, "%s%s%.120s", kind, link, text);
    xcy_assert(n >= 0);
}

static void classify_by_evaluation(struct xcy_record *r, const struct xcy_evaluation *e)
{
    if (e->barrier_timed_out) {
        r->klass = XCY_CLASS_FAILED;
        set_reason(r, "barrier", "past its deadline");
    } else if (has_read(e)) {
        r->klass = has_found(e) ? XCY_CLASS_CONSISTENT : XCY_CLASS_INCONSISTENT;
        set_reason(r, "", e->error);
    } else {
        r->klass = XCY_CLASS_FAILED;
        set_reason(r, "reader", e->error[0] ? e->error : "it reports no read");
    }
}

static void classify_by_outcome(struct xcy_record *r, const struct xcy_slot *slot)
{
    if (slot->outcome == XCY_OUTCOME_OK) {
        r->klass = XCY_CLASS_LOST;
        set_reason(r, "last known", xcy_points[xcy_slot_last_point(slot)].name);
    } else if (slot->outcome == XCY_OUTCOME_SKIPPED) {
        r->klass = XCY_CLASS_SKIPPED;
    } else {
        r->klass = XCY_CLASS_FAILED;
        set_reason(r, xcy_outcome_names[slot->outcome], slot->row ? slot->row->reason : "");
    }
}

static void take_request(struct xcy_record *r, const struct xcy_slot *slot)
{
    const struct xcy_request_row *row = slot->row;
    r->outcome = slot->outcome;
    r->attempts = slot->attempts;
    if (row) {
        memcpy(r->key, row->id.key, sizeof r->key);
        memcpy(r->exec, row->exec, sizeof r->exec);
        memcpy(r->writer_instance, row->writer_instance, sizeof r->writer_instance);
        r->http_status = row->http_status;
        r->points = row->points;
    }
    r->points.us[XCY_POINT_SENT] = slot->sent_us;
    bool has_both = xcy_stamps_has(&r->points, XCY_POINT_DUE) && slot->first_sent_us != 0;
    if (has_both && slot->first_sent_us - r->points.us[XCY_POINT_DUE] > LATE_US) {
        r->flags |= XCY_FLAG_LATE;
    }
    r->flags |= slot->is_warmup ? XCY_FLAG_WARMUP : 0U;
    r->flags |= slot->may_have_run_before ? XCY_FLAG_MANY_EXECS : 0U;
}

/* Whether the writer's reply told of another execution than the evaluation does. */
static bool is_other_exec(const struct xcy_record *r, const struct xcy_evaluation *e)
{
    return r->exec[0] != '\0' && e->exec[0] != '\0' && strcmp(r->exec, e->exec) != 0;
}

/* The writer's points: of the execution that the evaluation is of. What only the reply carries
 * stays if the reply is of that execution. */
static void take_points(struct xcy_record *r, const struct xcy_taken *taken)
{
    static const enum xcy_point writer_points[] = {XCY_POINT_START, XCY_POINT_WROTE,
                                                   XCY_POINT_NOTED, XCY_POINT_ENDED};
    struct xcy_stamps points = points_of(&taken->evaluation);
    for (size_t p = 0; p < sizeof writer_points / sizeof *writer_points; p++) {
        enum xcy_point point = writer_points[p];
        if (is_other_exec(r, &taken->evaluation) || xcy_stamps_has(&points, point)) {
            r->points.us[point] = points.us[point];
        }
    }
    for (int point = XCY_POINT_SEEN; point < XCY_POINT_GOT; point++) {
        r->points.us[point] = points.us[point];
    }
    r->points.us[XCY_POINT_GOT] = taken->got_us;
}

static void take_flags(struct xcy_record *r, const struct xcy_taken *taken)
{
    const struct xcy_evaluation *e = &taken->evaluation;
    const struct {
        bool is_set;
        enum xcy_record_flag flag;
    } flags[] = {
        {e->waited, XCY_FLAG_WAITED},
        {e->is_polled, XCY_FLAG_POLLED},
        {e->is_censored, XCY_FLAG_CENSORED},
        {e->barrier_timed_out, XCY_FLAG_BARRIER_TIMEOUT},
        {taken->live, XCY_FLAG_GOT_LIVE},
        {!e->has_xcy, XCY_FLAG_NO_XCY},
        {is_other_exec(r, e), XCY_FLAG_MANY_EXECS}, /* the one replied to has not reported */
    };
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
        r->flags |= flags[f].is_set ? (unsigned)flags[f].flag : 0U;
    }
}

static void take_evaluation(struct xcy_record *r, const struct xcy_taken *taken)
{
    const struct xcy_evaluation *e = &taken->evaluation;
    take_flags(r, taken);
    take_points(r, taken);
    if (r->key[0] == '\0') {
        memcpy(r->key, e->id.key, sizeof r->key);
    }
    if (e->exec[0] != '\0') {
        memcpy(r->exec, e->exec, sizeof r->exec);
        memcpy(r->writer_instance, e->writer_instance, sizeof r->writer_instance);
    }
    memcpy(r->eval, e->eval, sizeof r->eval);
    memcpy(r->reader_instance, e->reader_instance, sizeof r->reader_instance);
    r->k = e->k;
    r->polls = e->polls;
    r->post_stored_bytes = e->post_stored_bytes;
    r->post_metadata_bytes = e->post_metadata_bytes;
    r->notification_bytes = (int64_t)e->notification_size_bytes;
    r->context_bytes = e->context_bytes;
}

void xcy_join(const struct xcy_slots *slots, const struct xcy_collection *collection,
              struct xcy_joined *joined)
{
    struct chains chains;
    *joined = (struct xcy_joined){.n = slots->n};
    joined->records = xcy_alloc_array((size_t)slots->n + 1, sizeof *joined->records);
    joined->deciding = xcy_alloc_array((size_t)slots->n + 1, sizeof(const struct xcy_taken *));
    chains_init(&chains, collection, slots->n);
    for (int64_t i = 0; i < slots->n; i++) {
        struct xcy_record *r = &joined->records[i];
        r->i = i;
        take_request(r, &slots->slots[i]);
        r->flags |= xcy_collection_reports(collection, i).is_refused ? XCY_FLAG_REFUSED : 0U;
        const struct xcy_taken *taken = decide(&chains, i, &r->flags);
        if (taken) {
            take_evaluation(r, taken);
            classify_by_evaluation(r, &taken->evaluation);
        } else {
            classify_by_outcome(r, &slots->slots[i]);
        }
        struct xcy_disorder broken;
        r->flags |= xcy_stamps_in_order(&r->points, &broken) ? 0U : XCY_FLAG_DISORDERED;
        joined->deciding[i] = taken;
        if (slots->slots[i].is_warmup) {
            joined->n_warmup++;
        } else {
            joined->counts[r->klass]++;
        }
    }
    chains_clear(&chains);
}

void xcy_joined_clear(struct xcy_joined *joined)
{
    free(joined->records);
    free(joined->deciding);
    *joined = (struct xcy_joined){0};
}

bool xcy_joined_adds_up(const struct xcy_joined *joined)
{
    int64_t sum = joined->n_warmup;
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        sum += joined->counts[c];
    }
    return sum == joined->n;
}

enum xcy_status xcy_joined_write(const struct xcy_joined *joined, const char *run_path,
                                 struct xcy_error *err)
{
    struct xcy_buf out;
    xcy_buf_init(&out, ((size_t)joined->n + 1) * MAX_LINE_BYTES);
    xcy_records_header(&out);
    for (int64_t i = 0; i < joined->n; i++) {
        xcy_record_format(&joined->records[i], &out);
    }
    enum xcy_status status = xcy_run_replace_file(run_path, "records.csv", &out, err);
    xcy_buf_clear(&out);
    return status;
}
