#include "common/run/columns.h"

#include "common/base/mem.h"
#include "common/data/csv.h"
#include "common/data/number.h"
#include "common/run/columns_parts.h"
#include "common/run/line.h"

#include <stdlib.h>
#include <string.h>

void xcy_columns_header(const struct xcy_column *columns, size_t n, struct xcy_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        xcy_buf_addf(out, "%s%s", i > 0 ? "," : "", columns[i].name);
    }
    xcy_buf_add_char(out, '\n');
}

static void add_int(const struct xcy_column *column, const void *field, struct xcy_line *line)
{
    int64_t value = *(const int64_t *)field;
    if (column->type != XCY_COLUMN_STAMP || value != 0) {
        xcy_line_add_int(line, value);
    }
}

static void add_double(const struct xcy_column *column, const void *field, struct xcy_line *line)
{
    (void)column;
    xcy_line_add_double(line, *(const double *)field);
}

static void add_text(const struct xcy_column *column, const void *field, struct xcy_line *line)
{
    xcy_line_add_text(line, field, column->size);
}

static void add_choice(const struct xcy_column *column, const void *field, struct xcy_line *line)
{
    int index;
    memcpy(&index, field, sizeof index);
    xcy_line_add_word(line, column->names[index]);
}

static void add_flags(const struct xcy_column *column, const void *field, struct xcy_line *line)
{
    unsigned flags = *(const unsigned *)field;
    const char *join = "";
    for (size_t bit = 0; column->names[bit]; bit++) {
        if (flags & (1U << bit)) {
            xcy_line_add_word(line, join);
            xcy_line_add_word(line, column->names[bit]);
            join = "+";
        }
    }
}

static bool parse_int(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    (void)column;
    return xcy_int64_parse(text, field);
}

static bool parse_stamp(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    int64_t us = 0;
    (void)column;
    if (text.len > 0 && (!xcy_int64_parse(text, &us) || us < 0 || us > XCY_COLUMN_LATEST_US)) {
        return false;
    }
    *(int64_t *)field = us;
    return true;
}

static bool parse_double(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    (void)column;
    return xcy_double_parse(text, field);
}

static bool parse_text(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    if (text.len >= column->size) {
        return false;
    }
    memset(field, 0, column->size);
    if (text.len > 0) {
        memcpy(field, text.ptr, text.len);
    }
    return true;
}

/* Most names differ in their first character: no length is asked for before. */
static bool is_name(const char *name, struct xcy_bytes word)
{
    size_t same = 0;
    while (same < word.len && name[same] != '\0' && name[same] == word.ptr[same]) {
        same++;
    }
    return same == word.len && name[same] == '\0';
}

/* The index of a word among names, or -1. */
static int find_name(const char *const *names, struct xcy_bytes word)
{
    for (int i = 0; names[i]; i++) {
        if (is_name(names[i], word)) {
            return i;
        }
    }
    return -1;
}

static bool parse_choice(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    int index = find_name(column->names, text);
    if (index < 0) {
        return false;
    }
    memcpy(field, &index, sizeof index);
    return true;
}

static bool parse_flags(const struct xcy_column *column, struct xcy_bytes text, void *field)
{
    unsigned flags = 0;
    while (text.len > 0) {
        const char *plus = memchr(text.ptr, '+', text.len);
        size_t len = plus ? (size_t)(plus - text.ptr) : text.len;
        int bit = find_name(column->names, xcy_bytes(text.ptr, len));
        if (bit < 0) {
            return false;
        }
        flags |= 1U << (unsigned)bit;
        size_t step = plus ? len + 1 : len;
        text = xcy_bytes(text.ptr + step, text.len - step);
    }
    *(unsigned *)field = flags;
    return true;
}

static const struct {
    void (*add)(const struct xcy_column *column, const void *field, struct xcy_line *line);
    bool (*parse)(const struct xcy_column *column, struct xcy_bytes text, void *field);
} forms[] = {
    [XCY_COLUMN_INT] = {add_int, parse_int},          [XCY_COLUMN_STAMP] = {add_int, parse_stamp},
    [XCY_COLUMN_DOUBLE] = {add_double, parse_double}, [XCY_COLUMN_TEXT] = {add_text, parse_text},
    [XCY_COLUMN_CHOICE] = {add_choice, parse_choice}, [XCY_COLUMN_FLAGS] = {add_flags, parse_flags},
};

