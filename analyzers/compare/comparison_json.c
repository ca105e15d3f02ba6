#include "analyzers/compare/comparison.h"

#include "analyzers/compare/contrast_json.h"
#include "analyzers/compare/undecided.h"

#include <math.h>

static void put_figure(struct xcy_json *list, const struct xcy_comparison *comparison,
                       const struct xcy_contrast *c)
{
    struct xcy_json *o = xcy_json_append_object(list);
    xcy_contrast_put(c, comparison->settings->contrast.margin, o);
    xcy_json_put_bool(o, "is_missed", xcy_contrast_is_missed(c, comparison->settings));
}

static void put_runs(struct xcy_json *o, const char *name, const struct xcy_compared_cell *cell,
                     size_t side)
{
    struct xcy_json *list = xcy_json_put_array(o, name);
    for (size_t i = 0; i < cell->pair->n[side]; i++) {
        const struct xcy_compared_run *run = &cell->runs[side][i];
        struct xcy_json *of = xcy_json_append_object(list);
        xcy_json_put_string(of, "path", run->path);
        xcy_json_put_bool(of, "is_valid", run->problem[0] == '\0');
        xcy_json_put_string(of, "problem", run->problem);
        xcy_undecided_put(&run->counts, of);
    }
}

static void put_unlike(struct xcy_json *o, const struct xcy_compared_cell *cell)
{
    struct xcy_json *list = xcy_json_put_array(o, "unlike");
    for (size_t i = 0; i < cell->n_unlike; i++) {
        const struct xcy_unlike *u = &cell->unlike[i];
        struct xcy_json *of = xcy_json_append_object(list);
        xcy_json_put_string(of, "what", xcy_facts[u->fact].name);
        xcy_json_put_string(of, "a", u->text[0]);
        xcy_json_put_string(of, "b", u->text[1]);
        xcy_json_put_bool(of, "is_subject", u->is_subject);
    }
}

static void put_cell(struct xcy_json *list, const struct xcy_comparison *c,
                     const struct xcy_compared_cell *cell)
{
    struct xcy_json *o = xcy_json_append_object(list);
    bool of_rounds = cell->pair->n[0] > 1 || cell->pair->n[1] > 1;
    xcy_json_put_string(o, "cell", cell->pair->label);
    xcy_json_put_string(o, "unit", of_rounds ? "round" : "request");
    put_runs(o, "a", cell, 0);
    put_runs(o, "b", cell, 1);
    put_unlike(o, cell);
    struct xcy_json *figures = xcy_json_put_array(o, "figures");
    for (size_t i = 0; i < cell->n; i++) {
        put_figure(figures, c, &cell->contrasts[i]);
    }
}

static void put_alone(struct xcy_json *root, const struct xcy_comparison *c)
{
    struct xcy_json *list = xcy_json_put_array(root, "only_one_side");
    for (size_t i = 0; i < c->n_alone; i++) {
        struct xcy_json *of = xcy_json_append_object(list);
        xcy_json_put_string(of, "side", c->alone[i]->n[0] > 0 ? "a" : "b");
        xcy_json_put_string(of, "cell", c->alone[i]->label);
    }
}

static void put_words(struct xcy_json *root, const struct xcy_comparison *c)
{
    struct xcy_buf words;
    xcy_buf_init(&words, XCY_COMPARISON_WORDS_BYTES);
    xcy_comparison_words(c, &words);
    xcy_json_put_string(root, "words", words.ptr);
    xcy_buf_clear(&words);
}

struct xcy_json *xcy_comparison_to_json(const struct xcy_comparison *c)
{
    const struct xcy_comparison_settings *settings = c->settings;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_int64(root, "format_version", 1);
    xcy_json_put_number(root, "confidence", XCY_CONFIDENCE);
    xcy_json_put_number(root, "alpha", XCY_COMPARE_ALPHA);
    xcy_json_put_number(root, "margin",
                        settings->contrast.margin > 0 ? settings->contrast.margin : NAN);
    xcy_json_put_number(root, "quantile", settings->contrast.quantile);
    xcy_json_put_string(root, "expectation", xcy_expectation_names[settings->expect]);
    xcy_json_put_int64(root, "tests", (int64_t)c->tests.of_figures);
    xcy_json_put_int64(root, "undecided_tests", (int64_t)c->tests.of_undecided);
    xcy_json_put_int64(root, "not_valid", (int64_t)c->n_not_valid);
    xcy_json_put_int64(root, "missed", (int64_t)c->n_missed);
    put_words(root, c);
    struct xcy_json *cells = xcy_json_put_array(root, "cells");
    for (size_t i = 0; i < c->n_cells; i++) {
        put_cell(cells, c, &c->cells[i]);
    }
    put_alone(root, c);
    return root;
}
