#include "campaign/journal.h"

#include "campaign/journal_parts.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct xcy_campaign_journal {
    int fd;
    char *path;
    struct xcy_campaign_state *state;
};

/* NULL: failed. */
static struct xcy_campaign_journal *
open_file(const char *path, int flags, struct xcy_campaign_state *state, struct xcy_error *err)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0644);
    if (fd < 0) {
        (void)xcy_fail_errno(err, errno, "%s", path);
        return NULL;
    }
    struct xcy_campaign_journal *j = xcy_alloc(sizeof *j);
    *j = (struct xcy_campaign_journal){.fd = fd, .path = xcy_strdup(path), .state = state};
    return j;
}

void xcy_campaign_journal_close(struct xcy_campaign_journal *journal)
{
    if (journal) {
        close(journal->fd);
        free(journal->path);
        free(journal);
    }
}

enum xcy_status xcy_campaign_journal_add(struct xcy_campaign_journal *journal,
                                         struct xcy_json *taken, struct xcy_error *err)
{
    char at[21];
    xcy_wall_format_iso(xcy_wall_now(), at);
    xcy_json_put_string(taken, "at", at);
    char *text = xcy_json_text(taken);
    char *line = xcy_format("%s\n", text);
    enum xcy_status status = xcy_write_all(journal->fd, xcy_bytes_of(line), journal->path, err);
    if (status == XCY_OK && fsync(journal->fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s: fsync", journal->path);
    }
    if (status == XCY_OK) {
        status = xcy_campaign_state_take(journal->state, taken, err);
    }
    free(line);
    free(text);
    xcy_json_free(taken);
    return status;
}

static struct xcy_json *beginning(const char *name, const struct xcy_campaign_plan *plan)
{
    char digest[XCY_CAMPAIGN_DIGEST_BYTES];
    struct xcy_json *event = xcy_json_new_object();
    xcy_campaign_digest(plan->cells, plan->n_cells, digest);
    xcy_json_put_string(event, "event", "began");
    xcy_json_put_int64(event, "v", XCY_CAMPAIGN_JOURNAL_VERSION);
    xcy_json_put_string(event, "version", XCY_VERSION);
    xcy_json_put_string(event, "name", name);
    xcy_json_put_string(event, "digest", digest);
    xcy_json_put_int64(event, "seed", plan->seed);
    struct xcy_json *cells = xcy_json_put_array(event, "cells");
    for (size_t i = 0; i < plan->n_cells; i++) {
        xcy_json_append(cells, xcy_cell_to_json(&plan->cells[i]));
    }
    struct xcy_json *runs = xcy_json_put_array(event, "runs");
    for (size_t i = 0; i < plan->n_runs; i++) {
        struct xcy_json *run = xcy_json_new_array();
        xcy_json_append(run, xcy_json_new_number((double)plan->runs[i].round));
        xcy_json_append(run, xcy_json_new_number((double)plan->runs[i].cell));
        xcy_json_append(runs, run);
    }
    return event;
}

enum xcy_status xcy_campaign_journal_create(const char *path, const char *name,
                                            const struct xcy_campaign_plan *plan,
                                            struct xcy_campaign_state *state,
                                            struct xcy_campaign_journal **journal,
                                            struct xcy_error *err)
{
    *state = (struct xcy_campaign_state){0};
    struct xcy_campaign_journal *j = open_file(path, O_CREAT | O_TRUNC, state, err);
    if (!j) {
        return err->status;
    }
    enum xcy_status status = xcy_file_sync_name(path, err);
    if (status == XCY_OK) {
        status = xcy_campaign_journal_add(j, beginning(name, plan), err);
    }
    if (status == XCY_OK) {
        *journal = j;
    } else {
        xcy_campaign_journal_close(j);
        xcy_campaign_state_clear(state);
    }
    return status;
}

enum xcy_status xcy_campaign_journal_append(const char *path, size_t whole_bytes,
                                            struct xcy_campaign_state *state,
                                            struct xcy_campaign_journal **journal,
                                            struct xcy_error *err)
{
    struct xcy_campaign_journal *j = open_file(path, 0, state, err);
    if (!j) {
        return err->status;
    }
    enum xcy_status status = XCY_OK;
    if (ftruncate(j->fd, (off_t)whole_bytes) != 0) {
        status = xcy_fail_errno(err, errno, "%s: cannot cut off its unfinished end", path);
    }
    if (status == XCY_OK) {
        *journal = j;
    } else {
        xcy_campaign_journal_close(j);
    }
    return status;
}
