#include "tests/support/folder.h"

#include "analyzers/compare/contrast_cells.h"
#include "analyzers/cost/cost.h"
#include "common/base/mem.h"
#include "tests/support/made_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs of one store: three of five reads are inconsistent, by 0 to 100 ms; a barrier costs the reader 20 ms
 * and 60 bytes. So 0.6 (1 - d / 100 ms) are left behind a delay d. */
struct world {
    char *folder;
    struct xcy_stream *stream;
    struct xcy_metric_set metrics;
    size_t n; /* runs made */
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    *w = (struct world){.folder = folder_new()};
    w->stream = xcy_stream_new(7, "cost");
    assert_ok(xcy_metric_set_read(NULL, &w->metrics, &err), &err);
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

static struct made_run plain(void)
{
    struct made_run run = made_run_plain();
    run.n = 300;
    run.inconsistent = 0.6;
    run.is_live = true;
    return run;
}

static struct made_run delayed(int64_t delay_ms)
{
    struct made_run run = plain();
    run.delay_ms = delay_ms;
    return run;
}

static struct made_run behind_a_barrier(double residual)
{
    struct made_run run = plain();
    run.consistency = XCY_CONSISTENCY_ANTIPODE;
    run.residual = residual;
    run.context_bytes = 60;
    return run;
}

static void make(struct world *w, struct made_run run, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        char *name = xcy_format("%zu", w->n++);
        made_run_write(&run, w->stream, w->folder, name);
        free(name);
    }
}

static enum xcy_status try_reckon(const struct world *w, struct xcy_cost *cost,
                                  struct xcy_error *err)
{
    const struct xcy_evidence_settings settings = {
        .metrics = &w->metrics, .drift_ppm = XCY_DEFAULT_DRIFT_PPM, .n_threads = 1};
    struct xcy_run_set set = {.n = 0};
    assert_ok(xcy_run_set_add(&set, ".", w->folder, err), err);
    assert_int_equal(set.n, w->n);
    enum xcy_status status = xcy_cost_make(&set, &settings, cost, err);
    xcy_run_set_clear(&set);
    return status;
}

static struct xcy_cost reckon(const struct world *w)
{
    struct xcy_error err;
    struct xcy_cost cost;
    assert_ok(try_reckon(w, &cost, &err), &err);
    return cost;
}

static void assert_refused(const struct world *w, const char *words)
{
    struct xcy_error err;
    struct xcy_cost cost;
    assert_status(try_reckon(w, &cost, &err), XCY_EUSAGE, &err);
    if (!strstr(err.text, words)) {
        fail_msg("'%s' is not in: %s", words, err.text);
    }
}

static void assert_words(const struct xcy_cost *cost, const char *words)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 4096);
    xcy_cost_words(cost, &text);
    if (!strstr(text.ptr, words)) {
        fail_msg("'%s' is not in: %s", words, text.ptr);
    }
    xcy_buf_clear(&text);
}

static const struct xcy_shift *shift(const struct xcy_cost *cost, enum xcy_cost_pair pair,
                                     const char *name)
{
    for (size_t i = 0; i < cost->n_figures; i++) {
        if (strcmp(xcy_contrast_name(&cost->figures[pair][i]), name) == 0) {
            return &cost->figures[pair][i].shift;
        }
    }
    fail_msg("no %s", name);
    return NULL;
}

static void assert_holds(const struct xcy_shift *s, double truth)
{
    assert_true(s->exists && s->interval.low <= truth && truth <= s->interval.high);
}

