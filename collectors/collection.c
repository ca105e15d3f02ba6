#include "collectors/collection.h"

#include "collectors/keymap.h"

#include "common/base/buf.h"
#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256, MAX_KEY_BYTES = 64 << 20 };

struct xcy_collection *xcy_collection_new(const struct xcy_match_run *run)
{
    struct xcy_collection *c = xcy_alloc(sizeof *c);
    c->run = *run;
    c->evaluations = xcy_keymap_new();
    c->quarantined = xcy_keymap_new();
    c->foreign = xcy_keymap_new();
    return c;
}

struct xcy_collection *xcy_collection_new_counting(const struct xcy_match_run *run)
{
    struct xcy_collection *c = xcy_collection_new(run);
    c->counts_only = true;
    return c;
}

void xcy_collection_free(struct xcy_collection *collection)
{
    if (!collection) {
        return;
    }
    free(collection->taken);
    free(collection->reports);
    xcy_keymap_free(collection->evaluations);
    xcy_keymap_free(collection->quarantined);
    xcy_keymap_free(collection->foreign);
    free(collection);
}

static struct xcy_sorted count(struct xcy_collection *c, struct xcy_sorted sorted)
{
    xcy_tally_add(&c->tally, sorted.kind);
    if (sorted.kind == XCY_MESSAGE_MALFORMED && sorted.refused) {
        c->tally.refused++;
    }
    return sorted;
}

struct xcy_reports xcy_collection_reports(const struct xcy_collection *collection, int64_t i)
{
    return i < collection->n_slots ? collection->reports[i] : (struct xcy_reports){0};
}

int64_t xcy_collection_count_awaited(const struct xcy_collection *collection,
                                     const struct xcy_slots *slots)
{
    int64_t n = 0;
    for (int64_t i = 0; i < slots->n; i++) {
        bool is_awaited =
            slots->slots[i].may_report && !xcy_collection_reports(collection, i).has_reported;
        n += is_awaited ? 1 : 0;
    }
    return n;
}

/* Room for all the requests that the run is known to have, i among them. */
static struct xcy_reports *reports_of(struct xcy_collection *c, int64_t i)
{
    if (i >= c->n_slots) {
        int64_t n_known = xcy_match_slots(&c->run);
        int64_t n_slots = n_known > i ? n_known : i + 1;
        c->reports = xcy_realloc_array(c->reports, (size_t)n_slots, sizeof *c->reports);
        memset(c->reports + c->n_slots, 0, (size_t)(n_slots - c->n_slots) * sizeof *c->reports);
        c->n_slots = n_slots;
    }
    return &c->reports[i];
}

/* Notes that request i has reported, whatever becomes of its evaluation. */
static void note_report(struct xcy_collection *c, int64_t i, struct xcy_sorted *sorted)
{
    struct xcy_reports *reports = reports_of(c, i);
    sorted->i = i;
    sorted->is_first_report = !reports->has_reported;
    c->n_reported += sorted->is_first_report ? 1 : 0;
    reports->has_reported = true;
}

/* The request of a refused evaluation has reported: it is not waited for. */
static void note_refused(struct xcy_collection *c, const char *body, struct xcy_sorted *sorted)
{
    struct xcy_error ignored;
    struct xcy_evaluation e;
    if (xcy_evaluation_parse(xcy_bytes_of(body), &e, &ignored) == XCY_OK &&
        e.id.i < xcy_match_slots(&c->run)) {
        note_report(c, e.id.i, sorted);
        c->reports[e.id.i].is_refused = true;
    }
}

struct xcy_sorted xcy_collection_quarantine(struct xcy_collection *collection,
                                            const struct xcy_arrival *arrival, const char *reason,
                                            bool refused)
{
    struct xcy_bytes id = xcy_bytes_of(arrival->message_id);
    struct xcy_sorted sorted = {.kind = XCY_MESSAGE_DUPLICATE, .refused = refused};
    if (!xcy_keymap_find(collection->quarantined, id)) {
        xcy_keymap_put(collection->quarantined, id, 1);
        sorted.kind = XCY_MESSAGE_MALFORMED;
        sorted.is_new = true;
    }
    if (refused) {
        note_refused(collection, arrival->body, &sorted);
    }
    snprintf(sorted.reason, sizeof sorted.reason, "%s", reason);
    return count(collection, sorted);
}

