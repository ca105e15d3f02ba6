#include "tests/support/folder.h"

#include "analyzers/compare/comparison.h"
#include "analyzers/compare/contrast_cells.h"
#include "common/base/mem.h"
#include "common/run/folder.h"
#include "common/stats/holm.h"
#include "tests/support/made_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A folder of runs, and what is asked of them. */
struct world {
    char *folder;
    struct xcy_stream *stream;
    struct xcy_metric_set metrics;
    struct xcy_comparison_settings settings;
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    w->folder = folder_new();
    w->stream = xcy_stream_new(7, "comparison");
    assert_ok(xcy_metric_set_read(NULL, &w->metrics, &err), &err);
    w->settings = (struct xcy_comparison_settings){
        .evidence = {.metrics = &w->metrics, .drift_ppm = XCY_DEFAULT_DRIFT_PPM, .n_threads = 1},
        .contrast = {.quantile = 0.5},
    };
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    folder_free(w->folder);
    xcy_stream_free(w->stream);
    xcy_metric_set_clear(&w->metrics);
    free(w);
    return 0;
}

/* Makes n rounds of it: side/<prefix>0, side/<prefix>1, … */
static void make(struct world *w, const char *side, const char *prefix, const struct made_run *run,
                 int n)
{
    for (int i = 0; i < n; i++) {
        char *name = xcy_format("%s/%s%d", side, prefix, i);
        made_run_write(run, w->stream, w->folder, name);
        free(name);
    }
}

static enum xcy_status try_compare(struct world *w, struct xcy_comparison *c, struct xcy_error *err)
{
    struct xcy_run_set a = {.n = 0};
    struct xcy_run_set b = {.n = 0};
    assert_ok(xcy_run_set_add(&a, w->folder, "a", err), err);
    assert_ok(xcy_run_set_add(&b, w->folder, "b", err), err);
    enum xcy_status status = xcy_comparison_make(&a, &b, &w->settings, c, err);
    xcy_run_set_clear(&a);
    xcy_run_set_clear(&b);
    return status;
}

static struct xcy_comparison compare(struct world *w)
{
    struct xcy_error err;
    struct xcy_comparison c;
    assert_ok(try_compare(w, &c, &err), &err);
    return c;
}

static const struct xcy_contrast *figure(const struct xcy_comparison *c, size_t cell,
                                         const char *name)
{
    for (size_t i = 0; i < c->cells[cell].n; i++) {
        const struct xcy_contrast *contrast = &c->cells[cell].contrasts[i];
        if (strcmp(xcy_contrast_name(contrast), name) == 0) {
            return contrast;
        }
    }
    fail_msg("no %s", name);
    return NULL;
}

static void assert_words(const struct world *w, const struct xcy_contrast *contrast,
                         const char *words)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 4096);
    xcy_contrast_words(contrast, w->settings.contrast.margin, &text);
    if (!strstr(text.ptr, words)) {
        fail_msg("'%s' is not in: %s", words, text.ptr);
    }
    xcy_buf_clear(&text);
}

static void assert_total(const struct xcy_comparison *c, const char *words)
{
    struct xcy_buf text;
    xcy_buf_init(&text, XCY_COMPARISON_WORDS_BYTES);
    xcy_comparison_words(c, &text);
    if (!strstr(text.ptr, words)) {
        fail_msg("'%s' is not in: %s", words, text.ptr);
    }
    xcy_buf_clear(&text);
}

static void a_slower_run_is_said_to_be_slower_by_what_was_added(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 1);
    run.write_shift_us = 8000;
    make(w, "b", "x", &run, 1);
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *write = figure(&c, 0, "write_latency");
    assert_int_equal(write->found, XCY_FOUND_LARGER);
    assert_false(write->of_rounds);
    assert_true(write->shift.interval.low < 8000 && write->shift.interval.high > 8000);
    assert_true(write->shift.interval.low > 4000);
    assert_true(write->clock.low == 0 && write->clock.high == 0);
    assert_words(w, write, " longer, 95% CI +");
    const struct xcy_contrast *read = figure(&c, 0, "read_latency");
    assert_int_equal(read->found, XCY_FOUND_NO_DIFFERENCE);
    assert_words(w, read, "no difference found: shift +0.000 ms");
    xcy_comparison_clear(&c);
}

