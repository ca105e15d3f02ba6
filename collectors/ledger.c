#include "collectors/ledger.h"

#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>

static const char *const file_names[XCY_N_LEDGER_FILES] = {
    [XCY_LEDGER_EVALUATIONS] = "evaluations.jsonl",
    [XCY_LEDGER_QUARANTINE] = "quarantine.jsonl",
};

struct xcy_ledger {
    char *run_path;
    struct xcy_journal *journals[XCY_N_LEDGER_FILES];
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
    enum xcy_status status = XCY_OK;
    l->run_path = xcy_strdup(run_path);
    for (size_t f = 0; f < XCY_N_LEDGER_FILES && status == XCY_OK; f++) {
        status = open_one(run_path, file_names[f], &l->journals[f], err);
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
        for (size_t f = 0; f < XCY_N_LEDGER_FILES; f++) {
            xcy_journal_close(ledger->journals[f]);
        }
        free(ledger->run_path);
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
    static xcy_journal_each_fn *const replay[XCY_N_LEDGER_FILES] = {
        [XCY_LEDGER_EVALUATIONS] = replay_evaluation,
        [XCY_LEDGER_QUARANTINE] = replay_quarantined,
    };
    enum xcy_status status = XCY_OK;
    int64_t all_cut_bytes = 0;
    for (size_t f = 0; f < XCY_N_LEDGER_FILES && status == XCY_OK; f++) {
        int64_t cut = 0;
        status = xcy_journal_replay(ledger->journals[f], replay[f], collection, &cut, err);
        all_cut_bytes += cut;
    }
    if (status == XCY_OK) {
        *cut_bytes = all_cut_bytes;
    }
    return status;
}

enum xcy_status xcy_ledger_each(struct xcy_ledger *ledger, xcy_journal_each_fn *each, void *ctx,
                                struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t f = 0; f < XCY_N_LEDGER_FILES && status == XCY_OK; f++) {
        int64_t ignored = 0;
        char *path = xcy_run_file(ledger->run_path, file_names[f]);
        status = xcy_journal_read(path, each, ctx, &ignored, err);
        free(path);
    }
    return status;
}

enum xcy_ledger_file xcy_ledger_file_of(const struct xcy_journal_entry *entry)
{
    return entry->reason ? XCY_LEDGER_QUARANTINE : XCY_LEDGER_EVALUATIONS;
}

void xcy_ledger_add(struct xcy_ledger *ledger, const struct xcy_journal_entry *entry)
{
    xcy_journal_add(ledger->journals[xcy_ledger_file_of(entry)], entry);
}

void xcy_ledger_append(struct xcy_ledger *ledger, enum xcy_ledger_file file, struct xcy_bytes lines)
{
    xcy_journal_append(ledger->journals[file], lines);
}

enum xcy_status xcy_ledger_commit(struct xcy_ledger *ledger, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t f = 0; f < XCY_N_LEDGER_FILES && status == XCY_OK; f++) {
        status = xcy_journal_commit(ledger->journals[f], err);
    }
    return status;
}
