#include "common/cli/table.h"

#include "common/base/mem.h"
#include "common/cli/bound.h"
#include "common/cli/text.h"

#include <stdlib.h>

enum { GAP = 2 };

struct xcy_table {
    char *columns;
    size_t n_columns;
    char **cells; /* row after row; a rule is a NULL in its first cell, and takes a row */
    size_t n_cells;
    size_t capacity;
};

struct xcy_table *xcy_table_new(const char *columns)
{
    xcy_assert(columns[0] != '\0' && columns[strspn(columns, "lr")] == '\0');
    struct xcy_table *table = xcy_alloc(sizeof *table);
    table->columns = xcy_strdup(columns);
    table->n_columns = strlen(columns);
    return table;
}

void xcy_table_free(struct xcy_table *table)
{
    if (!table) {
        return;
    }
    for (size_t i = 0; i < table->n_cells; i++) {
        free(table->cells[i]);
    }
    free(table->cells);
    free(table->columns);
    free(table);
}

static void add(struct xcy_table *table, char *taken)
{
    if (table->n_cells == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 32;
        table->cells = xcy_realloc_array(table->cells, table->capacity, sizeof *table->cells);
    }
    table->cells[table->n_cells++] = taken;
}

/* A line end inside a cell would tear the table. */
static void flatten(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ') {
            *text = ' ';
        }
    }
}

void xcy_table_add_cell(struct xcy_table *table, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = xcy_vformat(fmt, args);
    va_end(args);
    flatten(text);
    add(table, text);
}

void xcy_table_add_bound(struct xcy_table *table, double low, double high)
{
    char text[XCY_BOUND_BYTES];
    xcy_bound_format(low, high, text);
    xcy_table_add_cell(table, "%s", text);
}

void xcy_table_add_rule(struct xcy_table *table)
{
    xcy_assert(table->n_cells % table->n_columns == 0);
    for (size_t i = 0; i < table->n_columns; i++) {
        add(table, NULL);
    }
}

static size_t width_of(const char *cell)
{
    return cell ? xcy_text_width(xcy_bytes_of(cell)) : 0;
}

static size_t *measure(const struct xcy_table *table)
{
    size_t *widths = xcy_alloc_array(table->n_columns, sizeof *widths);
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t width = width_of(table->cells[i]);
        size_t column = i % table->n_columns;
        widths[column] = width > widths[column] ? width : widths[column];
    }
    return widths;
}

static void cut_blanks(struct xcy_buf *out)
{
    while (out->len > 0 && out->ptr[out->len - 1] == ' ') {
        out->ptr[--out->len] = '\0';
    }
}

static void add_row(const struct xcy_table *table, size_t first, const size_t *widths,
                    struct xcy_buf *out)
{
    size_t n = table->n_cells - first;
    for (size_t i = 0; i < table->n_columns && i < n; i++) {
        const char *cell = table->cells[first + i];
        int pad = (int)(widths[i] - width_of(cell));
        xcy_buf_addf(out, "%*s", i > 0 ? GAP : 0, "");
        if (table->columns[i] == 'r') {
            xcy_buf_addf(out, "%*s%s", pad, "", cell);
        } else {
            xcy_buf_addf(out, "%s%*s", cell, pad, "");
        }
    }
    cut_blanks(out);
    xcy_buf_add_char(out, '\n');
}

static void add_rule_line(const struct xcy_table *table, const size_t *widths, struct xcy_buf *out)
{
    size_t total = GAP * (table->n_columns - 1);
    for (size_t i = 0; i < table->n_columns; i++) {
        total += widths[i];
    }
    for (size_t i = 0; i < total; i++) {
        xcy_buf_add_char(out, '-');
    }
    xcy_buf_add_char(out, '\n');
}

void xcy_table_format(const struct xcy_table *table, struct xcy_buf *out)
{
    size_t *widths = measure(table);
    for (size_t first = 0; first < table->n_cells; first += table->n_columns) {
        if (table->cells[first]) {
            add_row(table, first, widths, out);
        } else {
            add_rule_line(table, widths, out);
        }
    }
    free(widths);
}