static void a_share_is_compared_by_its_counts(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    run.inconsistent = 0.6;
    make(w, "a", "x", &run, 1);
    run.inconsistent = 0;
    make(w, "b", "x", &run, 1);
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *share = figure(&c, 0, "inconsistent");
    assert_int_equal(share->found, XCY_FOUND_SMALLER);
    assert_string_equal(share->test, "fisher");
    assert_int_equal(share->events[1], 0);
    assert_true(share->shift.interval.low > -0.75 && share->shift.interval.high < -0.45);
    assert_true(share->p < 1e-6 && share->p_adjusted >= share->p);
    assert_words(w, share, "pts lower");
    xcy_comparison_clear(&c);
}

/* Nothing bounds these clocks: no gather ran beside the load. */
static void a_difference_that_clocks_could_make_is_not_called_one(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 1);
    run.consistency = XCY_CONSISTENCY_ANTIPODE;
    make(w, "b", "x", &run, 1);
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *window = figure(&c, 0, "window_as_published");
    assert_true(window->shift.estimate.low > 15000);
    assert_true(window->p < 1e-6);
    assert_int_equal(window->found, XCY_FOUND_WITHIN_CLOCKS);
    assert_words(w, window, "which chance and the clocks can make");
    const struct xcy_contrast *barrier = figure(&c, 0, "barrier_cost");
    assert_int_equal(barrier->found, XCY_FOUND_NO_VALUES);
    assert_words(w, barrier, "only B has values");
    xcy_comparison_clear(&c);
}

static void two_rounds_are_too_few(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 2);
    run.write_shift_us = 8000;
    make(w, "b", "x", &run, 5);
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *write = figure(&c, 0, "write_latency");
    assert_true(write->of_rounds);
    assert_int_equal(write->found, XCY_FOUND_TOO_FEW);
    assert_true(isnan(write->p) && !write->shift.exists && !write->log_ratio.exists);
    assert_false(write->sides[0].has_interval);
    assert_true(write->sides[1].has_interval && isnan(write->spread[1].low));
    assert_true(write->spread[0].low < write->sides[0].low_us);
    assert_true(write->spread[0].high > write->sides[0].low_us);
    char text[XCY_CONTRAST_CELL_BYTES];
    xcy_contrast_side_cell(write, 0, text);
    assert_non_null(strstr(text, " ms (2 rounds: "));
    assert_int_equal(c.tests.of_figures, 0);
    assert_words(w, write, "too few rounds (2 and 5; each side needs 3)");
    xcy_comparison_clear(&c);
}

static void rounds_are_the_unit_where_there_are_several(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 5);
    run.write_shift_us = 8000;
    run.context_bytes = 60;
    make(w, "b", "x", &run, 5);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_cells, 1);
    const struct xcy_contrast *write = figure(&c, 0, "write_latency");
    assert_int_equal(write->n[0], 5);
    assert_string_equal(write->test, "welch");
    assert_int_equal(write->found, XCY_FOUND_LARGER);
    assert_true(write->shift.interval.low < 8000 && write->shift.interval.high > 8000);
    /* A share that is 0 in every round is no finding. */
    assert_int_equal(figure(&c, 0, "inconsistent")->found, XCY_FOUND_NO_DIFFERENCE);
    const struct xcy_contrast *bytes = figure(&c, 0, "notification");
    assert_true(bytes->shift.interval.low == 60 && bytes->shift.interval.high == 60);
    assert_words(w, bytes, "B is 60 (+15.0%) larger");
    xcy_comparison_clear(&c);
}

static void a_quantile_is_named_and_not_made_of_too_few_values(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"write_latency"};
    struct xcy_error err;
    struct xcy_comparison c;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 3);
    run.n = 99;
    make(w, "b", "x", &run, 3);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    w->settings.contrast.quantile = 0.99;
    assert_status(try_compare(w, &c, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "--quantile 0.99 needs 100 values of each round, and "));
    assert_non_null(strstr(err.text, " has 99 of write_latency"));
    w->settings.contrast.quantile = 0.9;
    c = compare(w);
    struct xcy_buf text;
    xcy_buf_init(&text, XCY_COMPARISON_WORDS_BYTES);
    xcy_comparison_print(&c, &text);
    assert_non_null(strstr(text.ptr, "the p90 of each round"));
    xcy_buf_clear(&text);
    xcy_comparison_clear(&c);
}