void xcy_columns_format(const struct xcy_column *columns, size_t n, const void *row,
                        struct xcy_buf *out)
{
    struct xcy_line line;
    xcy_line_begin(&line, out);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            xcy_line_add_separator(&line);
        }
        const void *field = (const char *)row + columns[i].offset;
        forms[columns[i].type].add(&columns[i], field, &line);
    }
    xcy_line_end(&line);
}

bool xcy_column_parse(const struct xcy_column *column, struct xcy_bytes text, void *row)
{
    return forms[column->type].parse(column, text, (char *)row + column->offset);
}

enum xcy_status xcy_columns_locate(const struct xcy_csv *csv, const char *path,
                                   const struct xcy_column *columns, size_t n, int at[],
                                   struct xcy_error *err)
{
    for (size_t i = 0; i < n; i++) {
        at[i] = xcy_csv_find(csv, columns[i].name);
        if (at[i] == XCY_COLUMN_ABSENT && !columns[i].is_optional) {
            return xcy_fail(err, XCY_EPARSE, "%s:1: no column '%s'; was it written by xcybench?",
                            path, columns[i].name);
        }
    }
    return XCY_OK;
}

static enum xcy_status take_row(const struct xcy_csv *csv, const char *path,
                                const struct xcy_column *columns, size_t n, const int at[],
                                void *row, struct xcy_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i] == XCY_COLUMN_ABSENT) {
            continue;
        }
        struct xcy_bytes text = xcy_csv_field(csv, (size_t)at[i]);
        if (!xcy_column_parse(&columns[i], text, row)) {
            return xcy_fail(err, XCY_EPARSE, "%s:%zu: column %s: '%.60s' is not %s", path,
                            xcy_csv_line(csv), columns[i].name, text.ptr ? text.ptr : "",
                            columns[i].type == XCY_COLUMN_TEXT ? "short enough" : "valid");
        }
    }
    return XCY_OK;
}

static enum xcy_status give_rows(struct xcy_csv *csv, const char *path,
                                 const struct xcy_column *columns, size_t n, const int at[],
                                 void *row, xcy_row_fn *take, void *context, bool *torn,
                                 struct xcy_error *err)
{
    for (;;) {
        enum xcy_csv_step step = xcy_csv_next(csv, err);
        if (step == XCY_CSV_END || step == XCY_CSV_TORN) {
            *torn = step == XCY_CSV_TORN;
            return XCY_OK;
        }
        if (step == XCY_CSV_BAD) {
            return err->status;
        }
        enum xcy_status status = take_row(csv, path, columns, n, at, row, err);
        if (status != XCY_OK) {
            return status;
        }
        take(context, row);
    }
}

enum xcy_status xcy_columns_each(const char *path, const struct xcy_column *columns, size_t n,
                                 size_t row_bytes, xcy_row_fn *take, void *context, bool *torn,
                                 struct xcy_error *err)
{
    struct xcy_csv *csv = NULL;
    int *at = xcy_alloc_array(n, sizeof *at);
    void *row = xcy_alloc(row_bytes);
    enum xcy_status status = xcy_csv_open(path, ',', &csv, err);
    if (status == XCY_OK) {
        status = xcy_columns_locate(csv, path, columns, n, at, err);
    }
    if (status == XCY_OK) {
        status = give_rows(csv, path, columns, n, at, row, take, context, torn, err);
    }
    free(row);
    free(at);
    xcy_csv_close(csv);
    return status;
}

struct array {
    size_t row_bytes;
    size_t n;
    size_t capacity;
    char *rows;
};

static void append(void *context, const void *row)
{
    struct array *array = context;
    if (array->n == array->capacity) {
        array->capacity = array->capacity > 0 ? array->capacity * 2 : 256;
        array->rows = xcy_realloc_array(array->rows, array->capacity, array->row_bytes);
    }
    memcpy(array->rows + array->n * array->row_bytes, row, array->row_bytes);
    array->n++;
}

enum xcy_status xcy_columns_read(const char *path, const struct xcy_column *columns, size_t n,
                                 size_t row_bytes, void **rows, size_t *n_rows, bool *torn,
                                 struct xcy_error *err)
{
    struct array array = {.row_bytes = row_bytes};
    bool is_torn = false;
    enum xcy_status status =
        xcy_columns_each(path, columns, n, row_bytes, append, &array, &is_torn, err);
    if (status == XCY_OK) {
        *rows = array.rows;
        *n_rows = array.n;
        *torn = is_torn;
    } else {
        free(array.rows);
    }
    return status;
}
