#include "collectors/import.h"

#include "collectors/keymap.h"

enum { COMMIT_EVERY = 1000 };

struct import {
    struct xcy_ledger *ledger;
    struct xcy_collection *collection;
    struct xcy_keymap *known; /* message ids */
    struct xcy_import_count count;
};

/* Whether the message is new; it is known from now on. */
static bool is_new(struct import *im, const char *message_id)
{
    struct xcy_bytes id = xcy_bytes_of(message_id);
    if (xcy_keymap_find(im->known, id)) {
        return false;
    }
    xcy_keymap_put(im->known, id, 1);
    return true;
}

static enum xcy_status learn(void *ctx, const struct xcy_journal_entry *entry,
                             struct xcy_error *err)
{
    (void)err;
    (void)is_new(ctx, entry->message_id);
    return XCY_OK;
}

static enum xcy_status take(void *ctx, const struct xcy_journal_entry *entry, struct xcy_error *err)
{
    struct import *im = ctx;
    struct xcy_arrival arrival = {.message_id = entry->message_id,
                                  .body = entry->body,
                                  .at_us = entry->at_us,
                                  .live = entry->live};
    struct xcy_match match;
    if (!is_new(im, entry->message_id)) {
        im->count.known++;
        return XCY_OK;
    }
    xcy_match_message(&im->collection->run, xcy_bytes_of(entry->body), &match);
    if (match.verdict == XCY_MATCH_FOREIGN) {
        im->count.foreign++;
        return XCY_OK;
    }
    struct xcy_sorted sorted = xcy_collection_add_match(im->collection, &arrival, &match);
    struct xcy_journal_entry ours = *entry;
    ours.reason = sorted.reason[0] ? sorted.reason : NULL;
    ours.refused = sorted.refused;
    xcy_ledger_add(im->ledger, &ours);
    im->count.imported++;
    return im->count.imported % COMMIT_EVERY == 0 ? xcy_ledger_commit(im->ledger, err) : XCY_OK;
}

enum xcy_status xcy_import(const char *path, struct xcy_ledger *ledger,
                           struct xcy_collection *collection, struct xcy_import_count *count,
                           struct xcy_error *err)
{
    struct import im = {.ledger = ledger, .collection = collection, .known = xcy_keymap_new()};
    int64_t ignored = 0;
    enum xcy_status status = xcy_ledger_each(ledger, learn, &im, err);
    if (status == XCY_OK) {
        status = xcy_journal_read(path, take, &im, &ignored, err);
    }
    if (status == XCY_OK) {
        status = xcy_ledger_commit(ledger, err);
    }
    if (status == XCY_OK) {
        *count = im.count;
    }
    xcy_keymap_free(im.known);
    return status;
}
