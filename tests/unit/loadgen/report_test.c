#include "common/data/json.h"
#include "loadgen/record/account.h"
#include "loadgen/report/report.h"
#include "tests/support/unit.h"

#include <string.h>

static char empty[] = "";
static char reason[] = "2 requests were throttled";
static char endpoint[] = "http://127.0.0.1:4566";
static char tag[] = "tag";

static const struct xcy_anchor anchor = {.mono = {1000000000}, .wall = {1700000000000000000}};

/* Seven of ten sent, one each millisecond: five ok after 10 ms, two throttled; three skipped. */
static void play(struct xcy_recorder *total, struct xcy_manifest *m)
{
    xcy_recorder_init(total, anchor, NULL);
    for (int64_t i = 0; i < 7; i++) {
        struct xcy_call call = {.id = {.i = i}, .due = xcy_mono_add(anchor.mono, i * 1000000)};
        struct xcy_answer answer = {.outcome = i < 5 ? XCY_OUTCOME_OK : XCY_OUTCOME_THROTTLED,
                                    .reason = "why"};
        call.started = call.due;
        call.sent = call.due;
        answer.acked = xcy_mono_add(call.due, 10000000);
        xcy_recorder_started(total, &call);
        xcy_recorder_sent(total, &call);
        xcy_recorder_done(total, &call, &answer);
    }
    xcy_recorder_skip(total, XCY_SKIP_IN_FLIGHT);
    xcy_recorder_skip(total, XCY_SKIP_STOPPED);
    xcy_recorder_skip(total, XCY_SKIP_STOPPED);
    *m = (struct xcy_manifest){
        .run = "the-run",
        .tag = tag,
        .state = XCY_RUN_COMPLETE,
        .combination = {.writer_region = "eu-central-1", .reader_region = "us-east-1"},
        .endpoint = endpoint,
        .planned = 10,
        .rate_per_s = 1000,
        .verdict = XCY_VERDICT_TARGET_LIMITED,
        .verdict_reason = reason};
    xcy_account_end(m, total);
}

static void the_account_holds_the_sums(void **state)
{
    (void)state;
    struct xcy_recorder total;
    struct xcy_manifest m;
    play(&total, &m);
    assert_int_equal(m.sent, 7);
    assert_int_equal(m.outcomes[XCY_OUTCOME_OK], 5);
    assert_int_equal(m.outcomes[XCY_OUTCOME_THROTTLED], 2);
    assert_int_equal(m.outcomes[XCY_OUTCOME_SKIPPED], 3);
    assert_int_equal(m.late, 0);
    assert_true(m.response_p50_us > 9900 && m.response_p50_us <= 10000);
    xcy_recorder_clear(&total);
}

static void people_read_the_sum_the_causes_the_verdict_and_what_is_next(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "run       runs/x/y\n",
        "planned   10 = 5 ok + 2 failed + 3 skipped\n",
        ", first: why\n",
        "skipped   1 because too many were in flight\n",
        "skipped   2 because the run was stopped\n",
        "rate      1000/s asked, 1000.00/s achieved; 7 sent, 0 of them late",
        "verdict   TARGET_LIMITED: 2 requests were throttled\n",
        "next      gather\n",
    };
    struct xcy_recorder total;
    struct xcy_manifest m;
    struct xcy_buf out;
    play(&total, &m);
    struct xcy_report report = {
        .manifest = &m, .total = &total, .path = "runs/x/y", .next = "gather"};
    xcy_buf_init(&out, 1 << 16);
    xcy_report_text(&report, &out);
    for (size_t l = 0; l < sizeof lines / sizeof lines[0]; l++) {
        if (!strstr(out.ptr, lines[l])) {
            fail_msg("no '%s' in:\n%s", lines[l], out.ptr);
        }
    }
    xcy_buf_clear(&out);
    xcy_recorder_clear(&total);
}

static void machines_read_the_same_in_one_object(void **state)
{
    (void)state;
    struct xcy_recorder total;
    struct xcy_manifest m;
    struct xcy_buf out;
    struct xcy_json *o = NULL;
    struct xcy_error err;
    play(&total, &m);
    m.verdict_reason = empty;
    struct xcy_report report = {.manifest = &m, .total = &total, .path = "p", .rows_missing = 4};
    xcy_buf_init(&out, 1 << 16);
    xcy_report_json(&report, &out);
    assert_int_equal(out.ptr[out.len - 1], '\n');
    assert_ok(xcy_json_parse(xcy_buf_bytes(&out), &o, &err), &err);
    assert_string_equal(xcy_json_get_string(o, "path", ""), "p");
    assert_string_equal(xcy_json_get_string(o, "verdict", ""), "TARGET_LIMITED");
    assert_string_equal(xcy_json_get_string(o, "state", ""), "complete");
    int64_t sum = xcy_json_get_int64(o, "ok", -1) + xcy_json_get_int64(o, "failed", -1) +
                  xcy_json_get_int64(o, "skipped", -1);
    assert_int_equal(sum, xcy_json_get_int64(o, "planned", 0));
    assert_int_equal(xcy_json_get_int64(o, "rows_missing", 0), 4);
    assert_int_equal(xcy_json_get_int64(xcy_json_get(o, "response_us"), "count", 0), 5);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "next")), XCY_JSON_NULL);
    xcy_json_free(o);
    xcy_buf_clear(&out);
    xcy_recorder_clear(&total);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_account_holds_the_sums),
        cmocka_unit_test(people_read_the_sum_the_causes_the_verdict_and_what_is_next),
        cmocka_unit_test(machines_read_the_same_in_one_object),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
