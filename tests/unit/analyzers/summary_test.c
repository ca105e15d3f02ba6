#include "tests/support/folder.h"

#include "analyzers/cells.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLANNED = 2, MOST = XCY_MAX_DISORDERS + 5 };

static char lambda[] = "lambda";
static char http[] = "http";

/* A run of two requests (unless n is raised), one consistent and one not, in a folder of its own. */
struct world {
    char *folder;
    struct xcy_manifest manifest;
    struct xcy_record records[MOST];
    size_t n;
    struct xcy_metric_set metrics;
    struct xcy_evidence_settings settings;
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    w->folder = folder_new();
    w->manifest = (struct xcy_manifest){
        .format_version = 1,
        .run = "11111111-1111-4111-8111-111111111111",
        .state = XCY_RUN_COMPLETE,
        .verdict = XCY_VERDICT_VALID,
        .engine = lambda,
        .combination = {.post_bytes = 1000,
                        .visibility = XCY_VISIBILITY_INLINE,
                        .visibility_share = 1,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
        .time_scale = 1,
        .planned = PLANNED,
        .outcomes[XCY_OUTCOME_OK] = PLANNED,
    };
    struct xcy_error err;
    assert_ok(xcy_metric_set_read(NULL, &w->metrics, &err), &err);
    w->settings =
        (struct xcy_evidence_settings){.metrics = &w->metrics, .drift_ppm = XCY_DEFAULT_DRIFT_PPM};
    w->n = PLANNED;
    for (int64_t i = 0; i < MOST; i++) {
        w->records[i] = (struct xcy_record){
            .i = i, .klass = i == 0 ? XCY_CLASS_CONSISTENT : XCY_CLASS_INCONSISTENT};
    }
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    folder_free(w->folder);
    xcy_metric_set_clear(&w->metrics);
    free(w);
    return 0;
}

static struct xcy_summary summary_of(const struct world *w)
{
    struct xcy_error err;
    struct xcy_summary s;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_records_header(&text);
    for (size_t i = 0; i < w->n; i++) {
        xcy_record_format(&w->records[i], &text);
    }
    char *path = xcy_run_file(w->folder, "records.csv");
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&text), 0644, &err), &err);
    free(path);
    xcy_buf_clear(&text);
    assert_ok(xcy_manifest_write(&w->manifest, w->folder, &err), &err);
    assert_ok(xcy_summary_make(w->folder, &w->settings, &s, &err), &err);
    return s;
}

static void assert_printed(const struct xcy_summary *s, const char *words)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_summary_print_one(s, &text);
    if (!strstr(text.ptr, words)) {
        fail_msg("'%s' is not in: %s", words, text.ptr);
    }
    xcy_buf_clear(&text);
}

static void assert_problem(const struct world *w, const char *words)
{
    struct xcy_summary s = summary_of(w);
    assert_non_null(strstr(s.problem, words));
    assert_true(words[0] != '\0' || s.problem[0] == '\0');
    xcy_summary_clear(&s);
}

static void a_run_in_order_is_valid(void **state)
{
    struct world *w = *state;
    assert_problem(w, "");
}

static void evaluations_of_another_combination_make_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->records[1].flags = XCY_FLAG_REFUSED;
    assert_problem(w, "1 requests were evaluated under another combination");
}

static void what_the_generator_found_wrong_makes_a_run_invalid(void **state)
{
    struct world *w = *state;
    char reason[] = "3 rows of requests.csv could not be written";
    w->manifest.verdict_reason = reason;
    w->manifest.verdict = XCY_VERDICT_TARGET_LIMITED;
    assert_problem(w, "TARGET_LIMITED: 3 rows");
    w->manifest.verdict = XCY_VERDICT_NONE;
    w->manifest.state = XCY_RUN_INTERRUPTED;
    assert_problem(w, reason);
}

