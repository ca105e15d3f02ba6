/* columns_scan.c - rows on several threads. What is as we write it, is parsed where it stands in the
 * block; for everything else there is csv_record.h, and for what is wrong xcy_columns_each, which says
 * file, line and column. */

#include "common/base/mem.h"
#include "common/data/csv_blocks.h"
#include "common/data/csv_record.h"
#include "common/run/columns_parts.h"

#include <endian.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SEPARATOR = ',', STAMP_DIGITS = 16, SAFE_DIGITS = 18, TEXTS_MAX_BYTES = 4 << 20 };

struct scan {
    struct xcy_csv_blocks *blocks;
    const struct xcy_column **of; /* by the file's columns; NULL: passed over */
    size_t n_fields;
    size_t row_bytes;
    xcy_row_fn *take;
    atomic_bool is_bad;
};

struct worker {
    struct scan *scan;
    void *context;
    pthread_t thread;
    char *row;
    struct xcy_csv_record record;
    uint64_t first_digits; /* the eight that the last stamp began with; at first none */
    int64_t first_value;
};

/* The bytes of a line that are not parsed yet. */
struct cursor {
    const char *at;
    const char *end; /* its line end */
};

/* Up to a separator, or the line's end; moves behind it. False: it ends in another way than its place in
 * the line wants. */
static bool bare_field(struct cursor *c, bool is_last, struct xcy_bytes *text)
{
    const char *end = memchr(c->at, SEPARATOR, (size_t)(c->end - c->at));
    if (is_last == (end != NULL)) {
        return false;
    }
    end = is_last ? c->end : end;
    *text = xcy_bytes(c->at, (size_t)(end - c->at));
    c->at = end + 1;
    if (is_last && text->len > 0 && text->ptr[text->len - 1] == '\r') {
        text->len--;
    }
    return true;
}

/* Eight digits in the bytes of a word, first byte lowest: by pairs, fours and the whole, each with one
 * multiplication (D. Lemire, "Quickly parsing eight digits", 2018). False: not all are digits. */
static bool eight_digits(uint64_t word, int64_t *value)
{
    uint64_t digits = word - UINT64_C(0x3030303030303030);
    uint64_t too_large = (digits + UINT64_C(0x7676767676767676)) | digits;
    if ((too_large & UINT64_C(0x8080808080808080)) != 0) {
        return false;
    }
    digits = digits * 10 + (digits >> 8);
    digits = ((digits & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064) +
              ((digits >> 16) & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001)) >>
             32;
    *value = (int64_t)(digits & UINT32_MAX);
    return true;
}

