#include "common/data/csv.h"

#include "common/base/mem.h"
#include "common/data/csv_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CHUNK_BYTES = 64 << 10,
    MAX_RECORD_BYTES = 1 << 20,
    WINDOW_MAX_BYTES = MAX_RECORD_BYTES + CHUNK_BYTES,
    TEXTS_MAX_BYTES = 2 * WINDOW_MAX_BYTES, /* a record of separators alone: a zero for each */
};

struct xcy_csv {
    char *path;
    char separator;
    int fd;
    bool is_at_end;        /* the file has no more bytes than the window */
    bool is_skipping;      /* an overlong record is being passed over */
    struct xcy_buf window; /* read, not yet parsed */
    size_t used;           /* of the window, by records already given */
    size_t dropped;        /* of the file, before the window */
    size_t line;           /* where the record just read begins */
    size_t next_line;
    struct xcy_csv_record header;
    struct xcy_csv_record record;
};

void xcy_csv_add_field(struct xcy_buf *out, struct xcy_bytes field, char separator)
{
    bool must_quote = false;
    for (size_t i = 0; i < field.len; i++) {
        char c = field.ptr[i];
        must_quote = must_quote || c == separator || c == '"' || c == '\n' || c == '\r';
    }
    if (!must_quote) {
        xcy_buf_add(out, field);
        return;
    }
    xcy_buf_add_char(out, '"');
    for (size_t i = 0; i < field.len; i++) {
        xcy_buf_add(out, field.ptr[i] == '"' ? xcy_bytes_of("\"\"") : xcy_bytes(field.ptr + i, 1));
    }
    xcy_buf_add_char(out, '"');
}

/* Drops what was parsed and reads on. */
static enum xcy_status fill(struct xcy_csv *csv, struct xcy_error *err)
{
    xcy_buf_drop(&csv->window, csv->used);
    csv->dropped += csv->used;
    csv->used = 0;
    char *chunk = xcy_alloc(CHUNK_BYTES);
    ssize_t n = 0;
    do {
        n = read(csv->fd, chunk, CHUNK_BYTES);
    } while (n < 0 && errno == EINTR);
    enum xcy_status status = XCY_OK;
    if (n < 0) {
        status = xcy_fail_errno(err, errno, "%s", csv->path);
    } else {
        xcy_buf_add(&csv->window, xcy_bytes(chunk, (size_t)n));
    }
    csv->is_at_end = n <= 0;
    free(chunk);
    return status;
}

static struct xcy_bytes unread(const struct xcy_csv *csv)
{
    return xcy_bytes(csv->window.ptr + csv->used, csv->window.len - csv->used);
}

static enum xcy_csv_step bad(const struct xcy_csv *csv, struct xcy_error *err, const char *fmt, ...)
    XCY_PRINTF(3, 4);

static enum xcy_csv_step bad(const struct xcy_csv *csv, struct xcy_error *err, const char *fmt, ...)
{
    char problem[128];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(problem, sizeof problem, fmt, args);
    va_end(args);
    xcy_assert(n >= 0 && (size_t)n < sizeof problem);
    enum xcy_status status = xcy_fail(err, XCY_EPARSE, "%s:%zu: %s", csv->path, csv->line, problem);
    xcy_assert(status != XCY_OK);
    return XCY_CSV_BAD;
}

/* After a broken record reading goes on at the next line of the file, even one that seemed to lie
 * inside quotes: a stray quote then costs one record and not the rest of the file. */
static void pass_line(struct xcy_csv *csv)
{
    struct xcy_bytes text = unread(csv);
    const char *end = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
    csv->used += end ? (size_t)(end - text.ptr) + 1 : text.len;
    csv->next_line += end != NULL;
    csv->is_skipping = !end && !csv->is_at_end;
}

static enum xcy_csv_step at_file_end(struct xcy_csv *csv, struct xcy_error *err)
{
    struct xcy_bytes text = unread(csv);
    if (text.len == 0) {
        return XCY_CSV_END;
    }
    if (memchr(text.ptr, '\n', text.len)) {
        pass_line(csv);
        return bad(csv, err, "a quote that is never closed");
    }
    csv->used = csv->window.len;
    return XCY_CSV_TORN;
}

static enum xcy_csv_step give_record(struct xcy_csv *csv, struct xcy_error *err)
{
    size_t n = csv->record.n_fields;
    size_t expected = csv->header.n_fields;
    if (expected == 0 || n == expected) {
        return XCY_CSV_RECORD;
    }
    if (n == 1 && xcy_csv_record_field(&csv->record, 0).len == 0) {
        return bad(csv, err, "an empty line");
    }
    return bad(csv, err, "%zu field%s, but the header has %zu", n, n == 1 ? "" : "s", expected);
}