/* Both readers that a stream allows are busy from the first second to the second one. */
static void readers_without_room_make_a_run_over_a_stream_invalid(void **state)
{
    struct world *w = *state;
    static const char *const instances[] = {"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
                                            "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"};
    for (size_t i = 0; i < 2; i++) {
        struct xcy_record *r = &w->records[i];
        memcpy(r->reader_instance, instances[i], strlen(instances[i]));
        r->points.us[XCY_POINT_SEEN] = 1000000;
        r->points.us[XCY_POINT_REPORTED] = 2000000;
    }
    w->manifest.combination.notification_storage = XCY_NOTIFICATION_DYNAMO;
    w->manifest.readers_at_a_time = 2;
    assert_problem(w, "TARGET_LIMITED: on average 2.0 readers were busy, of at most 2");
    w->manifest.readers_at_a_time = 3;
    assert_problem(w, "");
    w->manifest.readers_at_a_time = 2;
    w->manifest.combination.notification_storage = XCY_NOTIFICATION_SNS;
    assert_problem(w, "");
}

static void a_killed_generator_makes_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->manifest.verdict = XCY_VERDICT_NONE;
    w->manifest.state = XCY_RUN_RUNNING;
    assert_problem(w, "did not end in order");
}

static void points_of_one_clock_in_an_impossible_order_make_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->records[0].points.us[XCY_POINT_SENT] = 2000;
    w->records[0].points.us[XCY_POINT_ACKED] = 1000;
    assert_problem(w, "1 records have their points in an impossible order; the first is request 0: "
                      "acked 1.00 ms before sent");
    w->records[0].flags = XCY_FLAG_WARMUP; /* what breaks a clock is seen in the warm-up, too */
    w->records[1].points.us[XCY_POINT_SENT] = 5000;
    w->records[1].points.us[XCY_POINT_ACKED] = 4000;
    struct xcy_summary s = summary_of(w);
    assert_int_equal(s.evidence.disorders.n, 2);
    struct xcy_json *json = xcy_summary_to_json(&s);
    const struct xcy_json *disorders = xcy_json_get(json, "disorders");
    assert_int_equal(xcy_json_size(disorders), 2);
    const struct xcy_json *first = xcy_json_at(disorders, 0);
    assert_int_equal(xcy_json_get_int64(first, "i", -1), 0);
    assert_int_equal(xcy_json_get_int64(xcy_json_at(disorders, 1), "i", -1), 1);
    assert_string_equal(xcy_json_get_string(first, "before", ""), "sent");
    assert_string_equal(xcy_json_get_string(first, "after", ""), "acked");
    assert_true(xcy_json_get_number(first, "by_ms", 0) == 1);
    assert_true(xcy_json_kind(xcy_json_get(json, "clock_step")) == XCY_JSON_NULL);
    xcy_json_free(json);
    xcy_summary_clear(&s);
}

static void of_very_many_disorders_all_are_counted_and_the_first_named(void **state)
{
    struct world *w = *state;
    w->n = MOST;
    w->manifest.planned = MOST;
    w->manifest.outcomes[XCY_OUTCOME_OK] = MOST;
    for (size_t i = 0; i < MOST; i++) {
        w->records[i].points.us[XCY_POINT_SENT] = 2000;
        w->records[i].points.us[XCY_POINT_ACKED] = 1000;
    }
    struct xcy_summary s = summary_of(w);
    assert_int_equal(s.evidence.disorders.n, MOST);
    assert_int_equal(s.evidence.disorders.first[XCY_MAX_DISORDERS - 1].i, XCY_MAX_DISORDERS - 1);
    struct xcy_json *json = xcy_summary_to_json(&s);
    assert_int_equal(xcy_json_size(xcy_json_get(json, "disorders")), XCY_MAX_DISORDERS);
    xcy_json_free(json);
    xcy_summary_clear(&s);
}

static void set_writer(struct xcy_record *r, int64_t sent_us, int64_t ahead_us)
{
    snprintf(r->writer_instance, sizeof r->writer_instance, "writer");
    r->attempts = 1;
    r->points.us[XCY_POINT_SENT] = sent_us;
    r->points.us[XCY_POINT_START] = sent_us + 1000 + ahead_us;
    r->points.us[XCY_POINT_ENDED] = sent_us + 2000 + ahead_us;
    r->points.us[XCY_POINT_ACKED] = sent_us + 3000;
}

/* Within 1 ms of the generator's, and later 100 ms ahead: 98 ms too much for one clock, less what
 * drift and stamps allow. */
