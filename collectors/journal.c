#include "collectors/journal.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/net/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { MAX_BATCH_BYTES = 256 << 20, SUM_DIGITS = 16 };

#define SUM_HEAD ",\"sum\":\""
#define SUM_TAIL "\"}"
static const size_t sum_suffix_bytes = sizeof SUM_HEAD - 1 + SUM_DIGITS + sizeof SUM_TAIL - 1;

struct xcy_journal {
    int fd;
    char *path;
    int64_t committed_bytes;
    struct xcy_buf added;
};

static enum xcy_status lock(struct xcy_journal *j, struct xcy_error *err)
{
    if (flock(j->fd, LOCK_EX | LOCK_NB) == 0) {
        return XCY_OK;
    }
    if (errno == EWOULDBLOCK) {
        return xcy_fail(err, XCY_EFAIL,
                        "%s: another gather works on this run; wait for it or stop it", j->path);
    }
    return xcy_fail_errno(err, errno, "%s: cannot lock", j->path);
}

enum xcy_status xcy_journal_open(const char *path, struct xcy_journal **journal,
                                 struct xcy_error *err)
{
    struct xcy_journal *j = xcy_alloc(sizeof *j);
    j->path = xcy_strdup(path);
    xcy_buf_init(&j->added, MAX_BATCH_BYTES);
    j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    enum xcy_status status = j->fd < 0 ? xcy_fail_errno(err, errno, "%s", path) : XCY_OK;
    if (status == XCY_OK) {
        status = lock(j, err);
    }
    if (status == XCY_OK) {
        status = xcy_file_sync_name(path, err);
    }
    if (status == XCY_OK) {
        *journal = j;
    } else {
        xcy_journal_close(j);
    }
    return status;
}

void xcy_journal_close(struct xcy_journal *journal)
{
    if (!journal) {
        return;
    }
    if (journal->fd >= 0) {
        close(journal->fd);
    }
    xcy_buf_clear(&journal->added);
    free(journal->path);
    free(journal);
}

static void sum_of(struct xcy_bytes text, char digits[SUM_DIGITS + 1])
{
    char hex[XCY_SHA256_HEX];
    xcy_sha256_hex(text, hex);
    memcpy(digits, hex, SUM_DIGITS);
    digits[SUM_DIGITS] = '\0';
}

void xcy_journal_format(const struct xcy_journal_entry *entry, struct xcy_buf *line)
{
    char digits[SUM_DIGITS + 1];
    size_t first = line->len;
    xcy_buf_addf(line, "{\"at_us\":%lld,\"message_id\":", (long long)entry->at_us);
    xcy_json_add_string(line, entry->message_id);
    xcy_buf_addf(line, ",\"receive_count\":%lld,\"live\":%s", (long long)entry->receive_count,
                 entry->live ? "true" : "false");
    if (entry->reason) {
        xcy_buf_add_text(line, ",\"reason\":");
        xcy_json_add_string(line, entry->reason);
        xcy_buf_addf(line, ",\"refused\":%s", entry->refused ? "true" : "false");
    }
    xcy_buf_add_text(line, ",\"body\":");
    xcy_json_add_string(line, entry->body);
    if (!line->overflowed) {
        sum_of(xcy_bytes(line->ptr + first, line->len - first), digits);
        xcy_buf_addf(line, SUM_HEAD "%s" SUM_TAIL "\n", digits);
    }
}

void xcy_journal_add(struct xcy_journal *journal, const struct xcy_journal_entry *entry)
{
    xcy_journal_format(entry, &journal->added);
}

void xcy_journal_append(struct xcy_journal *journal, struct xcy_bytes lines)
{
    xcy_buf_add(&journal->added, lines);
}