/* One look at the window; *more: it must grow first. */
static enum xcy_csv_step step_in_window(struct xcy_csv *csv, bool *more, struct xcy_error *err)
{
    struct xcy_bytes text = unread(csv);
    csv->line = csv->next_line;
    struct xcy_csv_scanned scanned = xcy_csv_record_scan(&csv->record, text, csv->separator);
    if (scanned.found == XCY_CSV_SCAN_RECORD) {
        csv->used += scanned.used;
        csv->next_line += scanned.n_lines;
        return give_record(csv, err);
    }
    if (scanned.found == XCY_CSV_SCAN_BROKEN) {
        pass_line(csv);
        return bad(csv, err, "%s", scanned.problem);
    }
    if (csv->is_at_end) {
        return at_file_end(csv, err);
    }
    if (text.len >= MAX_RECORD_BYTES) {
        pass_line(csv);
        return bad(csv, err, "a record of more than %d bytes", MAX_RECORD_BYTES);
    }
    *more = true;
    return XCY_CSV_END;
}

/* The rest of an overlong line, then the next record; *more as above. */
static enum xcy_csv_step step(struct xcy_csv *csv, bool *more, struct xcy_error *err)
{
    if (csv->is_skipping) {
        pass_line(csv);
    }
    *more = csv->is_skipping;
    return *more ? XCY_CSV_END : step_in_window(csv, more, err);
}

enum xcy_csv_step xcy_csv_next(struct xcy_csv *csv, struct xcy_error *err)
{
    for (;;) {
        bool more = false;
        enum xcy_csv_step done = step(csv, &more, err);
        if (!more) {
            return done;
        }
        if (fill(csv, err) != XCY_OK) {
            return XCY_CSV_BAD;
        }
    }
}

/* Some editors begin UTF-8 files with a mark, some with one more each time. */
static void drop_byte_order_mark(struct xcy_csv_record *header)
{
    struct xcy_csv_field *first = &header->fields[0];
    while (strncmp(header->texts.ptr + first->start, "\xEF\xBB\xBF", 3) == 0) {
        first->start += 3;
        first->len -= 3;
    }
}

static void keep_header(struct xcy_csv *csv)
{
    csv->header = csv->record;
    drop_byte_order_mark(&csv->header);
    xcy_csv_record_init(&csv->record, TEXTS_MAX_BYTES);
}

static enum xcy_status read_header(struct xcy_csv *csv, struct xcy_error *err)
{
    switch (xcy_csv_next(csv, err)) {
    case XCY_CSV_RECORD:
        keep_header(csv);
        return XCY_OK;
    case XCY_CSV_END:
        return xcy_fail(err, XCY_EPARSE, "%s: empty, the header line is missing", csv->path);
    case XCY_CSV_TORN:
        return xcy_fail(err, XCY_EPARSE, "%s:1: the header line is unfinished", csv->path);
    default:
        return err->status;
    }
}

enum xcy_status xcy_csv_open(const char *path, char separator, struct xcy_csv **csv,
                             struct xcy_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s: no such file", path);
    }
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    struct xcy_csv *opened = xcy_alloc(sizeof *opened);
    opened->path = xcy_strdup(path);
    opened->separator = separator;
    opened->fd = fd;
    opened->next_line = 1;
    xcy_buf_init(&opened->window, WINDOW_MAX_BYTES);
    xcy_csv_record_init(&opened->record, TEXTS_MAX_BYTES);
    enum xcy_status status = read_header(opened, err);
    if (status != XCY_OK) {
        xcy_csv_close(opened);
        return status;
    }
    *csv = opened;
    return XCY_OK;
}

void xcy_csv_close(struct xcy_csv *csv)
{
    if (!csv) {
        return;
    }
    close(csv->fd);
    xcy_buf_clear(&csv->window);
    xcy_csv_record_clear(&csv->header);
    xcy_csv_record_clear(&csv->record);
    free(csv->path);
    free(csv);
}

size_t xcy_csv_columns(const struct xcy_csv *csv)
{
    return csv->header.n_fields;
}

const char *xcy_csv_column_name(const struct xcy_csv *csv, size_t column)
{
    return xcy_csv_record_field(&csv->header, column).ptr;
}

int xcy_csv_find(const struct xcy_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->header.n_fields; i++) {
        if (strcmp(xcy_csv_column_name(csv, i), name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

size_t xcy_csv_used(const struct xcy_csv *csv)
{
    return csv->dropped + csv->used;
}

size_t xcy_csv_line(const struct xcy_csv *csv)
{
    return csv->line;
}

struct xcy_bytes xcy_csv_field(const struct xcy_csv *csv, size_t column)
{
    return xcy_csv_record_field(&csv->record, column);
}
