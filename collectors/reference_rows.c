#include "collectors/reference_rows.h"

#include "collectors/reference_message.h"

enum { TAKEN_AT_A_TIME = 10 };

/* A walk over the journals. */
struct walk {
    const struct xcy_reference_state *state;
    struct xcy_reference *reference; /* NULL: it only counts */
    int64_t expected;
    int64_t n;      /* messages of requests of the state file */
    int64_t n_used; /* of these, until the reference would have stopped */
    bool is_over;
};

static enum xcy_status walk_on(void *ctx, const struct xcy_journal_entry *entry,
                               struct xcy_error *err)
{
    struct walk *walk = ctx;
    struct xcy_reference_message message;
    struct xcy_error ignored;
    (void)err;
    if (entry->reason) { /* of the quarantine */
        return XCY_OK;
    }
    xcy_reference_message_read(walk->state, xcy_bytes_of(entry->body), &message, &ignored);
    if (message.verdict != XCY_REFERENCE_KNOWN) {
        return XCY_OK;
    }
    walk->n++;
    if (walk->reference && !walk->is_over) {
        xcy_reference_add(walk->reference, &message.row);
        walk->n_used++;
        walk->is_over = walk->n_used % TAKEN_AT_A_TIME == 0 &&
                        (int64_t)xcy_reference_rows(walk->reference) >= walk->expected;
    }
    return XCY_OK;
}

enum xcy_status xcy_reference_rows_make(const struct xcy_reference_state *state,
                                        struct xcy_ledger *ledger, struct xcy_reference_rows *rows,
                                        struct xcy_error *err)
{
    struct walk count = {.state = state};
    enum xcy_status status = xcy_ledger_each(ledger, walk_on, &count, err);
    if (status != XCY_OK) {
        return status;
    }
    struct walk walk = {
        .state = state,
        .reference = xcy_reference_new(),
        .expected = count.n < state->requests ? count.n : state->requests,
    };
    status = xcy_ledger_each(ledger, walk_on, &walk, err);
    if (status == XCY_OK) {
        *rows = (struct xcy_reference_rows){.reference = walk.reference,
                                            .expected = walk.expected,
                                            .n_unused = walk.n - walk.n_used};
    } else {
        xcy_reference_free(walk.reference);
    }
    return status;
}