static void a_step_makes_a_run_invalid_and_is_told_with_its_requests(void **state)
{
    struct world *w = *state;
    set_writer(&w->records[0], 1000000, 0);
    set_writer(&w->records[1], 2000000, 100000);
    struct xcy_summary s = summary_of(w);
    assert_non_null(strstr(s.problem, "1 of 1 clocks stepped, or drifted beyond 200 ppm: what "
                                      "requests 0 and 1 say of instance writer contradicts by "
                                      "97.8 ms"));
    struct xcy_json *json = xcy_summary_to_json(&s);
    const struct xcy_json *step = xcy_json_get(json, "clock_step");
    assert_int_equal(xcy_json_get_int64(json, "clock_steps", 0), 1);
    assert_string_equal(xcy_json_get_string(step, "instance", ""), "writer");
    assert_int_equal(xcy_json_get_int64(step, "high_i", -1), 0);
    assert_int_equal(xcy_json_get_int64(step, "low_i", -1), 1);
    assert_true(fabs(xcy_json_get_number(step, "by_ms", 0) - 97.8) < 0.05);
    xcy_json_free(json);
    assert_printed(&s, "clocks        1 processes, drift up to 200 ppm allowed; 1 stepped\n");
    xcy_summary_clear(&s);
    set_writer(&w->records[1], 2000000, 1000); /* within the bounds */
    assert_problem(w, "");
}

static void a_run_without_a_decided_read_is_invalid(void **state)
{
    struct world *w = *state;
    w->records[0].klass = XCY_CLASS_LOST;
    w->records[1].klass = XCY_CLASS_FAILED;
    assert_problem(w, "no read was decided: 1 lost, 1 failed");
}

static void what_is_not_known_for_sure_widens_the_share(void **state)
{
    struct world *w = *state;
    struct xcy_summary s = summary_of(w);
    assert_true(s.share_range.low == 0.5 && s.share_range.high == 0.5);
    xcy_summary_clear(&s);
    w->records[1].flags = XCY_FLAG_CONFLICT; /* the inconsistent one */
    s = summary_of(w);
    assert_true(s.share_range.low == 0 && s.share_range.high == 0.5);
    xcy_summary_clear(&s);
    w->records[0].klass = XCY_CLASS_LOST;
    s = summary_of(w);
    assert_true(s.share_range.low == 0 && s.share_range.high == 1);
    xcy_summary_clear(&s);
}

static const struct xcy_metric_summary *metric_of(const struct xcy_summary *s, const char *name)
{
    const struct xcy_metric_summary *m = xcy_summary_find(s, name);
    assert_non_null(m);
    return m;
}

/* Writer and reader each within 1 ms of the generator from below; the readers' upper bounds are their
 * delivery. The second reader's evaluation came after the load, so it has no lower bound. */
static void one_instance_without_a_bound_does_not_unbound_the_median(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < PLANNED; i++) {
        struct xcy_record *r = &w->records[i];
        int64_t *us = r->points.us;
        int64_t seen_us = 1012000 + i * 20000;
        r->attempts = 1;
        snprintf(r->writer_instance, sizeof r->writer_instance, "writer");
        snprintf(r->reader_instance, sizeof r->reader_instance, "reader-%d", i);
        us[XCY_POINT_SENT] = 1000000;
        us[XCY_POINT_START] = 1001000;
        us[XCY_POINT_NOTED] = 1002000;
        us[XCY_POINT_ENDED] = 1003000;
        us[XCY_POINT_ACKED] = 1004000;
        us[XCY_POINT_SEEN] = seen_us;
        us[XCY_POINT_REPORTED] = seen_us + 1000;
        us[XCY_POINT_GOT] = seen_us + 2000;
        r->flags = i == 0 ? XCY_FLAG_GOT_LIVE : 0;
    }
    struct xcy_summary s = summary_of(w);
    const struct xcy_metric_summary *m = metric_of(&s, "notification_latency");
    assert_int_equal(m->n, PLANNED);
    const struct xcy_estimate *median = &m->quantiles[0];
    assert_true(median->low_us == 10000);
    /* 1 ms of the writer and 1 ms of the reader; drift adds some microseconds. */
    assert_true(median->clock_high_us >= 2000 && median->clock_high_us < 2020);
    assert_true(median->clock_low_us <= -13000 && median->clock_low_us > -13020);
    assert_true(isinf(m->quantiles[XCY_N_QUANTILES - 1].clock_high_us));
    assert_printed(&s, "+2.01 ms/-13.1 ms");
    assert_printed(&s, "unbounded above/-33.1 ms");
    assert_printed(
        &s, "clocks        3 processes, drift up to 200 ppm allowed; 1 not bounded from below "
            "(gather did not run beside the load");
    struct xcy_json *json = xcy_summary_to_json(&s);
    assert_int_equal(xcy_json_get_int64(json, "clock_instances", 0), 3);
    assert_int_equal(xcy_json_get_int64(json, "clock_unbounded_below", 0), 1);
    assert_int_equal(xcy_json_get_int64(json, "clock_unbounded_above", 1), 0);
    xcy_json_free(json);
    xcy_summary_clear(&s);
}