static struct xcy_sorted add_foreign(struct xcy_collection *c, const char *message_id)
{
    struct xcy_bytes id = xcy_bytes_of(message_id);
    struct xcy_sorted sorted = {.kind = XCY_MESSAGE_FOREIGN, .is_new = false};
    if (xcy_keymap_find(c->foreign, id)) {
        return sorted; /* counted when it came first */
    }
    xcy_keymap_put(c->foreign, id, 1);
    sorted.is_new = true;
    return count(c, sorted);
}

/* What makes an evaluation the same as another: its id, else its request and whole text. */
static int64_t *known_at(struct xcy_collection *c, const struct xcy_evaluation *e, const char *body,
                         bool *is_new)
{
    struct xcy_buf key;
    if (e->eval[0] != '\0') {
        char text[XCY_ID_BYTES + 8];
        int n = snprintf(text, sizeof text, "eval %s", e->eval);
        return xcy_keymap_at(c->evaluations, xcy_bytes(text, (size_t)n), is_new);
    }
    xcy_buf_init(&key, MAX_KEY_BYTES);
    xcy_buf_addf(&key, "body %lld ", (long long)e->id.i);
    xcy_buf_add_text(&key, body);
    int64_t *known = xcy_keymap_at(c->evaluations, xcy_buf_bytes(&key), is_new);
    xcy_buf_clear(&key);
    return known;
}

/* One for each request, where their number is known: few have more. */
static size_t first_capacity(const struct xcy_collection *c)
{
    int64_t n_known = xcy_match_slots(&c->run);
    return n_known > FIRST_CAPACITY ? (size_t)n_known : FIRST_CAPACITY;
}

static void append(struct xcy_collection *c, const struct xcy_match *match,
                   const struct xcy_arrival *arrival)
{
    size_t at = c->n_taken++;
    if (c->counts_only) {
        return;
    }
    if (at == c->capacity) {
        c->capacity = c->capacity ? c->capacity * 2 : first_capacity(c);
        c->taken = xcy_realloc_array(c->taken, c->capacity, sizeof *c->taken);
    }
    c->taken[at] = (struct xcy_taken){
        .evaluation = match->evaluation,
        .consistent_value = match->consistent_value,
        .got_us = arrival->at_us,
        .live = arrival->live,
    };
}

static void note_redelivery(struct xcy_collection *c, int64_t index)
{
    if (!c->counts_only) {
        c->taken[index].redeliveries++;
    }
}

static struct xcy_sorted add_ours(struct xcy_collection *c, const struct xcy_match *match,
                                  const struct xcy_arrival *arrival)
{
    struct xcy_sorted sorted = {.kind = XCY_MESSAGE_MATCHED};
    int64_t *known = known_at(c, &match->evaluation, arrival->body, &sorted.is_new);
    if (sorted.is_new) {
        *known = (int64_t)c->n_taken;
        append(c, match, arrival);
        note_report(c, match->evaluation.id.i, &sorted);
    } else {
        sorted.kind = XCY_MESSAGE_DUPLICATE;
        note_redelivery(c, *known);
    }
    return count(c, sorted);
}

struct xcy_sorted xcy_collection_add_match(struct xcy_collection *collection,
                                           const struct xcy_arrival *arrival,
                                           const struct xcy_match *match)
{
    switch (match->verdict) {
    case XCY_MATCH_OURS:
        return add_ours(collection, match, arrival);
    case XCY_MATCH_FOREIGN:
        return add_foreign(collection, arrival->message_id);
    case XCY_MATCH_MALFORMED:
    case XCY_MATCH_REFUSED:
        break;
    }
    return xcy_collection_quarantine(collection, arrival, match->reason,
                                     match->verdict == XCY_MATCH_REFUSED);
}

struct xcy_sorted xcy_collection_add(struct xcy_collection *collection,
                                     const struct xcy_arrival *arrival)
{
    struct xcy_match match;
    xcy_match_message(&collection->run, xcy_bytes_of(arrival->body), &match);
    return xcy_collection_add_match(collection, arrival, &match);
}