enum xcy_status xcy_journal_commit(struct xcy_journal *journal, struct xcy_error *err)
{
    if (journal->added.len == 0) {
        return XCY_OK;
    }
    enum xcy_status status = xcy_buf_check(&journal->added, journal->path, err);
    if (status == XCY_OK) {
        status = xcy_write_all(journal->fd, xcy_buf_bytes(&journal->added), journal->path, err);
    }
    if (status == XCY_OK && fdatasync(journal->fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s: fdatasync", journal->path);
    }
    if (status == XCY_OK) {
        journal->committed_bytes += (int64_t)journal->added.len;
    } else if (ftruncate(journal->fd, (off_t)journal->committed_bytes) != 0) {
        xcy_error_context(err, "half a batch may stand at the end (the next gather cuts it off)");
    }
    xcy_buf_reset(&journal->added);
    return status;
}

/* Whether a line (with its line end) is whole: ends as written, and its sum is right. */
static bool is_whole(struct xcy_bytes line)
{
    if (line.len < sum_suffix_bytes + 1 || line.ptr[line.len - 1] != '\n') {
        return false;
    }
    const char *suffix = line.ptr + line.len - 1 - sum_suffix_bytes;
    char expected[SUM_DIGITS + 1];
    sum_of(xcy_bytes(line.ptr, (size_t)(suffix - line.ptr)), expected);
    const char *digits = suffix + sizeof SUM_HEAD - 1;
    return memcmp(suffix, SUM_HEAD, sizeof SUM_HEAD - 1) == 0 &&
           memcmp(digits, expected, SUM_DIGITS) == 0 &&
           memcmp(digits + SUM_DIGITS, SUM_TAIL, sizeof SUM_TAIL - 1) == 0;
}

static enum xcy_status give_line(struct xcy_bytes line, xcy_journal_each_fn *each, void *ctx,
                                 struct xcy_error *err)
{
    struct xcy_json *object = NULL;
    enum xcy_status status = xcy_json_parse(line, &object, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_journal_entry entry = {
        .at_us = xcy_json_get_int64(object, "at_us", 0),
        .message_id = xcy_json_get_string(object, "message_id", NULL),
        .receive_count = xcy_json_get_int64(object, "receive_count", 0),
        .live = xcy_json_get_bool(object, "live", false),
        .body = xcy_json_get_string(object, "body", NULL),
        .reason = xcy_json_get_string(object, "reason", NULL),
        .refused = xcy_json_get_bool(object, "refused", false),
    };
    if (entry.message_id && entry.body) {
        status = each(ctx, &entry, err);
    } else {
        status = xcy_fail(err, XCY_EPARSE, "message_id or body is missing");
    }
    xcy_json_free(object);
    return status;
}

/* What a pass over the file found. */
struct scan {
    size_t n_lines;
    size_t bad_line; /* the first that is not whole, from 1; 0: none */
    int64_t whole_bytes;
    int64_t all_bytes;
};

static enum xcy_status take_line(const char *path, struct xcy_bytes line, struct scan *scan,
                                 xcy_journal_each_fn *each, void *ctx, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    scan->n_lines++;
    scan->all_bytes += (int64_t)line.len;
    bool whole = is_whole(line);
    if (whole && scan->bad_line > 0) {
        return xcy_fail(err, XCY_EPARSE,
                        "%s:%zu: damaged (its sum is wrong) with whole lines behind it; "
                        "restore the file, or remove that line",
                        path, scan->bad_line);
    }
    if (!whole) {
        scan->bad_line = scan->bad_line > 0 ? scan->bad_line : scan->n_lines;
        return XCY_OK;
    }
    status = give_line(xcy_bytes(line.ptr, line.len - 1), each, ctx, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s:%zu", path, scan->n_lines);
    }
    scan->whole_bytes = scan->all_bytes;
    return XCY_OK;
}

static enum xcy_status scan_file(const char *path, struct scan *scan, xcy_journal_each_fn *each,
                                 void *ctx, struct xcy_error *err)
{
    FILE *file = fopen(path, "re");
    if (!file && errno == ENOENT) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s: there is no such file", path);
    }
    if (!file) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    enum xcy_status status = XCY_OK;
    while (status == XCY_OK && (n = getline(&line, &size, file)) > 0) {
        status = take_line(path, xcy_bytes(line, (size_t)n), scan, each, ctx, err);
    }
    if (status == XCY_OK && ferror(file)) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    free(line);
    fclose(file);
    return status;
}

enum xcy_status xcy_journal_replay(struct xcy_journal *journal, xcy_journal_each_fn *each,
                                   void *ctx, int64_t *cut_bytes, struct xcy_error *err)
{
    struct scan scan = {0};
    enum xcy_status status = scan_file(journal->path, &scan, each, ctx, err);
    if (status != XCY_OK) {
        return status;
    }
    if (scan.whole_bytes < scan.all_bytes && ftruncate(journal->fd, (off_t)scan.whole_bytes) != 0) {
        return xcy_fail_errno(err, errno, "%s: cannot cut off its unfinished end", journal->path);
    }
    journal->committed_bytes = scan.whole_bytes;
    *cut_bytes = scan.all_bytes - scan.whole_bytes;
    return XCY_OK;
}

enum xcy_status xcy_journal_read(const char *path, xcy_journal_each_fn *each, void *ctx,
                                 int64_t *cut_bytes, struct xcy_error *err)
{
    struct scan scan = {0};
    enum xcy_status status = scan_file(path, &scan, each, ctx, err);
    if (status == XCY_OK) {
        *cut_bytes = scan.all_bytes - scan.whole_bytes;
    }
    return status;
}