/* No figure across clocks is told without its bound, in full and in the table, and none within one
 * clock has one. */
static void every_figure_across_clocks_has_its_bound(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < PLANNED; i++) {
        struct xcy_record *r = &w->records[i];
        set_writer(r, 1000000, 0);
        r->points.us[XCY_POINT_WROTE] = r->points.us[XCY_POINT_START] + 100;
        r->points.us[XCY_POINT_NOTED] = r->points.us[XCY_POINT_START] + 200;
        for (int p = XCY_POINT_SEEN; p <= XCY_POINT_REPORTED; p++) {
            r->points.us[p] = 1020000 + p;
        }
        r->points.us[XCY_POINT_MISSED] = r->points.us[XCY_POINT_ASKED];
    }
    struct xcy_summary s = summary_of(w); /* no process names itself as a reader */
    size_t n_across = 0;
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        const struct xcy_metric_summary *m = &s.metrics[i];
        bool is_across = xcy_metric_crosses_clocks(m->metric);
        n_across += is_across && m->n > 0 ? 1 : 0;
        for (size_t q = 0; q < XCY_N_QUANTILES && m->n > 0; q++) {
            assert_true(is_across == (m->quantiles[q].clock_high_us != 0));
        }
    }
    assert_int_equal(n_across, 3); /* published, window, notification */
    assert_printed(&s, "unbounded");
    assert_printed(&s, "; 2 records do not name their process: not bounded");
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_summary_print_table(&s, 1, &text);
    assert_non_null(strstr(text.ptr, "clock"));
    assert_non_null(strstr(text.ptr, "unbounded"));
    xcy_buf_clear(&text);
    struct xcy_json *json = xcy_summary_to_json(&s);
    const struct xcy_json *metrics = xcy_json_get(json, "metrics");
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        const struct xcy_json *metric = xcy_json_get(metrics, xcy_metrics[i].name);
        assert_true((metric == NULL) == (xcy_metrics[i].kind == XCY_METRIC_BYTES));
        assert_true(xcy_json_get_bool(metric, "crosses_clocks", false) ==
                    xcy_metric_crosses_clocks(&xcy_metrics[i]));
    }
    xcy_json_free(json);
    xcy_summary_clear(&s);
}

/* Readers 500 ms behind, which their bounds know: the true figures are more for sure. What was found at
 * once is still "at most", though the time is before the post was written. */
