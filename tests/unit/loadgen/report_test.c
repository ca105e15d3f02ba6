#include "common/cli/text.h"
#include "common/data/json.h"
#include "loadgen/report/report.h"
#include "tests/support/unit.h"

#include <string.h>

enum { MAX_TEXT_BYTES = 1 << 20 };

static char empty[] = "";
static char reason[] = "2 requests were throttled";
static char endpoint[] = "http://127.0.0.1:4566";
static char lambda[] = "lambda";
static char tag[] = "tag";
static char arrivals[] = "constant";
static char version[] = "1.2.3";
static char host[] = "here";

static const struct xcy_anchor anchor = {.mono = {1000000000}, .wall = {1700000000000000000}};

/* A run that was, its report, and what was last made of it. */
struct fixture {
    struct xcy_tally total;
    struct xcy_manifest m;
    struct xcy_objectives expectations;
    struct xcy_report report;
    struct xcy_buf out;
};

/* One slot that was sent as it was due. */
static void send_slot(struct fixture *f, int64_t i, bool is_warmup, enum xcy_outcome outcome,
                      int64_t service_ns)
{
    struct xcy_call call = {.id = {.i = i}, .attempt = 1, .is_warmup = is_warmup};
    struct xcy_answer answer = {.outcome = outcome};
    call.due = xcy_mono_add(anchor.mono, i * XCY_NS_PER_MS);
    call.started = xcy_mono_add(call.due, 20000);
    call.sent = call.first_sent = xcy_mono_add(call.due, 45000);
    answer.acked = xcy_mono_add(call.sent, service_ns);
    if (outcome != XCY_OUTCOME_OK) {
        memcpy(answer.reason, "why", sizeof "why");
    }
    xcy_tally_started(&f->total, &call);
    xcy_tally_sent(&f->total, &call);
    xcy_tally_done(&f->total, anchor, &call, &answer);
}

/* One a millisecond: two of the warm-up, then n ok after 10 ms, two throttled, and six skipped. */
static void setup(struct fixture *f, int64_t n)
{
    *f = (struct fixture){.expectations = {.n = 0}};
    xcy_tally_init(&f->total);
    xcy_buf_init(&f->out, MAX_TEXT_BYTES);
    for (int64_t i = 0; i < n + 4; i++) {
        bool is_ok = i < n + 2;
        send_slot(f, i, i < 2, is_ok ? XCY_OUTCOME_OK : XCY_OUTCOME_THROTTLED, 10 * XCY_NS_PER_MS);
    }
    for (int why = 0; why < XCY_N_SKIPS; why++) {
        for (int i = 0; i <= why; i++) {
            xcy_tally_skip(&f->total, (enum xcy_skip)why, false);
        }
    }
    f->total.busiest_cpu_share = 0.34;
    f->m = (struct xcy_manifest){
        .run = "the-run",
        .tag = tag,
        .state = XCY_RUN_COMPLETE,
        .engine = lambda,
        .combination = {.writer_region = "eu-central-1", .reader_region = "us-east-1"},
        .endpoint = endpoint,
        .arrivals = arrivals,
        .planned = n + 10,
        .warmup_slots = 2,
        .shard_count = 1,
        .rate_per_s = 1000,
        .peak_rate_per_s = 1000,
        .threads = 2,
        .version = version,
        .host = host,
        .verdict = XCY_VERDICT_TARGET_LIMITED,
        .verdict_reason = reason};
    f->report = (struct xcy_report){.manifest = &f->m,
                                    .total = &f->total,
                                    .path = "runs/x/y",
                                    .next = "gather",
                                    .expectations = &f->expectations};
}

static void teardown(struct fixture *f)
{
    xcy_objectives_clear(&f->expectations);
    xcy_tally_clear(&f->total);
    xcy_buf_clear(&f->out);
}

static void make_text(struct fixture *f)
{
    xcy_buf_reset(&f->out);
    xcy_report_text(&f->report, &f->out);
}

static struct xcy_json *make_json(struct fixture *f)
{
    struct xcy_json *o = NULL;
    struct xcy_error err;
    xcy_buf_reset(&f->out);
    xcy_report_json(&f->report, &f->out);
    assert_int_equal(f->out.ptr[f->out.len - 1], '\n');
    assert_ok(xcy_json_parse(xcy_buf_bytes(&f->out), &o, &err), &err);
    return o;
}