static uint64_t word_at(const char *at)
{
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

/* The sixteen digits of a stamp. For a hundred seconds the first eight are the same. */
static bool stamp_digits(struct worker *w, const char *at, int64_t *value)
{
    uint64_t first = word_at(at);
    if (first != w->first_digits) {
        int64_t first_value = 0;
        if (!eight_digits(first, &first_value)) {
            return false;
        }
        w->first_digits = first;
        w->first_value = first_value;
    }
    int64_t last_value = 0;
    if (!eight_digits(word_at(at + sizeof first), &last_value)) {
        return false;
    }
    *value = w->first_value * 100000000 + last_value;
    return true;
}

/* A number as we write most, and a separator: the digits of a stamp, a few, or none. False: look again,
 * with more patience. */
static bool plain_number(struct worker *w, struct cursor *c, const struct xcy_column *column)
{
    const char *p = c->at;
    int64_t value = 0;
    if (c->end - p > STAMP_DIGITS && p[STAMP_DIGITS] == SEPARATOR && stamp_digits(w, p, &value)) {
        p += STAMP_DIGITS;
    } else {
        for (; p < c->end && *p >= '0' && *p <= '9' && p - c->at < SAFE_DIGITS; p++) {
            value = value * 10 + (*p - '0');
        }
    }
    bool is_stamp = column->type == XCY_COLUMN_STAMP;
    if (p == c->end || *p != SEPARATOR || (p == c->at && !is_stamp) ||
        (is_stamp && value > XCY_COLUMN_LATEST_US)) {
        return false;
    }
    memcpy(w->row + column->offset, &value, sizeof value);
    c->at = p + 1;
    return true;
}

static bool is_number(const struct xcy_column *column)
{
    return column->type == XCY_COLUMN_INT || column->type == XCY_COLUMN_STAMP;
}

static bool take_field(struct worker *w, struct cursor *c, size_t field)
{
    const struct xcy_column *column = w->scan->of[field];
    if (column && is_number(column) && plain_number(w, c, column)) {
        return true;
    }
    struct xcy_bytes text;
    return bare_field(c, field + 1 == w->scan->n_fields, &text) &&
           (!column || xcy_column_parse(column, text, w->row));
}

/* Without a quote or a zero in it: a record ends at a line end, a field at a separator. */
static bool take_bare(struct worker *w, const struct xcy_csv_block *block)
{
    const char *end = block->bytes + block->len;
    for (struct cursor c = {.at = block->bytes}; c.at < end;) {
        c.end = memchr(c.at, '\n', (size_t)(end - c.at));
        if (!c.end) {
            return false;
        }
        for (size_t field = 0; field < w->scan->n_fields; field++) {
            if (!take_field(w, &c, field)) {
                return false;
            }
        }
        w->scan->take(w->context, w->row);
    }
    return true;
}

static bool take_quoted(struct worker *w, const struct xcy_csv_block *block)
{
    for (size_t used = 0; used < block->len;) {
        struct xcy_csv_scanned scanned = xcy_csv_record_scan(
            &w->record, xcy_bytes(block->bytes + used, block->len - used), SEPARATOR);
        if (scanned.found != XCY_CSV_SCAN_RECORD || w->record.n_fields != w->scan->n_fields) {
            return false;
        }
        for (size_t field = 0; field < w->scan->n_fields; field++) {
            const struct xcy_column *column = w->scan->of[field];
            struct xcy_bytes text = xcy_csv_record_field(&w->record, field);
            if (column && !xcy_column_parse(column, text, w->row)) {
                return false;
            }
        }
        w->scan->take(w->context, w->row);
        used += scanned.used;
    }
    return true;
}

static bool take_block(struct worker *w, const struct xcy_csv_block *block)
{
    bool is_bare =
        !memchr(block->bytes, '"', block->len) && !memchr(block->bytes, '\0', block->len);
    return is_bare ? take_bare(w, block) : take_quoted(w, block);
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct xcy_csv_block block = {.len = 0};
    while (!atomic_load(&w->scan->is_bad)) {
        enum xcy_csv_step step = xcy_csv_blocks_next(w->scan->blocks, &block);
        if (step == XCY_CSV_END) {
            break;
        }
        if (step != XCY_CSV_RECORD || !take_block(w, &block)) {
            atomic_store(&w->scan->is_bad, true);
        }
    }
    xcy_csv_block_clear(&block);
    return NULL;
}

static void worker_init(struct worker *w, struct scan *scan, void *context)
{
    *w = (struct worker){.scan = scan, .context = context, .row = xcy_alloc(scan->row_bytes)};
    xcy_csv_record_init(&w->record, TEXTS_MAX_BYTES);
}

/* The caller's thread is the first of them; where no more can be started it does all. */
static void work_on_all(struct scan *scan, void *const contexts[], size_t n_threads)
{
    struct worker *workers = xcy_alloc_array(n_threads, sizeof *workers);
    size_t n = 0;
    for (; n < n_threads; n++) {
        worker_init(&workers[n], scan, contexts[n]);
        if (n > 0 && pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0) {
            break;
        }
    }
    work(&workers[0]);
    for (size_t i = 1; i < n; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    for (size_t i = 0; i < n_threads; i++) {
        free(workers[i].row);
        xcy_csv_record_clear(&workers[i].record);
    }
    free(workers);
}

static void arrange(struct scan *scan, const struct xcy_column *columns, size_t n,
                    const bool *is_unread, const int at[])
{
    scan->n_fields = xcy_csv_columns(xcy_csv_blocks_header(scan->blocks));
    scan->of = xcy_alloc_array(scan->n_fields, sizeof(const struct xcy_column *));
    for (size_t i = 0; i < n; i++) {
        if (at[i] != XCY_COLUMN_ABSENT && !is_unread[i]) {
            scan->of[at[i]] = &columns[i];
        }
    }
}

static void ignore(void *context, const void *row)
{
    (void)context;
    (void)row;
}

/* Whoever reads it in order finds what is wrong, and where. */
static enum xcy_status tell_wrong(const char *path, const struct xcy_column *columns, size_t n,
                                  size_t row_bytes, bool *torn, struct xcy_error *err)
{
    enum xcy_status status = xcy_columns_each(path, columns, n, row_bytes, ignore, NULL, torn, err);
    if (status != XCY_OK || *torn) {
        return status;
    }
    return xcy_fail(err, XCY_EIO, "%s: changed while it was read", path);
}

enum xcy_status xcy_columns_scan(const char *path, const struct xcy_column *columns, size_t n,
                                 const bool *is_unread, size_t row_bytes, xcy_row_fn *take,
                                 void *const contexts[], size_t n_threads, bool *torn,
                                 struct xcy_error *err)
{
    struct scan scan = {.row_bytes = row_bytes, .take = take};
    int *at = xcy_alloc_array(n, sizeof *at);
    bool is_torn = false;
    enum xcy_status status = xcy_csv_blocks_open(path, SEPARATOR, &scan.blocks, err);
    if (status == XCY_OK) {
        status = xcy_columns_locate(xcy_csv_blocks_header(scan.blocks), path, columns, n, at, err);
    }
    if (status == XCY_OK) {
        arrange(&scan, columns, n, is_unread, at);
        work_on_all(&scan, contexts, n_threads);
    }
    if (status == XCY_OK && atomic_load(&scan.is_bad)) {
        status = tell_wrong(path, columns, n, row_bytes, &is_torn, err);
    }
    if (status == XCY_OK) {
        *torn = is_torn;
    }
    free((void *)scan.of);
    free(at);
    xcy_csv_blocks_close(scan.blocks);
    return status;
}