static void a_clock_that_is_wrong_for_sure_is_told_with_its_sign(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < PLANNED; i++) {
        struct xcy_record *r = &w->records[i];
        set_writer(r, 1000000, 0);
        snprintf(r->reader_instance, sizeof r->reader_instance, "reader");
        r->klass = XCY_CLASS_CONSISTENT;
        r->flags = XCY_FLAG_GOT_LIVE;
        r->points.us[XCY_POINT_WROTE] = 1001100;
        r->points.us[XCY_POINT_NOTED] = 1001200;
        for (int p = XCY_POINT_SEEN; p <= XCY_POINT_READ; p++) {
            r->points.us[p] = 510000;
        }
        r->points.us[XCY_POINT_REPORTED] = 511000;
        r->points.us[XCY_POINT_GOT] = 1015000;
    }
    struct xcy_summary s = summary_of(w);
    assert_string_equal(s.problem, "");
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_summary_print_table(&s, 1, &text); /* the widest of the row, and 0 */
    assert_non_null(strstr(text.ptr, "+506 ms/-0.000 ms"));
    xcy_buf_clear(&text);
    assert_printed(&s, "+506 ms/+488 ms"); /* -1..1 ms less -504..-490 ms, and stamps */
    assert_printed(&s, "window by visibility  p50   <= -491 ms  n too small  +506 ms/-0.000 ms  "
                       "censored");
    const struct xcy_metric_summary *window = metric_of(&s, "window");
    const struct xcy_distribution *d = xcy_evidence_find(&s.evidence, "window");
    for (int64_t i = 0; i < window->n; i++) {
        assert_true(xcy_sample_at(xcy_distribution_end(d, XCY_END_LOW), i) == -INFINITY);
        assert_true(xcy_sample_at(xcy_distribution_end(d, XCY_END_LEAST), i) == -INFINITY);
        assert_true(xcy_sample_at(xcy_distribution_end(d, XCY_END_HIGH), i) == -491100);
    }
    assert_true(window->n > 0 && window->quantiles[0].is_left);
    assert_true(window->quantiles[0].low_us < window->quantiles[0].high_us);
    xcy_summary_clear(&s);
}

static struct xcy_estimate interval_of(double low_us, double high_us)
{
    return (struct xcy_estimate){.has_interval = true, .ci_low_us = low_us, .ci_high_us = high_us};
}

static void an_interval_without_a_low_end_is_at_most(void **state)
{
    (void)state;
    char text[XCY_CELL_BYTES];
    struct xcy_estimate e = interval_of(0, 90000);
    xcy_cell_ci(&e, text);
    assert_string_equal(text, "0.000 ms..90.0 ms");
    e = interval_of(-INFINITY, -90000);
    xcy_cell_ci(&e, text);
    assert_string_equal(text, "<= -90.0 ms");
}

static void set_client_points(struct xcy_record *r, int64_t due_us, int64_t sent_us,
                              int64_t acked_us)
{
    r->attempts = 1;
    r->points.us[XCY_POINT_DUE] = due_us;
    r->points.us[XCY_POINT_SENT] = sent_us;
    r->points.us[XCY_POINT_ACKED] = acked_us;
}

static void the_warm_up_is_in_no_figure_and_told(void **state)
{
    struct world *w = *state;
    set_client_points(&w->records[0], 1000, 1100, 900000);
    set_client_points(&w->records[1], 2000, 2100, 3000);
    w->records[0].flags = XCY_FLAG_WARMUP | XCY_FLAG_LATE | XCY_FLAG_MANY_EXECS | XCY_FLAG_CONFLICT;
    struct xcy_summary s = summary_of(w);
    assert_string_equal(s.problem, "");
    assert_int_equal(s.evidence.counts.warmup, 1);
    assert_int_equal(s.evidence.counts.classes[XCY_CLASS_CONSISTENT], 0);
    assert_int_equal(s.evidence.counts.classes[XCY_CLASS_INCONSISTENT], 1);
    assert_int_equal(s.decided, 1);
    assert_int_equal(
        s.evidence.counts.late + s.evidence.counts.many_execs + s.evidence.counts.conflicts, 0);
    assert_int_equal(metric_of(&s, "response")->n, 1);
    assert_true(metric_of(&s, "response")->quantiles[0].high_us == 1000);
    assert_printed(&s, "planned 2 = warm-up 1 (in no figure) + consistent 0 + inconsistent 1 + ");
    xcy_summary_clear(&s);
}

static void a_run_that_is_all_warm_up_is_invalid(void **state)
{
    struct world *w = *state;
    w->records[0].flags = XCY_FLAG_WARMUP;
    w->records[1].flags = XCY_FLAG_WARMUP;
    assert_problem(w, "nothing was measured: all of it was warm-up");
}

static void trouble_in_the_warm_up_is_trouble(void **state)
{
    struct world *w = *state;
    w->records[0].flags = XCY_FLAG_WARMUP | XCY_FLAG_REFUSED;
    assert_problem(w, "1 requests were evaluated under another combination");
}