static void assert_has(const struct fixture *f, const char *words)
{
    if (!strstr(f->out.ptr, words)) {
        fail_msg("no '%s' in:\n%s", words, f->out.ptr);
    }
}

static void assert_has_not(const struct fixture *f, const char *words)
{
    if (strstr(f->out.ptr, words)) {
        fail_msg("'%s' in:\n%s", words, f->out.ptr);
    }
}

static void expect(struct fixture *f, const char *text)
{
    struct xcy_error err;
    assert_ok(xcy_objectives_parse("--expect", text, &f->expectations, &err), &err);
}

static void people_read_the_sum_the_causes_the_verdict_and_what_is_next(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "run       runs/x/y\n",
        "eu-central-1 to us-east-1; sync, at http://127.0.0.1:4566\n",
        "arrivals  constant\n",
        "planned   15 = 2 warm-up + 5 ok + 2 failed + 6 skipped\n",
        "failed    2 throttled, first: why\n",
        "skipped   1 because their turn came too late\n",
        "skipped   2 because too many were in flight\n",
        "skipped   3 because the run was stopped\n",
        "rate      1000/s asked, 1000.00/s achieved, ",
        "sent      7, 0 of them late (more than 1 ms after due)\n",
        "threads   2, 0 of them with real-time priority; the busiest used 34% of a cpu\n",
        "verdict   TARGET_LIMITED: 2 requests were throttled\nnext      gather\n",
    };
    struct fixture f;
    setup(&f, 5);
    make_text(&f);
    for (size_t l = 0; l < sizeof lines / sizeof lines[0]; l++) {
        assert_has(&f, lines[l]);
    }
    assert_has_not(&f, "warm-up  ");
    assert_has_not(&f, "retries");
    assert_has_not(&f, "shard");
    assert_has_not(&f, "A closed loop");
    teardown(&f);
}

static void a_sum_that_does_not_add_up_is_said(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 5);
    f.m.planned += 3;
    make_text(&f);
    assert_has(&f, "6 skipped, which is 3 too few: a defect of this program\n");
    f.m.planned -= 4;
    make_text(&f);
    assert_has(&f, "6 skipped, which is 1 too many: a defect of this program\n");
    teardown(&f);
}

static void each_latency_has_a_row_with_the_digits_that_it_is_exact_to(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 1000);
    make_text(&f);
    assert_has(&f, "ms         count    min   mean    p50    p90    p99  p99.9    max\n");
    assert_has(&f,
               "\nresponse    1000   10.0   10.0   10.0   10.0   10.0   10.0   10.0  acked - due, "
               "of ok\n");
    assert_has(&f, "\nservice     1000   10.0   10.0   10.0   10.0   10.0   10.0   10.0  acked - "
                   "sent, of ok\n");
    assert_has(&f,
               "\nlag         1000  0.045  0.045  0.045  0.045  0.045  0.045  0.045  sent - due, "
               "of ok\n");
    assert_has(&f, "\nstart lag   1002  0.020  0.020  0.020  0.020  0.020  0.020  0.020  started - "
                   "due, of all\n");
    assert_has(
        &f, "\nthrottled      2   10.0   10.0   10.0      -      -      -   10.0  acked - due\n");
    teardown(&f);
}

static void percentiles_that_so_few_values_cannot_tell_are_not_told(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 50);
    make_text(&f);
    assert_has(&f, "\nresponse      50   10.0   10.0   10.0   10.0    -      -   10.0  ");
    struct xcy_json *o = make_json(&f);
    const struct xcy_json *ok = xcy_json_get(xcy_json_get(o, "latency"), "ok");
    const struct xcy_json *response = xcy_json_get(ok, "response_us");
    assert_int_equal(xcy_json_get_int64(response, "count", 0), 50);
    assert_true(xcy_json_get_number(response, "p90", 0) >= 10045);
    assert_int_equal(xcy_json_kind(xcy_json_get(response, "p99")), XCY_JSON_NULL);
    assert_int_equal(xcy_json_kind(xcy_json_get(response, "p99.9")), XCY_JSON_NULL);
    assert_true(xcy_json_get_number(response, "max", 0) == 10045);
    xcy_json_free(o);
    teardown(&f);
}

