#include "report/grid.h"

#include "common/base/mem.h"
#include "common/data/csv.h"
#include "common/data/number.h"
#include "report/html.h"

#include <math.h>
#include <stdlib.h>

struct xcy_grid_row *xcy_grid_add(struct xcy_grid *grid, const char *label,
                                  const struct xcy_branch *branch)
{
    xcy_assert(grid->n_columns <= XCY_GRID_MAX_COLUMNS);
    grid->rows = xcy_realloc_array(grid->rows, grid->n_rows + 1, sizeof *grid->rows);
    struct xcy_grid_row *row = &grid->rows[grid->n_rows++];
    *row = (struct xcy_grid_row){.label = xcy_strdup(label), .path = xcy_strdup(branch->path)};
    for (size_t c = 0; c < grid->n_columns; c++) {
        const struct xcy_grid_column *column = &grid->columns[c];
        row->values[c] = column->is_computed ? NAN : xcy_branch_number(branch, column->name);
    }
    return row;
}

void xcy_grid_clear(struct xcy_grid *grid)
{
    for (size_t i = 0; i < grid->n_rows; i++) {
        free(grid->rows[i].label);
        free(grid->rows[i].path);
    }
    free(grid->rows);
    grid->rows = NULL;
    grid->n_rows = 0;
}

/* As it stands in JSON and reads back: whole numbers without a point; nothing for none. */
static void add_value(double value, struct xcy_buf *out)
{
    char text[XCY_DOUBLE_TEXT_BYTES];
    if (isfinite(value) && value == trunc(value) && fabs(value) < 1e15) {
        xcy_buf_addf(out, "%.0f", value);
    } else if (isfinite(value)) {
        xcy_double_format(value, text);
        xcy_buf_add_text(out, text);
    }
}

static void add_heading(const struct xcy_grid *grid, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<thead><tr>");
    if (grid->labels) {
        xcy_buf_add_text(out, "<th scope=\"col\">");
        xcy_markup_add_text(out, grid->labels);
        xcy_buf_add_text(out, "</th>");
    }
    for (size_t c = 0; c < grid->n_columns; c++) {
        const struct xcy_grid_column *column = &grid->columns[c];
        xcy_buf_addf(out, "<th scope=\"col\" class=\"number\"%s%s%s>%s</th>",
                     column->is_computed ? "" : " data-key=\"",
                     column->is_computed ? "" : column->name, column->is_computed ? "" : "\"",
                     column->name);
    }
    xcy_buf_add_text(out, "</tr></thead>\n");
}

static void add_row(const struct xcy_grid *grid, const struct xcy_grid_row *row,
                    struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<tr data-path=\"");
    xcy_markup_add_text(out, row->path);
    xcy_buf_add_text(out, "\">");
    if (grid->labels) {
        xcy_buf_add_text(out, "<th scope=\"row\">");
        xcy_markup_add_text(out, row->label);
        xcy_buf_add_text(out, "</th>");
    }
    for (size_t c = 0; c < grid->n_columns; c++) {
        xcy_buf_add_text(out, "<td class=\"number\">");
        add_value(row->values[c], out);
        xcy_buf_add_text(out, "</td>");
    }
    xcy_buf_add_text(out, "</tr>\n");
}

void xcy_grid_add_table(const struct xcy_grid *grid, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<table class=\"sortable\">");
    add_heading(grid, out);
    xcy_buf_add_text(out, "<tbody>\n");
    for (size_t i = 0; i < grid->n_rows; i++) {
        add_row(grid, &grid->rows[i], out);
    }
    xcy_buf_add_text(out, "</tbody></table>");
}

/* A comma before all but the first field of a line. */
static void add_comma(bool *is_first, struct xcy_buf *out)
{
    if (!*is_first) {
        xcy_buf_add_char(out, ',');
    }
    *is_first = false;
}

static void add_csv_line(const struct xcy_grid *grid, const struct xcy_grid_row *row,
                         struct xcy_buf *out)
{
    bool is_first = true;
    if (grid->labels) {
        add_comma(&is_first, out);
        xcy_csv_add_field(out, xcy_bytes_of(row ? row->label : grid->labels), ',');
    }
    for (size_t c = 0; c < grid->n_columns; c++) {
        add_comma(&is_first, out);
        if (row) {
            add_value(row->values[c], out);
        } else {
            xcy_csv_add_field(out, xcy_bytes_of(grid->columns[c].name), ',');
        }
    }
    xcy_buf_add_char(out, '\n');
}

void xcy_grid_add_csv(const struct xcy_grid *grid, struct xcy_buf *out)
{
    add_csv_line(grid, NULL, out);
    for (size_t i = 0; i < grid->n_rows; i++) {
        add_csv_line(grid, &grid->rows[i], out);
    }
}