static void campaigns_are_compared_cell_by_cell(void **state)
{
    struct world *w = *state;
    struct made_run dynamo = made_run_plain();
    struct made_run s3 = made_run_plain();
    s3.post_storage = XCY_POST_S3;
    make(w, "a", "d", &dynamo, 3);
    make(w, "a", "s", &s3, 3);
    s3.write_shift_us = 9000;
    struct made_run cache = made_run_plain();
    cache.post_storage = XCY_POST_CACHE;
    make(w, "b", "s", &s3, 3);
    make(w, "b", "d", &dynamo, 3);
    make(w, "b", "c", &cache, 3);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_cells, 2);
    assert_string_equal(c.cells[0].pair->label, "dynamo");
    assert_string_equal(c.cells[1].pair->label, "s3");
    assert_int_equal(c.cells[1].pair->n[1], 3);
    assert_int_equal(figure(&c, 0, "write_latency")->found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(figure(&c, 1, "write_latency")->found, XCY_FOUND_LARGER);
    assert_int_equal(c.n_alone, 1);
    assert_string_equal(c.alone[0]->label, "cache");
    /* Nothing is known of when posts became visible that the first read found: no test is made of it. */
    assert_int_equal(figure(&c, 0, "race_margin")->found, XCY_FOUND_UNBOUNDED);
    assert_int_equal(c.tests.of_figures, c.cells[0].n + c.cells[1].n - 2);
    xcy_comparison_clear(&c);
}

/* One consistency throughout A, another throughout B: it does not keep the cells apart. */
static void what_the_sides_differ_by_is_what_is_compared(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "d", &run, 1);
    run.consistency = XCY_CONSISTENCY_ANTIPODE;
    run.rate_per_s = 50;
    make(w, "b", "d", &run, 1);
    run.post_storage = XCY_POST_S3;
    make(w, "b", "s", &run, 1);
    run.consistency = XCY_CONSISTENCY_NONE;
    run.rate_per_s = 100;
    make(w, "a", "s", &run, 1);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_cells, 2);
    assert_int_equal(c.cells[0].n_unlike, 2);
    const struct xcy_unlike *unlike = c.cells[0].unlike;
    assert_int_equal(unlike[0].fact, XCY_FACT_CONSISTENCY);
    assert_true(unlike[0].is_subject);
    assert_string_equal(unlike[0].text[0], "none");
    assert_string_equal(unlike[0].text[1], "antipode");
    assert_int_equal(unlike[1].fact, XCY_FACT_RATE_PER_S);
    assert_false(unlike[1].is_subject);
    xcy_comparison_clear(&c);
}

#define LONG_PATH                                                                                  \
    "plans/of-a-service-with-a-long-name/in-a-folder-with-a-long-name/of-a-day-with-a-long-name/"

/* Their paths differ behind their 90th character only. */
static void load_plans_are_told_apart_by_their_whole_path(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    run.arrivals = LONG_PATH "morning.yml";
    make(w, "a", "m", &run, 1);
    make(w, "b", "m", &run, 1);
    run.arrivals = LONG_PATH "evening.yml";
    make(w, "a", "e", &run, 1);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_cells, 1);
    assert_int_equal(c.n_alone, 1);
    assert_true(strcmp(c.cells[0].pair->label, c.alone[0]->label) != 0);
    xcy_comparison_clear(&c);
}

static void a_load_plan_that_is_not_alike_is_told_in_full(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    run.arrivals = LONG_PATH "morning.yml";
    make(w, "a", "m", &run, 1);
    run.arrivals = LONG_PATH "evening.yml";
    make(w, "b", "e", &run, 1);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.cells[0].n_unlike, 1);
    assert_string_equal(c.cells[0].unlike[0].text[1], LONG_PATH "evening.yml");
    xcy_comparison_clear(&c);
}

static void cells_without_a_like_are_refused(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_comparison c;
    struct made_run run = made_run_plain();
    make(w, "a", "d", &run, 1);
    run.delay_ms = 100;
    make(w, "a", "e", &run, 1);
    run.delay_ms = 200;
    make(w, "b", "d", &run, 1);
    assert_status(try_compare(w, &c, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "no cell of A has its like in B"));
}

static void a_run_that_is_not_valid_is_counted_and_named(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 1);
    run.is_broken = true;
    make(w, "b", "x", &run, 1);
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_not_valid, 1);
    assert_non_null(strstr(c.cells[0].runs[1][0].problem, "GENERATOR_LIMITED"));
    xcy_comparison_clear(&c);
}