static void a_run_in_which_nothing_was_sent_has_no_table_and_no_rate(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 5);
    xcy_tally_reset(&f.total);
    f.total.warmup.outcomes[XCY_OUTCOME_SKIPPED] = 2;
    f.total.measured.outcomes[XCY_OUTCOME_SKIPPED] = 13;
    make_text(&f);
    assert_has(&f, "planned   15 = 2 warm-up + 0 ok + 0 failed + 13 skipped\n"
                   "warm-up   0 ok + 0 failed + 2 skipped\n");
    assert_has(&f, "rate      1000/s asked\n");
    assert_has_not(&f, "p99.9");
    struct xcy_json *o = make_json(&f);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "achieved_rate_per_s")), XCY_JSON_NULL);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "throughput_per_s")), XCY_JSON_NULL);
    assert_int_equal(xcy_json_size(xcy_json_get(o, "latency")), 0);
    xcy_json_free(o);
    teardown(&f);
}

static void a_closed_loop_is_told_to_hide_what_it_keeps_back(void **state)
{
    (void)state;
    static char closed[] = "closed:64";
    struct fixture f;
    setup(&f, 5);
    f.m.arrivals = closed;
    f.m.rate_per_s = 0;
    f.m.peak_rate_per_s = 0;
    make_text(&f);
    assert_has(&f, "arrivals  closed:64\n");
    assert_has(&f, "rate      1000.00/s achieved");
    assert_has(&f, "response is service");
    assert_has(&f, "(coordinated omission)");
    teardown(&f);
}

static void what_was_asked_is_told_with_its_peak_its_shard_and_its_retries(void **state)
{
    (void)state;
    static char ramp[] = "ramp:0..2000";
    struct fixture f;
    setup(&f, 5);
    f.m.arrivals = ramp;
    f.m.rate_per_s = 0.0125;
    f.m.peak_rate_per_s = 282.6993;
    f.m.shard_index = 1;
    f.m.shard_count = 3;
    f.m.retries_allowed = 2;
    f.total.measured.retries = 7;
    f.report.rows_missing = 4;
    make_text(&f);
    assert_has(&f, "arrivals  ramp:0..2000, shard 2 of 3\n");
    assert_has(&f, "rate      0.0125/s asked (peak 282.7/s), ");
    assert_has(&f, "retries   7 attempts (at most 2 a request)\n");
    assert_has(&f, "missing   4 rows of requests.csv\n");
    teardown(&f);
}

static void of_shards_it_is_not_known_how_busy_their_threads_were(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 5);
    f.report.is_merged = true;
    make_text(&f);
    assert_has_not(&f, "threads ");
    struct xcy_json *o = make_json(&f);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "busiest_cpu_share")), XCY_JSON_NULL);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "realtime_threads")), XCY_JSON_NULL);
    xcy_json_free(o);
    teardown(&f);
}

static void a_run_that_invokes_no_function_has_no_combination(void **state)
{
    (void)state;
    static char http[] = "http";
    struct fixture f;
    setup(&f, 5);
    f.m.engine = http;
    make_text(&f);
    assert_has(&f, "what      http://127.0.0.1:4566\n");
    assert_has_not(&f, "eu-central-1");
    struct xcy_json *o = make_json(&f);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "combination")), XCY_JSON_NULL);
    xcy_json_free(o);
    teardown(&f);
}

static void each_expectation_has_its_state_and_what_was_found(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 200);
    expect(&f, "response.p99<50ms,failed<0.1%,response.p99.99<20s");
    f.report.aborted_by = &f.expectations.items[1];
    make_text(&f);
    assert_has(&f, "\nmet       response.p99<50ms: 10.");
    assert_has(&f, "\nmissed    failed<0.1%: 2 of 208");
    assert_has(&f, "\nunknown   response.p99.99<20s: ");
    assert_has(&f, "\nstopped   early by --abort-on failed<0.1%\n");
    struct xcy_json *o = make_json(&f);
    const struct xcy_json *list = xcy_json_get(o, "expectations");
    assert_int_equal(xcy_json_size(list), 3);
    const struct xcy_json *missed = xcy_json_at(list, 1);
    assert_string_equal(xcy_json_get_string(missed, "text", ""), "failed<0.1%");
    assert_string_equal(xcy_json_get_string(missed, "state", ""), "missed");
    assert_int_equal(strncmp(xcy_json_get_string(missed, "found", ""), "2 of 208", 8), 0);
    assert_string_equal(xcy_json_get_string(o, "aborted_by", ""), "failed<0.1%");
    xcy_json_free(o);
    teardown(&f);
}