static void a_barrier_and_the_least_delay_that_is_as_good_stand_side_by_side(void **state)
{
    struct world *w = *state;
    make(w, behind_a_barrier(0), 3);
    make(w, delayed(150), 3);
    make(w, delayed(50), 3);
    make(w, delayed(100), 3);
    make(w, plain(), 3);
    struct xcy_cost cost = reckon(w);
    assert_int_equal(cost.n_settings, 5);
    assert_int_equal(cost.remedies[XCY_REMEDY_DELAY]->delay_ms, 100);
    assert_int_equal(cost.remedies[XCY_REMEDY_NONE]->side.n, 3);
    assert_holds(shift(&cost, XCY_COST_OF_DELAY, "response"), 100000);
    assert_holds(shift(&cost, XCY_COST_OF_DELAY, "window_as_published"), 100000);
    assert_holds(shift(&cost, XCY_COST_OF_BARRIER, "window_as_published"), 20000);
    assert_holds(shift(&cost, XCY_COST_OF_CHOICE, "window_as_published"), -80000);
    assert_holds(shift(&cost, XCY_COST_OF_BARRIER, "notification"), 60);
    assert_holds(shift(&cost, XCY_COST_OF_DELAY, "notification"), 0);
    assert_int_equal(cost.tests.of_figures, XCY_N_COST_PAIRS * XCY_COST_UNDECIDED);
    assert_words(&cost,
                 "of the delays that were run 100 ms is the least of which no more can be claimed");
    xcy_cost_clear(&cost);
}

/* Of nothing left, 0.41 % can be claimed of 900; the delay for that is 99.3 ms. */
static void a_barrier_that_left_nothing_is_taken_for_what_can_be_claimed(void **state)
{
    struct world *w = *state;
    make(w, plain(), 3);
    make(w, behind_a_barrier(0), 3);
    struct xcy_cost cost = reckon(w);
    assert_true(cost.is_claimed && cost.has_curve);
    assert_true(fabs(cost.target - (1 - pow(0.025, 1.0 / 900))) < 1e-9);
    assert_true(cost.needed.has_interval);
    double truth_us = 1e5 * (1 - cost.target / 0.6);
    assert_true(cost.needed.interval_us.low <= truth_us);
    assert_true(truth_us <= cost.needed.interval_us.high);
    assert_true(cost.needed.interval_us.high - cost.needed.interval_us.low < 1e4);
    assert_null(cost.remedies[XCY_REMEDY_DELAY]);
    assert_false(cost.has_pair[XCY_COST_OF_CHOICE]);
    assert_words(&cost, "no run is behind a delay; for at most 0.41% the curve");
    assert_words(&cost, ": run delay_ms: ");
    xcy_cost_clear(&cost);
}

/* 15 % are left behind the barrier, and behind 75 ms. */
static void a_delay_is_tuned_to_what_the_barrier_left(void **state)
{
    struct world *w = *state;
    make(w, plain(), 3);
    make(w, delayed(60), 3);
    make(w, delayed(90), 3);
    make(w, behind_a_barrier(0.15), 3);
    struct xcy_cost cost = reckon(w);
    const struct xcy_cost_setting *barrier = cost.remedies[XCY_REMEDY_BARRIER];
    assert_true(barrier->share.events > 90 && barrier->share.events < 180);
    assert_false(cost.is_claimed);
    assert_true(cost.target == (double)barrier->share.events / 900);
    assert_int_equal(cost.remedies[XCY_REMEDY_DELAY]->delay_ms, 90);
    double truth_us = 1e5 * (1 - cost.target / 0.6);
    assert_true(cost.needed.interval_us.low <= truth_us);
    assert_true(truth_us <= cost.needed.interval_us.high);
    xcy_cost_clear(&cost);
}

/* 0 of 60 may be as much as 5.96 %; behind 98 ms 1.2 % are left, of 300 at most 3.4 % for certain. */
static void a_delay_is_enough_that_leaves_no_more_than_can_be_claimed(void **state)
{
    struct world *w = *state;
    struct made_run barrier = behind_a_barrier(0);
    barrier.n = 60;
    make(w, barrier, 1);
    make(w, plain(), 1);
    make(w, delayed(50), 1);
    make(w, delayed(98), 1);
    struct xcy_cost cost = reckon(w);
    assert_true(cost.remedies[XCY_REMEDY_DELAY]->share.events > 0);
    assert_int_equal(cost.remedies[XCY_REMEDY_DELAY]->delay_ms, 98);
    assert_words(&cost, "98 ms is the least of which no more can be claimed to be left than of the "
                        "barrier, as of all longer ones");
    xcy_cost_clear(&cost);
}

