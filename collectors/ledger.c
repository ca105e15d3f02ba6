#include "collectors/ledger.h"

#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>

struct xcy_ledger {
    struct xcy_journal *evaluations;
    struct xcy_journal *quarantine;
};

static enum xcy_status open_one(const char *run_path, const char *file,
                                struct xcy_journal **journal, struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, file);
    enum xcy_status status = xcy_journal_open(path, journal, err);
    free(path);
    return status;
}

enum xcy_status xcy_ledger_open(const char *run_path, struct xcy_ledger **ledger,
                                struct xcy_error *err)
{
    struct xcy_ledger *l = xcy_alloc(sizeof *l);
    enum xcy_status status = open_one(run_path, "evaluations.jsonl", &l->evaluations, err);
    if (status == XCY_OK) {
        status = open_one(run_path, "quarantine.jsonl", &l->quarantine, err);
    }
    if (status == XCY_OK) {
        *ledger = l;
    } else {
        xcy_ledger_close(l);
    }
    return status;
}

void xcy_ledger_close(struct xcy_ledger *ledger)
{
    if (ledger) {
        xcy_journal_close(ledger->evaluations);
        xcy_journal_close(ledger->quarantine);
        free(ledger);
    }
}

static struct xcy_arrival arrival_of(const struct xcy_journal_entry *entry)
{
    return (struct xcy_arrival){.message_id = entry->message_id,
                                .body = entry->body,
                                .at_us = entry->at_us,
                                .live = entry->live};
}

static enum xcy_status replay_evaluation(void *ctx, const struct xcy_journal_entry *entry,
                                         struct xcy_error *err)
{
    (void)err;
    struct xcy_arrival arrival = arrival_of(entry);
    xcy_collection_add(ctx, &arrival);
    return XCY_OK;
}

static enum xcy_status replay_quarantined(void *ctx, const struct xcy_journal_entry *entry,
                                          struct xcy_error *err)
{
    (void)err;
    struct xcy_arrival arrival = arrival_of(entry);
    xcy_collection_quarantine(ctx, &arrival, entry->reason ? entry->reason : "", entry->refused);
    return XCY_OK;
}

enum xcy_status xcy_ledger_replay(struct xcy_ledger *ledger, struct xcy_collection *collection,
                                  int64_t *cut_bytes, struct xcy_error *err)
{
    int64_t cut_evaluations = 0;
    int64_t cut_quarantine = 0;
    enum xcy_status status = xcy_journal_replay(ledger->evaluations, replay_evaluation, collection,
                                                &cut_evaluations, err);
    if (status == XCY_OK) {
        status = xcy_journal_replay(ledger->quarantine, replay_quarantined, collection,
                                    &cut_quarantine, err);
    }
    if (status == XCY_OK) {
        *cut_bytes = cut_evaluations + cut_quarantine;
    }
    return status;
}

void xcy_ledger_add(struct xcy_ledger *ledger, const struct xcy_journal_entry *entry)
{
    xcy_journal_add(entry->reason ? ledger->quarantine : ledger->evaluations, entry);
}

enum xcy_status xcy_ledger_commit(struct xcy_ledger *ledger, struct xcy_error *err)
{
    enum xcy_status status = xcy_journal_commit(ledger->evaluations, err);
    return status == XCY_OK ? xcy_journal_commit(ledger->quarantine, err) : status;
}