/* Of rounds whose writes differ by 8 ms; what of a margin of 2 % and one of 300 %. */
static void a_margin_is_met_only_by_what_is_shown(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"write_latency"};
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 5);
    run.write_shift_us = 8000;
    make(w, "b", "x", &run, 5);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    w->settings.expect = XCY_EXPECT_EQUIVALENT;
    static const struct {
        double margin;
        enum xcy_tost_verdict verdict;
        size_t n_missed;
    } cases[] = {
        {0.02, XCY_TOST_DIFFERENT, 1}, {0.8, XCY_TOST_UNDECIDED, 1}, {3, XCY_TOST_EQUIVALENT, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        w->settings.contrast.margin = cases[i].margin;
        struct xcy_comparison c = compare(w);
        assert_int_equal(c.cells[0].n, 1);
        assert_int_equal(c.cells[0].contrasts[0].equivalence, cases[i].verdict);
        assert_int_equal(c.n_missed, cases[i].n_missed);
        xcy_comparison_clear(&c);
    }
}

static void not_worse_is_missed_by_what_is_found_worse(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"write_latency", "read_latency"};
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 5);
    run.write_shift_us = 8000;
    make(w, "b", "x", &run, 5);
    w->settings.figures = names;
    w->settings.n_figures = 2;
    w->settings.expect = XCY_EXPECT_NOT_WORSE;
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.n_missed, 1);
    assert_true(xcy_contrast_is_missed(figure(&c, 0, "write_latency"), &w->settings));
    xcy_comparison_clear(&c);
    w->settings.contrast.margin = 3;
    c = compare(w);
    assert_int_equal(c.n_missed, 0);
    xcy_comparison_clear(&c);
}

/* Of zero bytes on both sides there is no ratio, and yet nothing is more equal. */
static void nothing_is_equivalent_to_nothing(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"context"};
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 1);
    make(w, "b", "x", &run, 1);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    w->settings.contrast.margin = 0.02;
    struct xcy_comparison c = compare(w);
    assert_int_equal(c.cells[0].contrasts[0].equivalence, XCY_TOST_EQUIVALENT);
    xcy_comparison_clear(&c);
}

/* A matrix is one family: the p of each cell is adjusted for the tests of all. */
static void p_values_are_adjusted_over_the_whole_matrix(void **state)
{
    struct world *w = *state;
    enum { CELLS = 4, FIGURES = 3, ALL = CELLS * FIGURES };
    static const char *const names[] = {"inconsistent", "write_latency", "response"};
    w->settings.figures = names;
    w->settings.n_figures = FIGURES;
    for (int store = 0; store < CELLS; store++) {
        struct made_run run = made_run_plain();
        char name[] = {(char)('p' + store), '\0'};
        run.inconsistent = 0.5;
        run.post_storage = (enum xcy_post_storage)store;
        make(w, "a", name, &run, 1);
        run.write_shift_us = 1000 * store;
        make(w, "b", name, &run, 1);
    }
    struct xcy_comparison c = compare(w);
    double p[ALL];
    assert_int_equal(c.tests.of_figures, ALL);
    for (size_t i = 0; i < ALL; i++) {
        p[i] = c.cells[i / FIGURES].contrasts[i % FIGURES].p;
    }
    xcy_holm(p, ALL, p);
    for (size_t i = 0; i < ALL; i++) {
        assert_true(p[i] == c.cells[i / FIGURES].contrasts[i % FIGURES].p_adjusted);
    }
    assert_total(&c, "figures: mysql: write latency longer, ");
    xcy_comparison_clear(&c);
}

static void throughput_is_of_rounds_and_less_of_it_is_worse(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"throughput"};
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 4);
    run.rate_per_s = 50;
    make(w, "b", "x", &run, 4);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    w->settings.expect = XCY_EXPECT_NOT_WORSE;
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *throughput = figure(&c, 0, "throughput");
    /* 100 requests in 99 gaps of 10 ms, and the response of the last, of 10 ms or more */
    assert_true(throughput->sides[0].low_us > 95 && throughput->sides[0].low_us < 100);
    assert_int_equal(throughput->found, XCY_FOUND_SMALLER);
    assert_true(throughput->shift.interval.low > -51 && throughput->shift.interval.high < -48);
    assert_words(w, throughput, "/s (-49.");
    assert_int_equal(c.n_missed, 1);
    assert_total(
        &c, "B differs in 1 of 1 figure: throughput lower; expected: not-worse, which 1 misses");
    xcy_comparison_clear(&c);
}

