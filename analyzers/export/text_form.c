/* text_form.c - rows as lines: CSV, and JSON lines. */

#include "analyzers/export/form.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/run/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_BYTES = 1 << 16, MAX_LINE_BYTES = 16 << 20, MAX_TEXT_BYTES = 1 << 20 };

struct text {
    const struct xcy_export_to *to;
    int fd;
    struct xcy_buf lines; /* not written yet */
    struct xcy_buf word;  /* a text as JSON has it */
    char **keys;          /* of JSON: `"name":` of each column */
};

static void free_state(void *state)
{
    struct text *t = state;
    if (t->to->path) {
        close(t->fd);
    }
    for (size_t c = 0; t->keys && c < t->to->columns->n; c++) {
        free(t->keys[c]);
    }
    free((void *)t->keys);
    xcy_buf_clear(&t->lines);
    xcy_buf_clear(&t->word);
    free(t);
}

static enum xcy_status begin(const struct xcy_export_to *to, void **state, struct xcy_error *err)
{
    int fd = STDOUT_FILENO;
    if (to->path) {
        fd = open(to->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    }
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", to->name);
    }
    struct text *t = xcy_alloc(sizeof *t);
    t->to = to;
    t->fd = fd;
    xcy_buf_init(&t->lines, MAX_LINE_BYTES);
    xcy_buf_init(&t->word, MAX_TEXT_BYTES);
    *state = t;
    return XCY_OK;
}

static enum xcy_status flush(struct text *t, struct xcy_error *err)
{
    enum xcy_status status = xcy_buf_check(&t->lines, t->to->name, err);
    if (status == XCY_OK) {
        status = xcy_write_all(t->fd, xcy_buf_bytes(&t->lines), t->to->name, err);
    }
    xcy_buf_reset(&t->lines);
    return status;
}

static enum xcy_status end(void *state, struct xcy_error *err)
{
    return flush(state, err);
}

static enum xcy_status flush_if_long(struct text *t, struct xcy_error *err)
{
    return t->lines.len < FLUSH_BYTES ? XCY_OK : flush(t, err);
}

static void add_number(struct xcy_line *line, enum xcy_cell_type type, const struct xcy_cell *cell)
{
    if (type == XCY_CELL_REAL) {
        xcy_line_add_double(line, cell->real);
    } else {
        xcy_line_add_int(line, cell->whole);
    }
}

static enum xcy_status begin_csv(const struct xcy_export_to *to, void **state,
                                 struct xcy_error *err)
{
    enum xcy_status status = begin(to, state, err);
    for (size_t c = 0; status == XCY_OK && c < to->columns->n; c++) {
        struct text *t = *state;
        xcy_buf_addf(&t->lines, "%s%s", to->columns->items[c].name,
                     c + 1 < to->columns->n ? "," : "\n");
    }
    return status;
}

static enum xcy_status add_csv(void *state, const struct xcy_cell cells[], struct xcy_error *err)
{
    struct text *t = state;
    const struct xcy_export_columns *columns = t->to->columns;
    struct xcy_line line;
    xcy_line_begin(&line, &t->lines);
    for (size_t c = 0; c < columns->n; c++) {
        if (c > 0) {
            xcy_line_add_separator(&line);
        }
        if (!cells[c].is_known) {
            continue;
        }
        if (columns->items[c].type == XCY_CELL_TEXT) {
            xcy_line_add_text(&line, cells[c].text, strlen(cells[c].text));
        } else {
            add_number(&line, columns->items[c].type, &cells[c]);
        }
    }
    xcy_line_end(&line);
    return flush_if_long(t, err);
}

static enum xcy_status begin_jsonl(const struct xcy_export_to *to, void **state,
                                   struct xcy_error *err)
{
    enum xcy_status status = begin(to, state, err);
    if (status == XCY_OK) {
        struct text *t = *state;
        t->keys = xcy_alloc_array(to->columns->n, sizeof *t->keys);
        for (size_t c = 0; c < to->columns->n; c++) {
            t->keys[c] = xcy_format("%c\"%s\":", c > 0 ? ',' : '{', to->columns->items[c].name);
        }
    }
    return status;
}

static void add_json_value(struct text *t, struct xcy_line *line, enum xcy_cell_type type,
                           const struct xcy_cell *cell)
{
    if (!cell->is_known) {
        xcy_line_add_word(line, "null");
    } else if (type == XCY_CELL_TEXT) {
        xcy_buf_reset(&t->word);
        xcy_json_add_string(&t->word, cell->text);
        xcy_line_add_word(line, t->word.ptr);
    } else if (type == XCY_CELL_BOOL) {
        xcy_line_add_word(line, cell->whole ? "true" : "false");
    } else {
        add_number(line, type, cell);
    }
}

static enum xcy_status add_jsonl(void *state, const struct xcy_cell cells[], struct xcy_error *err)
{
    struct text *t = state;
    const struct xcy_export_columns *columns = t->to->columns;
    struct xcy_line line;
    xcy_line_begin(&line, &t->lines);
    for (size_t c = 0; c < columns->n; c++) {
        xcy_line_add_word(&line, t->keys[c]);
        add_json_value(t, &line, columns->items[c].type, &cells[c]);
    }
    xcy_line_add_word(&line, "}");
    xcy_line_end(&line);
    return flush_if_long(t, err);
}

const struct xcy_export_form xcy_export_csv = {.begin = begin_csv,
                                               .add_row = add_csv,
                                               .end = end,
                                               .free_state = free_state,
                                               .is_stream = true};
const struct xcy_export_form xcy_export_jsonl = {.begin = begin_jsonl,
                                                 .add_row = add_jsonl,
                                                 .end = end,
                                                 .free_state = free_state,
                                                 .is_stream = true};
