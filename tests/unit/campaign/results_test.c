#include "tests/support/unit.h"

#include "campaign/plots.h"
#include "campaign/results.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_ROUNDS = 3, BARRIER = 1 };

static struct xcy_campaign_state state_of(const struct xcy_cell *cells, size_t n)
{
    struct xcy_error err;
    struct xcy_campaign_state s = {.name = xcy_strdup("test")};
    assert_ok(xcy_campaign_plan_make(cells, n, 3, &s.plan, &err), &err);
    s.runs = xcy_alloc_array(s.plan.n_runs, sizeof *s.runs);
    return s;
}

/* Two cells, without and with a barrier, in three rounds, all to do. */
static struct xcy_campaign_state two_cells(void)
{
    const struct xcy_cell cells[] = {
        {.rounds = N_ROUNDS, .requests = 100},
        {.rounds = N_ROUNDS, .requests = 100, .consistency = XCY_CONSISTENCY_ANTIPODE}};
    return state_of(cells, 2);
}

static struct xcy_run_record *run_of(struct xcy_campaign_state *s, size_t cell, int64_t round)
{
    for (size_t i = 0; i < s->plan.n_runs; i++) {
        if (s->plan.runs[i].cell == cell && s->plan.runs[i].round == round) {
            return &s->runs[i];
        }
    }
    fail_msg("no such run");
    return NULL;
}

/* A run of 100 requests of which so many were inconsistent, 2 lost, 1 failed, after 5 of warm-up. */
static void finish_run(struct xcy_campaign_state *s, size_t cell, int64_t round, int inconsistent,
                       double published_ms, bool is_valid)
{
    struct xcy_error err;
    char *text = xcy_format(
        "{\"combination\": {\"writer_region\": \"eu-central-1\", \"reader_region\": \"us-east-1\"},"
        "\"classes\": {\"planned\": 105, \"warmup\": 5, \"consistent\": %d, \"inconsistent\": %d, "
        "\"lost\": 2, \"failed\": 1, \"skipped\": 0}, \"metrics\": {\"window_as_published\": "
        "{\"n\": 97, \"p50\": {\"low_ms\": %f, \"high_ms\": %f}}, \"window\": {\"n\": 97, \"p50\": "
        "{\"low_ms\": null, \"high_ms\": 7}}}}",
        97 - inconsistent, inconsistent, published_ms, published_ms);
    struct xcy_run_record *r = run_of(s, cell, round);
    *r = (struct xcy_run_record){.progress = XCY_RUN_DONE,
                                 .is_valid = is_valid,
                                 .folder = xcy_format("runs/%zu-%d", cell, (int)round),
                                 .throughput_per_s = 50};
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &r->summary, &err), &err);
    free(text);
}

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected)))) {
        fail_msg("%.17g, expected %.17g", got, expected);
    }
}

