#include "analyzers/compare/comparison.h"

#include "analyzers/compare/contrast_cells.h"
#include "common/data/markup.h"

#include <math.h>

/* Why a cell's figures stand on nothing, or NULL. */
static const struct xcy_compared_run *not_valid(const struct xcy_compared_cell *cell)
{
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < cell->pair->n[side]; i++) {
            if (cell->runs[side][i].problem[0]) {
                return &cell->runs[side][i];
            }
        }
    }
    return NULL;
}

static void add_case(const struct xcy_comparison *c, const struct xcy_compared_cell *cell,
                     const struct xcy_contrast *contrast, struct xcy_buf *out)
{
    struct xcy_buf words;
    xcy_buf_init(&words, 4096);
    xcy_contrast_words(contrast, c->settings->contrast.margin, &words);
    xcy_buf_add_text(out, "    <testcase classname=\"");
    xcy_markup_add_text(out, cell->pair->label[0] ? cell->pair->label : "A and B");
    xcy_buf_addf(out, "\" name=\"%s\">\n", xcy_contrast_name(contrast));
    const struct xcy_compared_run *run = not_valid(cell);
    bool is_missed = xcy_contrast_is_missed(contrast, c->settings);
    if (!run && !is_missed && isnan(contrast->p)) {
        xcy_buf_add_text(out, "      <skipped/>\n");
    }
    if (run || is_missed) {
        xcy_buf_addf(out, "      <%s message=\"", run ? "error" : "failure");
        xcy_markup_add_text(out, run ? run->path : xcy_expectation_names[c->settings->expect]);
        xcy_buf_add_text(out, run ? " is not valid: " : " is not met: ");
        xcy_markup_add_text(out, run ? run->problem : words.ptr);
        xcy_buf_add_text(out, "\"/>\n");
    }
    xcy_buf_add_text(out, "      <system-out>");
    xcy_markup_add_text(out, words.ptr);
    xcy_buf_add_text(out, "</system-out>\n    </testcase>\n");
    xcy_buf_clear(&words);
}

/* Of all figures: how many there are, how many stand on a run that is not valid, how many of the others
 * miss the expectation, and of how many of the rest no test could be made. */
struct totals {
    size_t tests;
    size_t errors;
    size_t failures;
    size_t skipped;
};

static struct totals totals_of(const struct xcy_comparison *c)
{
    struct totals t = {0};
    for (size_t i = 0; i < c->n_cells; i++) {
        const struct xcy_compared_cell *cell = &c->cells[i];
        bool is_error = not_valid(cell) != NULL;
        for (size_t k = 0; k < cell->n; k++) {
            bool is_missed = xcy_contrast_is_missed(&cell->contrasts[k], c->settings);
            t.tests++;
            t.errors += is_error ? 1 : 0;
            t.failures += !is_error && is_missed ? 1 : 0;
            t.skipped += !is_error && !is_missed && isnan(cell->contrasts[k].p) ? 1 : 0;
        }
    }
    return t;
}

/* What no single figure says: that some requests are undecided. */
static void add_total(const struct xcy_comparison *c, struct xcy_buf *out)
{
    struct xcy_buf words;
    xcy_buf_init(&words, XCY_COMPARISON_WORDS_BYTES);
    xcy_comparison_words(c, &words);
    xcy_buf_add_text(out, "    <system-out>");
    xcy_markup_add_text(out, words.ptr);
    xcy_buf_add_text(out, "</system-out>\n");
    xcy_buf_clear(&words);
}

void xcy_comparison_print_junit(const struct xcy_comparison *c, struct xcy_buf *out)
{
    struct totals t = totals_of(c);
    xcy_buf_addf(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<testsuites>\n"
                 "  <testsuite name=\"analyze compare\" tests=\"%zu\" failures=\"%zu\" "
                 "errors=\"%zu\" skipped=\"%zu\">\n",
                 t.tests, t.failures, t.errors, t.skipped);
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t k = 0; k < c->cells[i].n; k++) {
            add_case(c, &c->cells[i], &c->cells[i].contrasts[k], out);
        }
    }
    add_total(c, out);
    xcy_buf_add_text(out, "  </testsuite>\n</testsuites>\n");
}