/* 0 of 300 may be 1.2 %, 0 of 60 as much as 5.96 %: of so few reads that delay is not as good. */
static void a_delay_that_was_measured_less_is_not_shown_to_be_enough(void **state)
{
    struct world *w = *state;
    struct made_run delay = delayed(150);
    delay.n = 60;
    make(w, plain(), 1);
    make(w, delay, 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_int_equal(cost.settings[1].share.events, 0);
    assert_null(cost.remedies[XCY_REMEDY_DELAY]);
    assert_words(&cost,
                 "no delay that was run is shown to be enough: of 150 ms, which left 0 of 60, "
                 "as little as of the barrier can be claimed from n >= 300 on");
    xcy_cost_clear(&cost);
}

/* The run behind 50 ms was of a store that has no races. */
static void a_delay_is_not_enough_where_a_longer_one_is_not(void **state)
{
    struct world *w = *state;
    struct made_run lucky = delayed(50);
    lucky.inconsistent = 0;
    make(w, plain(), 1);
    make(w, lucky, 1);
    make(w, delayed(70), 1);
    make(w, delayed(150), 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_int_equal(cost.settings[1].share.events, 0);
    assert_false(cost.settings[1].is_enough);
    assert_int_equal(cost.remedies[XCY_REMEDY_DELAY]->delay_ms, 150);
    xcy_cost_clear(&cost);
}

static void assert_printed(const struct xcy_cost *cost, const char *words)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_cost_print(cost, &text);
    assert_non_null(strstr(text.ptr, words));
    xcy_buf_clear(&text);
}

static void the_unit_is_told_with_the_costs(void **state)
{
    struct world *w = *state;
    make(w, plain(), 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_string_equal(cost.figures[XCY_COST_OF_BARRIER][1].test, "mann_whitney");
    assert_printed(&cost, "unit: the request");
    xcy_cost_clear(&cost);
    make(w, plain(), 2);
    make(w, behind_a_barrier(0), 2);
    cost = reckon(w);
    assert_string_equal(cost.figures[XCY_COST_OF_BARRIER][1].test, "welch");
    assert_printed(&cost, "unit: the round");
    xcy_cost_clear(&cost);
}

static void where_no_delay_is_enough_it_is_said(void **state)
{
    struct world *w = *state;
    make(w, plain(), 1);
    make(w, delayed(50), 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_null(cost.remedies[XCY_REMEDY_DELAY]);
    assert_words(&cost, "not even the longest delay that was run, 50 ms, left as little as can be "
                        "claimed of the barrier");
    xcy_cost_clear(&cost);
}

static void where_nothing_is_inconsistent_no_remedy_is_needed(void **state)
{
    struct world *w = *state;
    struct made_run run = plain();
    run.inconsistent = 0;
    make(w, run, 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_words(&cost, "no remedy is needed");
    xcy_cost_clear(&cost);
}

/* The barrier gives up in two of five requests, and so leaves nothing inconsistent, of those that are left;
 * the delay of 150 ms loses none. */
static void a_remedy_that_leaves_requests_undecided_does_not_hide_it(void **state)
{
    struct world *w = *state;
    struct made_run barrier = behind_a_barrier(0);
    barrier.failed = 0.4;
    make(w, plain(), 3);
    make(w, delayed(150), 3);
    make(w, barrier, 3);
    struct xcy_cost cost = reckon(w);
    const struct xcy_cost_setting *s = cost.remedies[XCY_REMEDY_BARRIER];
    int64_t n_failed = s->counts.classes[XCY_CLASS_FAILED];
    assert_true(n_failed > 270 && n_failed < 450);
    assert_int_equal(s->share.n, 900 - n_failed);
    assert_int_equal(cost.n_figures, XCY_N_COST_FIGURES);
    assert_holds(shift(&cost, XCY_COST_OF_BARRIER, "undecided"), 0.4);
    assert_holds(shift(&cost, XCY_COST_OF_CHOICE, "undecided"), 0.4);
    assert_holds(shift(&cost, XCY_COST_OF_DELAY, "undecided"), 0);
    const struct xcy_contrast *undecided = &cost.figures[XCY_COST_OF_CHOICE][XCY_COST_UNDECIDED];
    assert_int_equal(undecided->found, XCY_FOUND_LARGER);
    assert_int_equal(cost.tests.of_figures, XCY_N_COST_PAIRS * XCY_COST_UNDECIDED);
    assert_int_equal(cost.tests.of_undecided, XCY_N_COST_PAIRS);
    assert_words(&cost, "; with the barrier ");
    assert_words(&cost,
                 " failed, 0 skipped) are undecided, without a remedy none of 900 requests: ");
    assert_printed(&cost, " inconsistent, <= 0.41%; undecided: none of 900 requests; the least");
    assert_printed(&cost, "; UNDECIDED: ");
    xcy_cost_clear(&cost);
}

static void where_all_requests_were_read_none_is_told_to_be_undecided(void **state)
{
    struct world *w = *state;
    make(w, plain(), 1);
    make(w, behind_a_barrier(0), 1);
    struct xcy_cost cost = reckon(w);
    assert_int_equal(cost.n_figures, XCY_COST_UNDECIDED);
    assert_int_equal(cost.tests.of_undecided, 0);
    struct xcy_buf words;
    xcy_buf_init(&words, 4096);
    xcy_cost_words(&cost, &words);
    assert_null(strstr(words.ptr, "undecided"));
    xcy_buf_clear(&words);
    assert_printed(&cost, "undecided: none of 300 requests\n");
    xcy_cost_clear(&cost);
}

static void runs_that_cannot_be_held_against_each_other_are_refused(void **state)
{
    struct world *w = *state;
    make(w, plain(), 1);
    assert_refused(w, "no run is behind a barrier");
    make(w, behind_a_barrier(0), 1);
    struct made_run other = delayed(100);
    other.rate_per_s = 50;
    make(w, other, 1);
    assert_refused(w, "its rate_per_s is 50, that of ");
    other = behind_a_barrier(0);
    other.delay_ms = 10;
    made_run_write(&other, w->stream, w->folder, "2");
    assert_refused(w, "behind a barrier and a delay at once");
}

static void a_delay_alone_is_no_run_without_a_remedy(void **state)
{
    struct world *w = *state;
    make(w, delayed(50), 1);
    make(w, behind_a_barrier(0), 1);
    assert_refused(w, "no run is of consistency none and delay 0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_barrier_and_the_least_delay_that_is_as_good_stand_side_by_side),
        TEST(a_barrier_that_left_nothing_is_taken_for_what_can_be_claimed),
        TEST(a_delay_is_tuned_to_what_the_barrier_left),
        TEST(a_delay_is_enough_that_leaves_no_more_than_can_be_claimed),
        TEST(a_delay_that_was_measured_less_is_not_shown_to_be_enough),
        TEST(a_delay_is_not_enough_where_a_longer_one_is_not),
        TEST(the_unit_is_told_with_the_costs),
        TEST(where_no_delay_is_enough_it_is_said),
        TEST(where_nothing_is_inconsistent_no_remedy_is_needed),
        TEST(a_remedy_that_leaves_requests_undecided_does_not_hide_it),
        TEST(where_all_requests_were_read_none_is_told_to_be_undecided),
        TEST(runs_that_cannot_be_held_against_each_other_are_refused),
        TEST(a_delay_alone_is_no_run_without_a_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