static void a_share_is_pooled_and_by_rounds(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    static const int events[] = {50, 60, 55};
    for (int round = 1; round <= N_ROUNDS; round++) {
        finish_run(&s, 0, round, events[round - 1], 100, true);
    }
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    const struct xcy_cell_result *c = &results.cells[0];
    assert_true(c->n_runs == 3 && c->n_done == 3 && c->n_valid == 3 && c->n_used == 3);
    static const int64_t counts[] = {300, 126, 165, 6, 3, 0};
    for (int k = 0; k < XCY_N_COUNTS; k++) {
        assert_int_equal(c->counts[k], counts[k]);
    }
    assert_int_equal(c->decided, 291);
    struct xcy_interval wilson = xcy_wilson(165, 291, 0.95);
    assert_true(c->share.low == wilson.low && c->share.high == wilson.high);
    const struct xcy_rounds *r = &c->figures[XCY_FIGURE_SHARE];
    assert_int_equal(r->kind, XCY_ROUNDS_T);
    /* mean 55/97, s = 5/97, the t of 0.975 and 2 degrees of freedom = 4.302652729749461 */
    assert_near(r->mean, 55.0 / 97);
    assert_near(r->high - r->mean, 4.302652729749461 * 5 / 97 / sqrt(3));
    assert_near(c->figures[XCY_FIGURE_THROUGHPUT].mean, 50);
    assert_int_equal(c->figures[XCY_FIGURE_BARRIER].n, 0);
    assert_int_equal(results.cells[1].n_used, 0);
    assert_true(isnan(results.cells[1].figures[XCY_FIGURE_SHARE].mean));
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

static void the_barrier_is_compared_round_by_round(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    static const double without[] = {100, 200, 300};
    static const double with[] = {140, 260, 350};
    for (int round = 1; round <= N_ROUNDS; round++) {
        finish_run(&s, 0, round, 50, without[round - 1], true);
        finish_run(&s, BARRIER, round, 0, with[round - 1], true);
    }
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    assert_false(results.cells[0].has_overhead);
    const struct xcy_cell_result *c = &results.cells[BARRIER];
    assert_true(c->has_overhead && c->overhead.n == 3);
    /* differences 40, 60, 50: mean 50, s = 10 */
    assert_near(c->overhead.mean, 50);
    assert_near(c->overhead.high - 50, 4.302652729749461 * 10 / sqrt(3));
    assert_near(c->share_upper, xcy_clopper_pearson(0, 291, 0.95).high);
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

static void a_round_that_lacks_its_pair_is_not_compared(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    finish_run(&s, 0, 1, 50, 100, true);
    finish_run(&s, BARRIER, 1, 0, 130, true);
    finish_run(&s, BARRIER, 2, 0, 900, true);
    run_of(&s, 0, 2)->progress = XCY_RUN_FAILED;
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    const struct xcy_cell_result *c = &results.cells[BARRIER];
    assert_true(c->overhead.n == 1 && c->overhead.kind == XCY_ROUNDS_SPREAD);
    assert_near(c->overhead.mean, 30);
    assert_true(results.cells[0].n_failed == 1 && results.cells[0].n_done == 1);
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

static void what_is_not_valid_counts_only_where_nothing_is(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    finish_run(&s, 0, 1, 10, 100, true);
    finish_run(&s, 0, 2, 90, 900, false);
    finish_run(&s, BARRIER, 1, 0, 140, false);
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    assert_true(results.cells[0].n_used == 1 && results.cells[0].n_done == 2);
    assert_int_equal(results.cells[0].counts[XCY_COUNT_INCONSISTENT], 10);
    assert_true(results.cells[BARRIER].n_used == 1 && results.cells[BARRIER].n_valid == 0);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_campaign_results_text(&results, &text);
    assert_non_null(strstr(text.ptr, "1 NOT VALID, 1 to do"));
    assert_non_null(strstr(text.ptr, "1 NOT VALID, 2 to do"));
    xcy_buf_clear(&text);
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

/* The window's lower end is censored in every round: it has none, and the upper one is a bound. */
static void a_censored_end_has_no_mean(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    finish_run(&s, 0, 1, 0, 100, true);
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    assert_int_equal(results.cells[0].figures[XCY_FIGURE_WINDOW_LOW].n, 0);
    assert_near(results.cells[0].figures[XCY_FIGURE_WINDOW].mean, 7);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_campaign_results_text(&results, &text);
    assert_non_null(strstr(text.ptr, "<= 7.00"));
    xcy_buf_clear(&text);
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

/* The clocks' part of a summary, of a round of cell 0 or of its like with a barrier. */
static void set_clock(struct xcy_campaign_state *s, size_t cell, int64_t round,
                      const char *published, const char *notify)
{
    struct xcy_error err;
    char *text = xcy_format("{\"window_as_published\": {\"p50\": {\"high_ms\": 100, %s}}, "
                            "\"notification_latency\": {\"p50\": {\"high_ms\": 80, %s}}}",
                            published, notify);
    struct xcy_json *metrics = NULL;
    finish_run(s, cell, round, 10, 100, true);
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &metrics, &err), &err);
    xcy_json_put(run_of(s, cell, round)->summary, "metrics", metrics);
    free(text);
}

/* Of all rounds and figures the widest; that of the overhead is of both cells together. */
static void what_the_clocks_leave_open_stands_beside_the_medians(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    set_clock(&s, 0, 1, "\"clock_low_ms\": -50, \"clock_high_ms\": 2",
              "\"clock_low_ms\": -20, \"clock_high_ms\": 3");
    set_clock(&s, 0, 2, "\"clock_low_ms\": -40, \"clock_high_ms\": 1",
              "\"clock_low_ms\": -60, \"clock_high_ms\": 1");
    set_clock(&s, BARRIER, 1, "\"clock_low_ms\": -7, \"clock_high_ms\": null",
              "\"clock_low_ms\": -5, \"clock_high_ms\": 4");
    struct xcy_campaign_results results = xcy_campaign_results_of(&s);
    assert_true(results.cells[0].clock.low == -60 && results.cells[0].clock.high == 3);
    assert_true(results.cells[BARRIER].clock.low == -7);
    assert_true(isinf(results.cells[BARRIER].clock.high));
    assert_true(results.cells[BARRIER].overhead_clock.low == -10);
    assert_true(isinf(results.cells[BARRIER].overhead_clock.high));
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_campaign_results_text(&results, &text);
    assert_non_null(strstr(text.ptr, "+3.0/-60.0"));
    assert_non_null(strstr(text.ptr, "unbounded above/-7.0"));
    assert_non_null(strstr(text.ptr, "unbounded above/-10.0"));
    xcy_buf_reset(&text);
    struct xcy_json *json = xcy_campaign_results_json(&results);
    xcy_json_format(json, false, &text);
    assert_non_null(strstr(text.ptr, "\"clock_ms\":{\"low\":-60,\"high\":3}"));
    assert_non_null(strstr(text.ptr, "\"overhead_clock_ms\":{\"low\":-10,\"high\":null}"));
    xcy_json_free(json);
    xcy_buf_clear(&text);
    xcy_campaign_results_clear(&results);
    xcy_campaign_state_clear(&s);
}

static void plots_are_of_valid_runs_alone(void **state)
{
    (void)state;
    struct xcy_campaign_state s = two_cells();
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_campaign_plots(&s, "/base", &text);
    assert_string_equal(text.ptr, "");
    finish_run(&s, 0, 1, 0, 100, true);
    finish_run(&s, 0, 2, 0, 100, false);
    xcy_campaign_plots(&s, "/base", &text);
    assert_string_equal(text.ptr, "consistency_window:\n  gather_paths:\n  - /base/runs/0-1\n"
                                  "storage_overhead:\n  gather_paths:\n  - /base/runs/0-1\n");
    xcy_buf_reset(&text);
    s.plan.cells[0].delay_ms = 50;
    xcy_campaign_plots(&s, "/base", &text);
    assert_string_equal(text.ptr,
                        "delay_vs_per_inconsistencies:\n  writer_region: eu\n  reader_region: us\n"
                        "  num_requests: 100\n  combinations:\n"
                        "  - {post_storage: dynamo, notification_storage: sns}\n"
                        "  gather_paths:\n  - /base/runs/0-1\n");
    xcy_buf_clear(&text);
    xcy_campaign_state_clear(&s);
}

/* No remedy, a delay and a barrier of one pair at one load; not what was run at another. */
static void the_cost_is_drawn_of_what_differs_in_the_remedy_alone(void **state)
{
    (void)state;
    const struct xcy_cell cells[] = {
        {.rounds = 1, .requests = 100},
        {.rounds = 1, .requests = 100, .consistency = XCY_CONSISTENCY_ANTIPODE},
        {.rounds = 1, .requests = 200, .delay_ms = 50},
        {.rounds = 1, .requests = 100, .delay_ms = 50, .post_storage = XCY_POST_CACHE},
        {.rounds = 1, .requests = 100, .delay_ms = 50}};
    enum { DELAYED = 4, N_CELLS = 5 };
    struct xcy_campaign_state s = state_of(cells, N_CELLS);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    for (size_t cell = 0; cell < DELAYED; cell++) {
        finish_run(&s, cell, 1, 0, 100, true);
    }
    xcy_campaign_plots(&s, "/base", &text);
    assert_null(strstr(text.ptr, "cost_at_equal_residual"));
    finish_run(&s, DELAYED, 1, 0, 100, true);
    xcy_buf_reset(&text);
    xcy_campaign_plots(&s, "/base", &text);
    const char *drawn = strstr(text.ptr, "cost_at_equal_residual:\n  gather_paths:\n  - ");
    assert_non_null(drawn);
    for (size_t cell = 0; cell < N_CELLS; cell++) {
        char *path = xcy_format("  - /base/runs/%zu-1\n", cell);
        bool is_one = cell <= BARRIER || cell == DELAYED;
        assert_true((strstr(drawn, path) != NULL) == is_one);
        free(path);
    }
    xcy_buf_clear(&text);
    xcy_campaign_state_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_pooled_and_by_rounds),
        cmocka_unit_test(the_barrier_is_compared_round_by_round),
        cmocka_unit_test(a_round_that_lacks_its_pair_is_not_compared),
        cmocka_unit_test(what_is_not_valid_counts_only_where_nothing_is),
        cmocka_unit_test(a_censored_end_has_no_mean),
        cmocka_unit_test(what_the_clocks_leave_open_stands_beside_the_medians),
        cmocka_unit_test(plots_are_of_valid_runs_alone),
        cmocka_unit_test(the_cost_is_drawn_of_what_differs_in_the_remedy_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
