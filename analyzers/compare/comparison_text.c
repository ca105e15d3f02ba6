#include "analyzers/compare/comparison.h"

#include "analyzers/compare/contrast_cells.h"
#include "analyzers/compare/undecided.h"
#include "common/cli/table.h"

#include <string.h>

/* "A  runs/x", or of several rounds "A  3 rounds: runs/x …". */
static void add_side(const struct xcy_compared_cell *cell, size_t side, struct xcy_buf *out)
{
    size_t n = cell->pair->n[side];
    xcy_buf_addf(out, "  %s  ", side == 0 ? "A" : "B");
    if (n > 1) {
        xcy_buf_addf(out, "%zu rounds: ", n);
    }
    for (size_t i = 0; i < n; i++) {
        xcy_buf_addf(out, "%s%s", i > 0 ? "\n     " : "", cell->runs[side][i].path);
    }
    xcy_buf_add_char(out, '\n');
}

static void add_unlike(const struct xcy_compared_cell *cell, struct xcy_buf *out)
{
    for (size_t i = 0; i < cell->n_unlike; i++) {
        const struct xcy_unlike *u = &cell->unlike[i];
        xcy_buf_addf(out, "  %s %s: %s -> %s\n",
                     u->is_subject ? "compared:" : "NOT ALIKE:", xcy_facts[u->fact].name,
                     u->text[0], u->text[1]);
    }
}

/* Whichever figures are asked for: on how many requests of each side they stand. */
static void add_undecided(const struct xcy_compared_cell *cell, struct xcy_buf *out)
{
    const struct xcy_counts sides[2] = {xcy_compared_cell_counts(cell, 0),
                                        xcy_compared_cell_counts(cell, 1)};
    bool is_any = xcy_undecided_is_any(sides);
    xcy_buf_add_text(out, is_any ? "  UNDECIDED: " : "  undecided: ");
    xcy_undecided_add_sides(sides, out);
    xcy_buf_add_text(
        out,
        is_any ? "; inconsistent reads and windows by visibility are told of the others\n" : "\n");
}

static void add_problems(const struct xcy_compared_cell *cell, struct xcy_buf *out)
{
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < cell->pair->n[side]; i++) {
            const struct xcy_compared_run *run = &cell->runs[side][i];
            if (run->problem[0]) {
                xcy_buf_addf(out, "  NOT VALID: %s: %s\n", run->path, run->problem);
            }
        }
    }
}

static void add_too_few(const struct xcy_compared_cell *cell, struct xcy_buf *out)
{
    size_t a = cell->pair->n[0];
    size_t b = cell->pair->n[1];
    if ((a > 1 || b > 1) && (a < XCY_LEAST_ROUNDS || b < XCY_LEAST_ROUNDS)) {
        xcy_buf_addf(out,
                     "  TOO FEW ROUNDS: %zu and %zu; below %d on a side only the spread is told\n",
                     a, b, XCY_LEAST_ROUNDS);
    }
}

static void add_head(const struct xcy_comparison *c, const struct xcy_compared_cell *cell,
                     struct xcy_buf *out)
{
    if (cell->pair->label[0]) {
        xcy_buf_addf(out, "%s\n", cell->pair->label);
    }
    add_side(cell, 0, out);
    add_side(cell, 1, out);
    add_unlike(cell, out);
    bool of_rounds = cell->pair->n[0] > 1 || cell->pair->n[1] > 1;
    xcy_contrast_unit(of_rounds, c->settings->contrast.quantile, out);
    add_undecided(cell, out);
    add_too_few(cell, out);
    add_problems(cell, out);
}

