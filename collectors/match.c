#include "collectors/match.h"

#include "collectors/reference_message.h"

#include "common/data/json.h"
#include "common/data/number.h"

#include <math.h>
#include <stdio.h>

/* How long before `sent` a payload may have been stamped: it waits for a connection only. */
static const double max_queued_s = 60.0;
/* sent is stamped in microseconds from another reading of the clock. */
static const double stamp_slack_s = 0.001;

static void reject(struct xcy_match *match, enum xcy_match_verdict verdict, const char *reason)
{
    match->verdict = verdict;
    snprintf(match->reason, sizeof match->reason, "%.*s", (int)sizeof match->reason - 1, reason);
}

int64_t xcy_match_slots(const struct xcy_match_run *run)
{
    if (run->slots) {
        return run->slots->n;
    }
    if (xcy_manifest_knows_planned(run->manifest)) {
        return run->manifest->planned;
    }
    return run->sent ? xcy_sent_slots(run->sent) : 0;
}

/* Whether a message without a run id belongs to a request of this run. */
static bool is_request_of(const struct xcy_match_run *run, const struct xcy_request_id *id)
{
    double sent_at_s = id->client_sent_at_s;
    if (id->i < 0 || id->i >= xcy_match_slots(run)) {
        return false;
    }
    const struct xcy_slot *slot = run->slots ? &run->slots->slots[id->i] : NULL;
    if (slot && slot->row) {
        return slot->row->id.client_sent_at_s == sent_at_s;
    }
    int64_t sent_us = slot ? slot->sent_us : 0;
    if (!slot && run->sent) {
        sent_us = xcy_sent_get(run->sent, id->i);
    }
    double sent_s = (double)sent_us / 1e6;
    double started_s = (double)run->manifest->started_us / 1e6;
    return sent_us != 0 && sent_at_s <= sent_s + stamp_slack_s &&
           sent_at_s >= fmax(sent_s - max_queued_s, started_s - stamp_slack_s);
}

/* Checks what a message with our run id must have right. */
static void check_ours(const struct xcy_match_run *run, struct xcy_match *match)
{
    const struct xcy_evaluation *e = &match->evaluation;
    char reason[XCY_REASON_BYTES];
    int64_t n_slots = xcy_match_slots(run);
    if (e->id.i >= n_slots) {
        snprintf(reason, sizeof reason, "i: %lld is outside this run's 0..%lld", (long long)e->id.i,
                 (long long)n_slots - 1);
        reject(match, XCY_MATCH_MALFORMED, reason);
    } else if (e->k != 0) {
        snprintf(reason, sizeof reason, "k: observer %lld is not known", (long long)e->k);
        reject(match, XCY_MATCH_MALFORMED, reason);
    } else if (e->has_xcy && !xcy_combination_equal(&e->combination, &run->manifest->combination)) {
        char what[160];
        xcy_combination_describe(&e->combination, what);
        snprintf(reason, sizeof reason, "combination differs from run.yml: %.110s", what);
        reject(match, XCY_MATCH_REFUSED, reason);
    } else {
        match->verdict = XCY_MATCH_OURS;
    }
}

/* consistent_read as it stands in the message, which struct xcy_evaluation keeps as a boolean. */
static int64_t raw_consistent_read(struct xcy_bytes body, bool fallback)
{
    struct xcy_json *root = NULL;
    struct xcy_json *inner = NULL;
    struct xcy_error err;
    double value = fallback ? 1 : 0;
    if (xcy_json_parse(body, &root, &err) != XCY_OK) {
        return fallback;
    }
    const struct xcy_json *payload = xcy_json_get(root, "responsePayload");
    const char *text = xcy_json_get_string(payload, "body", NULL);
    if (text && xcy_json_parse(xcy_bytes_of(text), &inner, &err) != XCY_OK) {
        inner = NULL;
    }
    const struct xcy_json *node = xcy_json_get(inner ? inner : root, "consistent_read");
    const char *digits = xcy_json_string(node);
    int64_t whole;
    if (digits && xcy_int64_parse(xcy_bytes_of(digits), &whole)) {
        value = (double)whole;
    } else if (xcy_json_number(node, &value)) {
        value = trunc(value);
    }
    xcy_json_free(inner);
    xcy_json_free(root);
    return fabs(value) < 1e9 ? (int64_t)value : fallback;
}

/* What counts once is the request: a second message for it is a duplicate, whatever it says. */
static void match_state(const struct xcy_reference_state *state, struct xcy_bytes body,
                        struct xcy_match *match)
{
    struct xcy_error err;
    struct xcy_reference_message message;
    xcy_reference_message_read(state, body, &message, &err);
    if (message.verdict == XCY_REFERENCE_MALFORMED) {
        reject(match, XCY_MATCH_MALFORMED, err.text);
        return;
    }
    match->verdict = message.verdict == XCY_REFERENCE_KNOWN ? XCY_MATCH_OURS : XCY_MATCH_FOREIGN;
    match->evaluation.id.i = message.place;
    snprintf(match->evaluation.eval, sizeof match->evaluation.eval, "%lld",
             (long long)message.row.i);
}

void xcy_match_message(const struct xcy_match_run *run, struct xcy_bytes body,
                       struct xcy_match *match)
{
    struct xcy_error err;
    *match = (struct xcy_match){0};
    if (run->state) {
        match_state(run->state, body, match);
        return;
    }
    if (xcy_evaluation_parse(body, &match->evaluation, &err) != XCY_OK) {
        reject(match, XCY_MATCH_MALFORMED, err.text);
        return;
    }
    const struct xcy_evaluation *e = &match->evaluation;
    if (e->id.run[0] == '\0') {
        match->verdict = is_request_of(run, &e->id) ? XCY_MATCH_OURS : XCY_MATCH_FOREIGN;
    } else if (strcmp(e->id.run, run->manifest->run) != 0) {
        match->verdict = XCY_MATCH_FOREIGN;
    } else {
        check_ours(run, match);
    }
    match->consistent_value =
        e->has_xcy ? e->consistent_read : raw_consistent_read(body, e->consistent_read);
}

void xcy_match_reject(struct xcy_match *match, const char *reason)
{
    *match = (struct xcy_match){0};
    reject(match, XCY_MATCH_MALFORMED, reason);
}