/* sent is of the last attempt, and due of the slot: their difference is no lag. */
static void a_request_that_was_tried_again_has_no_lag(void **state)
{
    struct world *w = *state;
    set_client_points(&w->records[0], 1000, 5001000, 5002000);
    set_client_points(&w->records[1], 2000, 2100, 3000);
    w->records[0].attempts = 2;
    struct xcy_summary s = summary_of(w);
    assert_int_equal(s.evidence.counts.retried, 1);
    assert_int_equal(metric_of(&s, "lag")->n, 1);
    assert_true(metric_of(&s, "lag")->quantiles[0].high_us == 100);
    assert_int_equal(metric_of(&s, "response")->n, 2);
    assert_true(metric_of(&s, "response")->quantiles[2].high_us == 5001000);
    assert_int_equal(metric_of(&s, "service")->n, 2);
    assert_true(metric_of(&s, "service")->quantiles[2].high_us == 1000);
    assert_printed(&s, "late 0, tried again 1, writer ran (or may have run) twice 0,");
    xcy_summary_clear(&s);
}

static void a_killed_closed_loop_is_computed_as_far_as_it_came(void **state)
{
    struct world *w = *state;
    char arrivals[] = "closed:64";
    w->manifest.arrivals = arrivals;
    w->manifest.planned = 0;
    w->manifest.verdict = XCY_VERDICT_NONE;
    w->manifest.state = XCY_RUN_RUNNING;
    struct xcy_summary s = summary_of(w);
    assert_non_null(strstr(s.problem, "did not end in order"));
    assert_int_equal(s.decided, PLANNED);
    assert_printed(&s, "\n  closed:64, synchronous; time scale 1\n");
    xcy_summary_clear(&s);
}

static void a_run_that_invoked_no_function_is_refused(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_summary s;
    w->manifest.engine = http;
    assert_ok(xcy_manifest_write(&w->manifest, w->folder, &err), &err);
    assert_status(xcy_summary_make(w->folder, &w->settings, &s, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "engine http invoked no function"));
}

static void the_rate_is_told_with_its_arrivals_unless_they_are_constant(void **state)
{
    struct world *w = *state;
    char constant[] = "constant";
    char poisson[] = "poisson";
    w->manifest.rate_per_s = 5;
    w->manifest.arrivals = constant;
    struct xcy_summary s = summary_of(w);
    assert_printed(&s, "\n  5 requests/s asked, synchronous;");
    xcy_summary_clear(&s);
    w->manifest.arrivals = poisson;
    s = summary_of(w);
    assert_printed(&s, "\n  5 requests/s asked (poisson), synchronous;");
    xcy_summary_clear(&s);
}

static void sizes_are_those_that_were_measured(void **state)
{
    struct world *w = *state;
    w->records[0].post_stored_bytes = 1052;
    w->records[0].post_metadata_bytes = 35;
    w->records[0].notification_bytes = 700;
    w->records[1].notification_bytes = 710; /* its post was never seen */
    w->records[1].context_bytes = 88;
    struct xcy_summary s = summary_of(w);
    assert_int_equal(metric_of(&s, "post_stored")->n, 1);
    assert_true(metric_of(&s, "post_stored")->least == 1052);
    assert_int_equal(metric_of(&s, "post_metadata")->n, 1);
    assert_true(metric_of(&s, "post_metadata")->most == 35);
    assert_int_equal(metric_of(&s, "notification")->n, 2);
    assert_true(metric_of(&s, "notification")->mean == 705);
    assert_true(metric_of(&s, "context")->least == 0);
    assert_true(metric_of(&s, "context")->most == 88);
    assert_printed(&s, "\n  bytes         post stored 1052, of it metadata 35; notification 705.0 "
                       "(700..710), of it context 44.0 (0..88)\n");
    struct xcy_json *json = xcy_summary_to_json(&s);
    const struct xcy_json *notification = xcy_json_get(xcy_json_get(json, "sizes"), "notification");
    assert_true(xcy_json_get_number(notification, "mean_bytes", 0) == 705);
    assert_int_equal(xcy_json_get_int64(notification, "max_bytes", 0), 710);
    xcy_json_free(json);
    xcy_summary_clear(&s);
    w->records[0].flags = XCY_FLAG_WARMUP; /* its own, whatever the manifest says */
    s = summary_of(w);
    assert_null(xcy_summary_find(&s, "post_stored"));
    assert_int_equal(metric_of(&s, "notification")->n, 1);
    xcy_summary_clear(&s);
}

