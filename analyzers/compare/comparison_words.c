#include "analyzers/compare/comparison.h"

#include "analyzers/compare/contrast_cells.h"
#include "analyzers/compare/undecided.h"

/* Figures of all cells, counted by what is asked of them. */
struct counted {
    size_t n_different;
    size_t n_too_few;
    size_t n_equivalent;
};

static struct counted count(const struct xcy_comparison *c)
{
    struct counted n = {0};
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t k = 0; k < c->cells[i].n; k++) {
            const struct xcy_contrast *contrast = &c->cells[i].contrasts[k];
            n.n_different += xcy_contrast_comparative(contrast)[0] ? 1 : 0;
            n.n_too_few += contrast->found == XCY_FOUND_TOO_FEW ? 1 : 0;
            n.n_equivalent += contrast->equivalence == XCY_TOST_EQUIVALENT ? 1 : 0;
        }
    }
    return n;
}

/* ": dynamo: write latency longer, response longer; s3: …". */
static void add_different(const struct xcy_comparison *c, struct xcy_buf *out)
{
    const char *separator = ": ";
    for (size_t i = 0; i < c->n_cells; i++) {
        const struct xcy_compared_cell *cell = &c->cells[i];
        bool is_labelled = cell->pair->label[0] == '\0';
        for (size_t k = 0; k < cell->n; k++) {
            const char *comparative = xcy_contrast_comparative(&cell->contrasts[k]);
            if (comparative[0]) {
                xcy_buf_addf(out, "%s%s%s%s %s", separator, is_labelled ? "" : cell->pair->label,
                             is_labelled ? "" : ": ", xcy_contrast_title(&cell->contrasts[k]),
                             comparative);
                is_labelled = true;
                separator = ", ";
            }
        }
        separator = separator[0] == ',' ? "; " : separator;
    }
}

/* Of all cells together. */
static void add_undecided(const struct xcy_comparison *c, struct xcy_buf *out)
{
    struct xcy_counts sides[2] = {{.planned = 0}, {.planned = 0}};
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t side = 0; side < 2; side++) {
            struct xcy_counts counts = xcy_compared_cell_counts(&c->cells[i], side);
            xcy_counts_add(&sides[side], &counts);
        }
    }
    if (xcy_undecided_is_any(sides)) {
        xcy_buf_add_text(out, "; UNDECIDED: ");
        xcy_undecided_add_sides(sides, out);
    }
}

static void add_expectation(const struct xcy_comparison *c, struct xcy_buf *out)
{
    const char *name = xcy_expectation_names[c->settings->expect];
    if (c->settings->expect == XCY_EXPECT_NOTHING) {
        return;
    }
    if (c->n_missed == 0) {
        xcy_buf_addf(out, "; expected and met: %s", name);
    } else {
        xcy_buf_addf(out, "; expected: %s, which %zu miss%s", name, c->n_missed,
                     c->n_missed == 1 ? "es" : "");
    }
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

void xcy_comparison_words(const struct xcy_comparison *c, struct xcy_buf *out)
{
    struct counted n = count(c);
    size_t n_tests = c->tests.of_figures + c->tests.of_undecided;
    double margin = c->settings->contrast.margin;
    if (n_tests == 0) {
        xcy_buf_addf(out, "no test could be made of %zu figure%s", c->n_figures,
                     plural(c->n_figures));
    } else if (n.n_different == 0) {
        xcy_buf_addf(out, "no difference found in %zu figure%s", n_tests, plural(n_tests));
    } else {
        xcy_buf_addf(out, "B differs in %zu of %zu figure%s", n.n_different, n_tests,
                     plural(n_tests));
        add_different(c, out);
    }
    if (n.n_too_few > 0) {
        xcy_buf_addf(out, "; too few rounds for %zu: each side needs %d", n.n_too_few,
                     XCY_LEAST_ROUNDS);
    }
    if (margin > 0) {
        xcy_buf_addf(out, "; %zu shown to be equivalent within %g%%", n.n_equivalent, 100 * margin);
    }
    add_undecided(c, out);
    add_expectation(c, out);
}