static void machines_read_the_same_in_one_object(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 5);
    f.m.verdict_reason = empty;
    f.report.rows_missing = 4;
    f.report.next = NULL;
    struct xcy_json *o = make_json(&f);
    assert_string_equal(xcy_json_get_string(o, "path", ""), "runs/x/y");
    assert_string_equal(xcy_json_get_string(o, "verdict", ""), "TARGET_LIMITED");
    assert_string_equal(xcy_json_get_string(o, "state", ""), "complete");
    int64_t skipped = xcy_json_get_int64(o, "skipped", -1);
    int64_t sum = xcy_json_get_int64(o, "warmup_slots", -1) + xcy_json_get_int64(o, "ok", -1) +
                  xcy_json_get_int64(o, "failed", -1) + skipped;
    assert_int_equal(sum, xcy_json_get_int64(o, "planned", 0));
    int64_t causes = xcy_json_get_int64(o, "skipped_late", -1) +
                     xcy_json_get_int64(o, "skipped_in_flight", -1) +
                     xcy_json_get_int64(o, "skipped_stopped", -1);
    assert_int_equal(causes, skipped);
    assert_int_equal(xcy_json_get_int64(o, "rows_missing", 0), 4);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(o, "start_lag_us"), "count", 0), 7);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(o, "warmup_outcomes"), "ok", 0), 2);
    const struct xcy_json *latency = xcy_json_get(o, "latency");
    assert_int_equal(xcy_json_size(latency), 2);
    const struct xcy_json *throttled = xcy_json_get(latency, "throttled");
    assert_true(xcy_json_get_number(xcy_json_get(throttled, "lag_us"), "mean", 0) == 45);
    assert_int_equal(xcy_json_size(xcy_json_get(o, "expectations")), 0);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "aborted_by")), XCY_JSON_NULL);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "next")), XCY_JSON_NULL);
    xcy_json_free(o);
    teardown(&f);
}

static void a_large_run_fits_into_a_hundred_columns(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, 5);
    struct xcy_hist *response = f.total.latency[XCY_OUTCOME_OK].of[XCY_RESPONSE];
    xcy_hist_add_count(response, 59 * XCY_NS_PER_S, 999999);
    f.total.measured.outcomes[XCY_OUTCOME_OK] += 999999;
    send_slot(&f, 1, false, XCY_OUTCOME_FIRST_BYTE_TIMEOUT, 60 * XCY_NS_PER_S);
    f.m.planned += 1000000;
    make_text(&f);
    struct xcy_bytes rest = xcy_buf_bytes(&f.out);
    while (rest.len > 0) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        assert_non_null(end);
        size_t n = (size_t)(end - rest.ptr);
        if (xcy_text_width(xcy_bytes(rest.ptr, n)) > 100) {
            fail_msg("too wide: %.*s", (int)n, rest.ptr);
        }
        rest = xcy_bytes(rest.ptr + n + 1, rest.len - n - 1);
    }
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_read_the_sum_the_causes_the_verdict_and_what_is_next),
        cmocka_unit_test(a_sum_that_does_not_add_up_is_said),
        cmocka_unit_test(each_latency_has_a_row_with_the_digits_that_it_is_exact_to),
        cmocka_unit_test(percentiles_that_so_few_values_cannot_tell_are_not_told),
        cmocka_unit_test(a_run_in_which_nothing_was_sent_has_no_table_and_no_rate),
        cmocka_unit_test(a_closed_loop_is_told_to_hide_what_it_keeps_back),
        cmocka_unit_test(what_was_asked_is_told_with_its_peak_its_shard_and_its_retries),
        cmocka_unit_test(of_shards_it_is_not_known_how_busy_their_threads_were),
        cmocka_unit_test(a_run_that_invokes_no_function_has_no_combination),
        cmocka_unit_test(each_expectation_has_its_state_and_what_was_found),
        cmocka_unit_test(machines_read_the_same_in_one_object),
        cmocka_unit_test(a_large_run_fits_into_a_hundred_columns),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