static void how_many_rounds_a_margin_needs_is_said(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"write_latency", "inconsistent"};
    struct made_run run = made_run_plain();
    run.inconsistent = 0.5;
    run.n = 300;
    make(w, "a", "x", &run, 4);
    make(w, "b", "x", &run, 4);
    w->settings.figures = names;
    w->settings.n_figures = 2;
    w->settings.contrast.margin = 0.05;
    struct xcy_comparison c = compare(w);
    for (size_t i = 0; i < 2; i++) {
        const struct xcy_contrast *contrast = figure(&c, 0, names[i]);
        assert_int_equal(contrast->equivalence, XCY_TOST_UNDECIDED);
        assert_true(contrast->needs_rounds > 4);
        assert_words(w, contrast, ": if rounds vary as these do, that needs ");
    }
    assert_total(&c, "no difference found in 2 figures; 0 shown to be equivalent within 5%");
    xcy_comparison_clear(&c);
}

/* The same to the microsecond, by clocks that nothing bounds. */
static void what_two_clocks_say_is_the_same_is_not_called_equivalent(void **state)
{
    struct world *w = *state;
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 3);
    make(w, "b", "x", &run, 3);
    w->settings.contrast.margin = 0.5;
    w->settings.expect = XCY_EXPECT_EQUIVALENT;
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *notification = figure(&c, 0, "notification_latency");
    assert_true(notification->shift.estimate.low == 0 && notification->shift.estimate.high == 0);
    assert_int_equal(notification->equivalence, XCY_TOST_UNDECIDED);
    assert_int_equal(figure(&c, 0, "read_latency")->equivalence, XCY_TOST_EQUIVALENT);
    /* Nor is it asked of it, as nobody named it. */
    assert_false(xcy_contrast_is_missed(notification, &w->settings));
    assert_int_equal(c.n_missed, 0);
    xcy_comparison_clear(&c);
}

/* Three of ten requests of B are never read. */
static void make_one_that_gives_up(struct world *w, int rounds)
{
    struct made_run run = made_run_plain();
    run.n = 200;
    make(w, "a", "x", &run, rounds);
    run.failed = 0.3;
    make(w, "b", "x", &run, rounds);
}

static void requests_that_were_never_read_are_worse(void **state)
{
    struct world *w = *state;
    make_one_that_gives_up(w, 4);
    w->settings.expect = XCY_EXPECT_NOT_WORSE;
    struct xcy_comparison c = compare(w);
    const struct xcy_contrast *undecided = figure(&c, 0, "undecided");
    assert_int_equal(undecided->found, XCY_FOUND_LARGER);
    assert_true(undecided->of_rounds && undecided->cases[1] == 800);
    assert_true(undecided->shift.interval.low < 0.3 && undecided->shift.interval.high > 0.3);
    assert_true(undecided->shift.interval.low > 0.2);
    assert_words(w, undecided, "pts higher");
    assert_int_equal(figure(&c, 0, "inconsistent")->found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(c.n_missed, 1);
    assert_true(xcy_contrast_is_missed(undecided, &w->settings));
    assert_total(&c, "; UNDECIDED: A none of 800 requests, B ");
    xcy_comparison_clear(&c);
}

static char *printed(const struct xcy_comparison *c,
                     void (*print)(const struct xcy_comparison *, struct xcy_buf *))
{
    struct xcy_buf text;
    xcy_buf_init(&text, XCY_COMPARISON_WORDS_BYTES);
    print(c, &text);
    return xcy_buf_take(&text);
}

static void undecided_requests_are_told_whatever_figure_is_asked_for(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"inconsistent"};
    static void (*const forms[])(const struct xcy_comparison *, struct xcy_buf *) = {
        xcy_comparison_print, xcy_comparison_print_markdown, xcy_comparison_print_junit};
    make_one_that_gives_up(w, 1);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    struct xcy_comparison c = compare(w);
    struct xcy_counts b = xcy_compared_cell_counts(&c.cells[0], 1);
    long long n_failed = (long long)b.classes[XCY_CLASS_FAILED];
    assert_true(n_failed > 30 && n_failed < 90);
    assert_int_equal(c.cells[0].n, 1);
    char *words = xcy_format("UNDECIDED: A none of 200 requests, B %lld of 200 requests (%g%%: "
                             "0 lost, %lld failed, 0 skipped)",
                             n_failed, (double)n_failed / 2, n_failed);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char *text = printed(&c, forms[i]);
        assert_non_null(strstr(text, words));
        free(text);
    }
    free(words);
    xcy_comparison_clear(&c);
}

