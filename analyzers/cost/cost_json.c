#include "analyzers/compare/contrast_json.h"
#include "analyzers/compare/undecided.h"
#include "analyzers/cost/cost.h"

#include <math.h>

static void put_ms(struct xcy_json *o, const char *key, double us)
{
    xcy_json_put_number(o, key, isfinite(us) ? us / 1000 : NAN);
}

static void put_curve(struct xcy_json *root, const struct xcy_cost *c)
{
    const struct xcy_delay_needed *n = &c->needed;
    struct xcy_interval interval =
        n->has_interval ? n->interval_us : (struct xcy_interval){NAN, NAN};
    if (!c->has_curve) {
        xcy_json_put_null(root, "curve");
        return;
    }
    struct xcy_json *o = xcy_json_put_object(root, "curve");
    put_ms(o, "low_ms", n->delay_us.low);
    put_ms(o, "high_ms", n->delay_us.high);
    put_ms(o, "ci95_low_ms", interval.low);
    put_ms(o, "ci95_high_ms", interval.high);
    xcy_json_put_number(o, "needs_n", n->needs_n > 0 ? (double)n->needs_n : NAN);
}

static void put_settings(struct xcy_json *root, const struct xcy_cost *c)
{
    struct xcy_json *list = xcy_json_put_array(root, "settings");
    for (size_t i = 0; i < c->n_settings; i++) {
        const struct xcy_cost_setting *s = &c->settings[i];
        struct xcy_json *o = xcy_json_append_object(list);
        xcy_json_put_string(o, "consistency", xcy_consistency_names[s->consistency]);
        xcy_json_put_int64(o, "delay_ms", s->delay_ms);
        xcy_json_put_int64(o, "events", s->share.events);
        xcy_json_put_int64(o, "n", s->share.n);
        xcy_json_put_number(o, "exact_low", s->exact.low);
        xcy_json_put_number(o, "exact_high", s->exact.high);
        xcy_json_put_bool(o, "is_enough", s->is_enough);
        xcy_undecided_put(&s->counts, o);
        struct xcy_json *runs = xcy_json_put_array(o, "runs");
        for (size_t k = 0; k < s->side.n; k++) {
            struct xcy_json *run = xcy_json_append_object(runs);
            xcy_json_put_string(run, "path", s->side.runs[k].evidence.path);
            xcy_json_put_bool(run, "is_valid", s->side.runs[k].problem[0] == '\0');
            xcy_json_put_string(run, "problem", s->side.runs[k].problem);
        }
    }
}

static void put_pairs(struct xcy_json *root, const struct xcy_cost *c)
{
    struct xcy_json *list = xcy_json_put_array(root, "comparisons");
    for (size_t pair = 0; pair < XCY_N_COST_PAIRS; pair++) {
        if (c->has_pair[pair]) {
            struct xcy_json *o = xcy_json_append_object(list);
            xcy_json_put_string(o, "a", xcy_remedy_names[xcy_cost_pairs[pair][0]]);
            xcy_json_put_string(o, "b", xcy_remedy_names[xcy_cost_pairs[pair][1]]);
            struct xcy_json *figures = xcy_json_put_array(o, "figures");
            for (size_t i = 0; i < c->n_figures; i++) {
                xcy_contrast_put(&c->figures[pair][i], 0, xcy_json_append_object(figures));
            }
        }
    }
}

struct xcy_json *xcy_cost_to_json(const struct xcy_cost *c)
{
    const struct xcy_cost_setting *delay = c->remedies[XCY_REMEDY_DELAY];
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_buf words;
    xcy_buf_init(&words, 4096);
    xcy_cost_words(c, &words);
    xcy_json_put_int64(root, "format_version", 1);
    xcy_json_put(root, "combination",
                 xcy_combination_to_json(&c->runs[0].evidence.manifest.combination));
    xcy_json_put_number(root, "target", c->target);
    xcy_json_put_bool(root, "is_claimed", c->is_claimed);
    xcy_json_put_number(root, "delay_ms", delay ? (double)delay->delay_ms : NAN);
    put_curve(root, c);
    put_settings(root, c);
    put_pairs(root, c);
    xcy_json_put_int64(root, "tests", (int64_t)c->tests.of_figures);
    xcy_json_put_int64(root, "undecided_tests", (int64_t)c->tests.of_undecided);
    xcy_json_put_string(root, "words", words.ptr);
    xcy_buf_clear(&words);
    return root;
}