static void what_is_inconsistent_behind_a_barrier_is_residual(void **state)
{
    struct world *w = *state;
    w->manifest.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    w->records[1].flags = XCY_FLAG_WAITED;
    struct xcy_summary s = summary_of(w);
    assert_printed(&s, "residual inconsistencies 1 of 2; 1 waited, 0 passed");
    struct xcy_json *json = xcy_summary_to_json(&s);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(json, "barrier"), "residual", -1), 1);
    xcy_json_free(json);
    xcy_summary_clear(&s);
    w->records[1].klass = XCY_CLASS_FAILED;
    w->records[1].flags = XCY_FLAG_WAITED | XCY_FLAG_BARRIER_TIMEOUT;
    s = summary_of(w);
    assert_printed(&s, "residual inconsistencies 0 of 1; 1 waited, 1 passed");
    xcy_summary_clear(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void without_metrics_a_run_is_judged_and_no_value_is_kept(void **state)
{
    struct world *w = *state;
    const struct xcy_metric_set none = {.n = 0};
    int64_t *us = w->records[1].points.us;
    w->records[1].flags = XCY_FLAG_POLLED;
    us[XCY_POINT_SENT] = 900000;
    us[XCY_POINT_WROTE] = 1100000;
    us[XCY_POINT_ASKED] = 1200000;
    us[XCY_POINT_READ] = 1210000;
    us[XCY_POINT_MISSED] = 1300000;
    us[XCY_POINT_VISIBLE] = 1350000;
    struct xcy_summary all = summary_of(w);
    w->settings.metrics = &none;
    w->manifest.verdict = XCY_VERDICT_TARGET_LIMITED;
    struct xcy_summary bare = summary_of(w);
    assert_int_equal(xcy_distribution_size(&all.evidence.polled), 1);
    assert_int_equal(all.evidence.timeline.blocks[0].decided, 1);
    assert_int_equal(xcy_distribution_size(&bare.evidence.polled), 0);
    assert_int_equal(bare.evidence.timeline.blocks[0].decided, 0);
    assert_int_equal(bare.decided, all.decided);
    assert_non_null(strstr(bare.problem, "TARGET_LIMITED"));
    xcy_summary_clear(&all);
    xcy_summary_clear(&bare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_in_order_is_valid),
        TEST(evaluations_of_another_combination_make_a_run_invalid),
        TEST(what_the_generator_found_wrong_makes_a_run_invalid),
        TEST(readers_without_room_make_a_run_over_a_stream_invalid),
        TEST(a_killed_generator_makes_a_run_invalid),
        TEST(points_of_one_clock_in_an_impossible_order_make_a_run_invalid),
        TEST(of_very_many_disorders_all_are_counted_and_the_first_named),
        TEST(a_step_makes_a_run_invalid_and_is_told_with_its_requests),
        TEST(every_figure_across_clocks_has_its_bound),
        TEST(a_clock_that_is_wrong_for_sure_is_told_with_its_sign),
        cmocka_unit_test(an_interval_without_a_low_end_is_at_most),
        TEST(a_run_without_a_decided_read_is_invalid),
        TEST(what_is_not_known_for_sure_widens_the_share),
        TEST(one_instance_without_a_bound_does_not_unbound_the_median),
        TEST(the_warm_up_is_in_no_figure_and_told),
        TEST(a_run_that_is_all_warm_up_is_invalid),
        TEST(trouble_in_the_warm_up_is_trouble),
        TEST(a_request_that_was_tried_again_has_no_lag),
        TEST(a_killed_closed_loop_is_computed_as_far_as_it_came),
        TEST(a_run_that_invoked_no_function_is_refused),
        TEST(sizes_are_those_that_were_measured),
        TEST(what_is_inconsistent_behind_a_barrier_is_residual),
        TEST(without_metrics_a_run_is_judged_and_no_value_is_kept),
        TEST(the_rate_is_told_with_its_arrivals_unless_they_are_constant),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