static void add_table(const struct xcy_compared_cell *cell, struct xcy_buf *out)
{
    char text[XCY_CONTRAST_CELL_BYTES];
    struct xcy_table *table = xcy_table_new("lrrrlrllrl");
    for (size_t column = 0; column < XCY_N_CONTRAST_COLUMNS; column++) {
        xcy_table_add_cell(table, "%s%s", column == 0 ? "  " : "", xcy_contrast_columns[column]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < cell->n; i++) {
        for (size_t column = 0; column < XCY_N_CONTRAST_COLUMNS; column++) {
            xcy_contrast_cell(&cell->contrasts[i], (enum xcy_contrast_column)column, text);
            xcy_table_add_cell(table, "%s%s", column == 0 ? "  " : "", text);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static bool is_worth_words(const struct xcy_comparison *c, const struct xcy_contrast *contrast)
{
    return c->n_cells == 1 || contrast->found != XCY_FOUND_NO_DIFFERENCE ||
           xcy_contrast_is_missed(contrast, c->settings);
}

static void add_words(const struct xcy_comparison *c, const struct xcy_compared_cell *cell,
                      struct xcy_buf *out)
{
    xcy_buf_add_char(out, '\n');
    for (size_t i = 0; i < cell->n; i++) {
        if (is_worth_words(c, &cell->contrasts[i])) {
            xcy_buf_addf(out, "  %s: ", xcy_contrast_title(&cell->contrasts[i]));
            xcy_contrast_words(&cell->contrasts[i], c->settings->contrast.margin, out);
            xcy_buf_add_char(out, '\n');
        }
    }
}

static void add_alone(const struct xcy_comparison *c, struct xcy_buf *out)
{
    for (size_t i = 0; i < c->n_alone; i++) {
        xcy_buf_addf(out, "only in %s, not compared: %s\n", c->alone[i]->n[0] > 0 ? "A" : "B",
                     c->alone[i]->label);
    }
}

static void add_total(const struct xcy_comparison *c, const char *title, struct xcy_buf *out)
{
    xcy_buf_add_text(out, title);
    xcy_comparison_words(c, out);
    xcy_buf_add_char(out, '\n');
}

void xcy_comparison_print(const struct xcy_comparison *c, struct xcy_buf *out)
{
    for (size_t i = 0; i < c->n_cells; i++) {
        add_head(c, &c->cells[i], out);
        xcy_buf_add_char(out, '\n');
        add_table(&c->cells[i], out);
        add_words(c, &c->cells[i], out);
        xcy_buf_add_char(out, '\n');
    }
    add_alone(c, out);
    xcy_buf_add_text(out, "tests: ");
    xcy_tests_add(c->tests, out);
    xcy_buf_addf(out, "; found: p <= %g\n", XCY_COMPARE_ALPHA);
    add_total(c, "in all: ", out);
}

static void add_markdown_row(const struct xcy_contrast *contrast, struct xcy_buf *out)
{
    char text[XCY_CONTRAST_CELL_BYTES];
    for (size_t column = 0; column < XCY_N_CONTRAST_COLUMNS; column++) {
        xcy_contrast_cell(contrast, (enum xcy_contrast_column)column, text);
        xcy_buf_addf(out, "| %s ", text);
    }
    xcy_buf_add_text(out, "|\n");
}

void xcy_comparison_print_markdown(const struct xcy_comparison *c, struct xcy_buf *out)
{
    for (size_t i = 0; i < c->n_cells; i++) {
        const struct xcy_compared_cell *cell = &c->cells[i];
        xcy_buf_addf(out, "%s### %s\n\n```\n", i > 0 ? "\n" : "",
                     cell->pair->label[0] ? cell->pair->label : "A and B");
        add_head(c, cell, out);
        xcy_buf_add_text(out, "```\n\n");
        for (size_t column = 0; column < XCY_N_CONTRAST_COLUMNS; column++) {
            xcy_buf_addf(out, "| %s ", xcy_contrast_columns[column]);
        }
        xcy_buf_add_text(out, "|\n");
        for (size_t column = 0; column < XCY_N_CONTRAST_COLUMNS; column++) {
            xcy_buf_add_text(out, "| --- ");
        }
        xcy_buf_add_text(out, "|\n");
        for (size_t k = 0; k < cell->n; k++) {
            add_markdown_row(&cell->contrasts[k], out);
        }
    }
    xcy_buf_add_char(out, '\n');
    add_alone(c, out);
    xcy_buf_add_text(out, "Tests: ");
    xcy_tests_add(c->tests, out);
    xcy_buf_add_text(out, ".\n\n");
    add_total(c, "**In all:** ", out);
}
