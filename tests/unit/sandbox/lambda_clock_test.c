#include "tests/unit/sandbox/lambda_stand.h"

#include "common/base/log.h"
#include "functions/test_clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const enum xcy_fault offset = (enum xcy_fault)(XCY_FAULT_WRITER_CLOCK + XCY_CLOCK_OFFSET_MS);
static const enum xcy_fault drift = (enum xcy_fault)(XCY_FAULT_WRITER_CLOCK + XCY_CLOCK_DRIFT_PPM);
static const enum xcy_fault step = (enum xcy_fault)(XCY_FAULT_WRITER_CLOCK + XCY_CLOCK_STEP_MS);
static const enum xcy_fault after =
    (enum xcy_fault)(XCY_FAULT_WRITER_CLOCK + XCY_CLOCK_STEP_AFTER_S);

static const char ask[] = "{\"do\":\"env\",\"name\":\"XCY_TEST_CLOCK\"}";

static void without_the_fault_a_process_has_the_machines_clock(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{after, 1}}});
    assert_int_equal(lambda_invoke(&f, ask), 200);
    lambda_assert_body(&f, "\"(none)\"");
    struct xcy_json *lines = lambda_truth(&f, "clock");
    assert_int_equal(xcy_json_size(lines), 0);
    xcy_json_free(lines);
    lambda_stand_close(&f);
}

static void a_process_is_told_what_the_truth_log_says(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct xcy_test_clock told;
    char *text;
    lambda_stand_open(&f, &(struct lambda_setting){
                              .faults = {{offset, 50}, {drift, 100}, {step, -100}, {after, 3600}}});
    assert_int_equal(lambda_invoke(&f, ask), 200);
    text = f.reply.body.ptr + 1; /* a JSON string */
    text[strlen(text) - 1] = '\0';
    assert_ok(xcy_test_clock_parse(text, &told, &f.err), &f.err);
    struct xcy_json *lines = lambda_truth(&f, "clock");
    const struct xcy_json *line = xcy_json_first(lines);
    assert_int_equal(xcy_json_size(lines), 1);
    assert_string_equal(xcy_json_get_string(line, "function", ""), "fake");
    assert_string_equal(xcy_json_get_string(line, "instance", ""), told.instance);
    assert_int_equal(xcy_json_get_int64(line, "offset_us", 0), told.offset_us);
    assert_true(xcy_json_get_number(line, "drift_ppm", 0) / 1e6 == told.drift);
    assert_int_equal(xcy_json_get_int64(line, "step_us", 0), told.step_us);
    assert_int_equal(told.step_us, -100000);
    assert_int_equal(xcy_mono_diff_ns(told.step_at, told.since), 3600 * XCY_NS_PER_S);
    int64_t at_us = xcy_json_get_int64(line, "at_us", 0);
    assert_int_equal(xcy_json_get_int64(line, "step_at_us", 0) - at_us, 3600000000);
    struct xcy_anchor anchor = xcy_anchor_now();
    int64_t since_us = xcy_wall_us(xcy_wall_at(anchor, told.since));
    assert_in_range(since_us - at_us + 1000, 0, 2000); /* the same instant on both clocks */
    assert_true(told.offset_us != 0 && llabs(told.offset_us) <= 50000);
    assert_true(told.drift != 0 && fabs(told.drift) <= 100e-6);
    assert_int_equal(lambda_faults(&f, offset).injected, 1);
    assert_int_equal(lambda_faults(&f, drift).injected, 1);
    assert_int_equal(lambda_faults(&f, step).injected, 0); /* not yet */
    xcy_json_free(lines);
    lambda_stand_close(&f);
}

/* A stand whose first process is gone before its clock stepped; how soon it does depends on the machine. */
static void open_with_one_gone(struct lambda_stand *f)
{
    for (double after_s = 0.3;; after_s *= 2) {
        lambda_stand_open(f, &(struct lambda_setting){.faults = {{step, 7}, {after, after_s}}});
        assert_int_equal(lambda_invoke(f, "{\"do\":\"exit\"}"), 200);
        if (lambda_faults(f, step).injected == 0) {
            return;
        }
        lambda_stand_close(f);
    }
}

static void a_step_is_counted_when_it_comes_if_the_process_lives(void **state)
{
    (void)state;
    struct lambda_stand f;
    open_with_one_gone(&f);
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200);
    struct xcy_json *clocks = lambda_truth(&f, "clock");
    assert_int_equal(xcy_json_size(clocks), 2);
    while (lambda_faults(&f, step).injected == 0) {
        usleep(1000);
    }
    assert_int_equal(lambda_faults(&f, step).injected, 1);
    struct xcy_json *lines = lambda_truth(&f, "fault");
    assert_int_equal(xcy_json_size(lines), 1);
    const struct xcy_json *line = xcy_json_first(lines);
    assert_string_equal(xcy_json_get_string(line, "fault", ""), "clocks.writer_step_ms");
    assert_string_equal(xcy_json_get_string(line, "instance", ""),
                        xcy_json_get_string(xcy_json_at(clocks, 1), "instance", "?"));
    xcy_json_free(lines);
    xcy_json_free(clocks);
    lambda_stand_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_fault_a_process_has_the_machines_clock),
        cmocka_unit_test(a_process_is_told_what_the_truth_log_says),
        cmocka_unit_test(a_step_is_counted_when_it_comes_if_the_process_lives),
    };
    xcy_log_init("lambda_clock_test", XCY_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