static void where_all_requests_were_read_there_is_no_row_for_others(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"undecided"};
    struct made_run run = made_run_plain();
    make(w, "a", "x", &run, 1);
    make(w, "b", "x", &run, 1);
    struct xcy_comparison c = compare(w);
    char *text = printed(&c, xcy_comparison_print);
    assert_non_null(strstr(text, "  undecided: A none of 100 requests, B none of 100 requests\n"));
    assert_null(strstr(text, "UNDECIDED"));
    free(text);
    assert_int_equal(c.tests.of_undecided, 0);
    assert_string_equal(xcy_contrast_name(&c.cells[0].contrasts[0]), "inconsistent");
    assert_true(strcmp(xcy_contrast_name(&c.cells[0].contrasts[1]), "undecided") != 0);
    xcy_comparison_clear(&c);
    w->settings.figures = names;
    w->settings.n_figures = 1;
    c = compare(w);
    assert_int_equal(figure(&c, 0, "undecided")->found, XCY_FOUND_NO_DIFFERENCE);
    assert_int_equal(figure(&c, 0, "undecided")->cases[1], 100);
    assert_total(&c, "no difference found in 1 figure");
    xcy_comparison_clear(&c);
}

/* Among the dozen others the p of one that is undecided would not be adjusted to itself. */
static void undecided_requests_are_tested_among_themselves(void **state)
{
    struct world *w = *state;
    double p[64];
    size_t n = 0;
    make_one_that_gives_up(w, 4);
    struct xcy_comparison c = compare(w);
    for (size_t i = 0; i < c.cells[0].n; i++) {
        const struct xcy_contrast *contrast = &c.cells[0].contrasts[i];
        if (contrast->kind == XCY_KIND_UNDECIDED) {
            assert_true(contrast->p_adjusted == contrast->p && contrast->p < 0.01);
        } else {
            p[n++] = contrast->p;
        }
    }
    xcy_holm(p, n, p);
    n = 0;
    for (size_t i = 0; i < c.cells[0].n; i++) {
        const struct xcy_contrast *contrast = &c.cells[0].contrasts[i];
        if (contrast->kind != XCY_KIND_UNDECIDED) {
            assert_true(isnan(p[n]) || p[n] == contrast->p_adjusted);
            n++;
        }
    }
    assert_int_equal(c.tests.of_undecided, 1);
    char *text = printed(&c, xcy_comparison_print);
    assert_non_null(strstr(text, ", and 1 of undecided; p is adjusted for all of each (Holm)"));
    free(text);
    xcy_comparison_clear(&c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slower_run_is_said_to_be_slower_by_what_was_added),
        TEST(a_share_is_compared_by_its_counts),
        TEST(a_difference_that_clocks_could_make_is_not_called_one),
        TEST(two_rounds_are_too_few),
        TEST(rounds_are_the_unit_where_there_are_several),
        TEST(a_quantile_is_named_and_not_made_of_too_few_values),
        TEST(campaigns_are_compared_cell_by_cell),
        TEST(what_the_sides_differ_by_is_what_is_compared),
        TEST(load_plans_are_told_apart_by_their_whole_path),
        TEST(a_load_plan_that_is_not_alike_is_told_in_full),
        TEST(cells_without_a_like_are_refused),
        TEST(a_run_that_is_not_valid_is_counted_and_named),
        TEST(a_margin_is_met_only_by_what_is_shown),
        TEST(not_worse_is_missed_by_what_is_found_worse),
        TEST(nothing_is_equivalent_to_nothing),
        TEST(p_values_are_adjusted_over_the_whole_matrix),
        TEST(throughput_is_of_rounds_and_less_of_it_is_worse),
        TEST(how_many_rounds_a_margin_needs_is_said),
        TEST(what_two_clocks_say_is_the_same_is_not_called_equivalent),
        TEST(requests_that_were_never_read_are_worse),
        TEST(undecided_requests_are_told_whatever_figure_is_asked_for),
        TEST(where_all_requests_were_read_there_is_no_row_for_others),
        TEST(undecided_requests_are_tested_among_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
