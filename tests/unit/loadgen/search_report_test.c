#include "common/data/json.h"
#include "loadgen/report/search_report.h"
#include "tests/support/unit.h"

#include <string.h>

enum { MAX_STEPS = 8 };

/* Short, for tables. */
#define H XCY_STEP_HOLDS
#define F XCY_STEP_FAILS
#define U XCY_STEP_UNFIT

static char run_path[] = "runs/one";

static const struct xcy_search_options options = {.from_per_s = 100,
                                                  .to_per_s = 5000,
                                                  .resolution = 0.02,
                                                  .step_ns = 10000000000,
                                                  .confirm_ns = 60000000000,
                                                  .max_steps = 40};

struct made {
    double rate_per_s; /* 0: no more */
    enum xcy_step_result result;
    bool is_confirmation;
};

/* Fills steps and gives a report over them; the result borrows both. */
static struct xcy_search_report play(const struct made made[MAX_STEPS], struct xcy_step *steps,
                                     struct xcy_search_result *result)
{
    for (size_t i = 0; i < MAX_STEPS && made[i].rate_per_s > 0; i++) {
        steps[i] = (struct xcy_step){
            .rate_per_s = made[i].rate_per_s,
            .duration_ns = made[i].is_confirmation ? options.confirm_ns : options.step_ns,
            .is_confirmation = made[i].is_confirmation,
            .result = made[i].result,
            .achieved_per_s = made[i].rate_per_s - 0.5,
            .evidence = "failed<1%: 0 of 1000",
            .path = i == 0 ? run_path : NULL,
        };
        result->n_steps = i + 1;
    }
    result->steps = steps;
    return (struct xcy_search_report){.slo = "failed<1%", .options = &options, .result = result};
}

static const struct {
    struct made made[MAX_STEPS];
    enum xcy_search_end end;
    double lower_per_s;
    double upper_per_s;
    const char *answer;
} cases[] = {
    {{{396, H, false}, {403, F, false}, {396, H, true}, {403, F, true}},
     XCY_SEARCH_FOUND,
     396,
     403,
     "the highest rate that holds lies between 396/s and 403/s, known to 1.8%: holds at 396/s "
     "(confirmed over 60 s) and fails at 403/s (confirmed over 60 s)"},
    {{{200, F, false}, {396, H, true}, {403, F, true}, {500, H, false}},
     XCY_SEARCH_FOUND,
     396,
     403,
     "the highest rate that holds lies between 396/s and 403/s, known to 1.8%: holds at 396/s "
     "(confirmed over 60 s) and fails at 403/s (confirmed over 60 s); steps from 200/s to 500/s "
     "disagree, so that it is known no better"},
    {{{1, F, false}, {0.5, F, false}},
     XCY_SEARCH_NEVER_HELD,
     0,
     0.5,
     "held at no rate tried, the lowest being 0.5/s: the target does not reach the objective, or "
     "only below that"},
    {{{5000, H, false}, {5000, H, true}},
     XCY_SEARCH_BOUND_REACHED,
     5000,
     0,
     "holds at 5000/s (confirmed over 60 s), and nothing above was to be tried; raise --to to find "
     "where it fails"},
    {{{400, H, false}, {800, U, false}, {800, U, false}, {400, H, true}},
     XCY_SEARCH_GENERATOR_LIMITED,
     400,
     0,
     "holds at 400/s (confirmed over 60 s), perhaps at more: the generator fell behind at 800/s, "
     "which tells nothing of the target; use more --threads, or a freer machine"},
    {{{800, U, false}, {800, U, false}},
     XCY_SEARCH_GENERATOR_LIMITED,
     0,
     0,
     "the generator fell behind at 800/s, which tells nothing of the target; use more --threads, "
     "or a freer machine"},
    {{{100, H, false}, {200, F, true}},
     XCY_SEARCH_UNSTABLE,
     100,
     200,
     "no stable answer, 4 confirmations contradicted their steps; without contradiction it holds "
     "at 100/s (in one step of 10 s) and fails at 200/s (confirmed over 60 s); lengthen --step and "
     "--confirm"},
    {{{100, H, false}},
     XCY_SEARCH_ENDED_EARLY,
     100,
     0,
     "ended after 1 step without an answer; so far: holds at 100/s (in one step of 10 s)"},
    {{{0, H, false}},
     XCY_SEARCH_ENDED_EARLY,
     0,
     0,
     "ended after 0 steps without an answer; so far: nothing is known of any rate"},
};

static void each_end_has_its_answer_in_words(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_step steps[MAX_STEPS];
        struct xcy_search_result result = {.end = cases[c].end,
                                           .lower_per_s = cases[c].lower_per_s,
                                           .upper_per_s = cases[c].upper_per_s};
        struct xcy_search_report report = play(cases[c].made, steps, &result);
        struct xcy_buf out;
        xcy_buf_init(&out, 1 << 16);
        xcy_search_report_answer(&report, &out);
        assert_string_equal(out.ptr, cases[c].answer);
        xcy_buf_clear(&out);
    }
}

static void people_read_every_step_with_its_evidence_and_the_answer(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "objective  failed<1%\n",
        "search     from 100/s up to 5000/s, to 2%; steps of 10 s, confirmed over 60 s\n",
        "step  rate/s   s  kind     result  achieved/s  run       evidence\n",
        "   1     396  10  search   holds       395.50  runs/one  failed<1%: 0 of 1000\n",
        "   4     403  60  confirm  fails       402.50  -         failed<1%: 0 of 1000\n",
        "\nresult     found\nanswer     the highest rate that holds lies between",
        "error      no route\n",
    };
    struct xcy_step steps[MAX_STEPS];
    struct xcy_search_result result = {
        .end = XCY_SEARCH_FOUND, .lower_per_s = 396, .upper_per_s = 403};
    struct xcy_search_report report = play(cases[0].made, steps, &result);
    struct xcy_buf out;
    report.error = "no route";
    xcy_buf_init(&out, 1 << 16);
    xcy_search_report_text(&report, &out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(out.ptr, parts[i])) {
            fail_msg("no '%s' in:\n%s", parts[i], out.ptr);
        }
    }
    xcy_buf_clear(&out);
}

static struct xcy_json *as_json(const struct xcy_search_report *report)
{
    struct xcy_error err;
    struct xcy_json *o = NULL;
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 16);
    xcy_search_report_json(report, &out);
    assert_int_equal(out.ptr[out.len - 1], '\n');
    assert_int_equal(strcspn(out.ptr, "\n"), out.len - 1);
    assert_ok(xcy_json_parse(xcy_buf_bytes(&out), &o, &err), &err);
    xcy_buf_clear(&out);
    return o;
}

static bool json_bool(const struct xcy_json *o, const char *key)
{
    return xcy_json_get_bool(o, key, false);
}

static void machines_read_the_same_in_one_object(void **state)
{
    (void)state;
    struct xcy_step steps[MAX_STEPS];
    struct xcy_search_result result = {
        .end = XCY_SEARCH_FOUND, .lower_per_s = 396, .upper_per_s = 403};
    struct xcy_search_report report = play(cases[0].made, steps, &result);
    struct xcy_json *o = as_json(&report);
    assert_string_equal(xcy_json_get_string(o, "slo", ""), "failed<1%");
    assert_string_equal(xcy_json_get_string(o, "end", ""), "found");
    assert_true(xcy_json_get_number(o, "lower_per_s", 0) == 396);
    assert_true(xcy_json_get_number(o, "upper_per_s", 0) == 403);
    assert_true(xcy_json_get_number(o, "width", 0) == 403.0 / 396 - 1);
    assert_true(xcy_json_get_number(o, "confirm_s", 0) == 60);
    assert_true(json_bool(o, "is_lower_confirmed") && json_bool(o, "is_upper_confirmed"));
    assert_string_equal(xcy_json_get_string(o, "answer", ""), cases[0].answer);
    assert_int_equal(xcy_json_kind(xcy_json_get(o, "error")), XCY_JSON_NULL);
    const struct xcy_json *made = xcy_json_get(o, "steps");
    assert_int_equal(xcy_json_size(made), 4);
    const struct xcy_json *first = xcy_json_at(made, 0);
    assert_string_equal(xcy_json_get_string(first, "path", ""), "runs/one");
    assert_string_equal(xcy_json_get_string(first, "result", ""), "holds");
    assert_string_equal(xcy_json_get_string(first, "evidence", ""), "failed<1%: 0 of 1000");
    assert_true(xcy_json_get_number(first, "achieved_per_s", 0) == 395.5);
    assert_true(xcy_json_get_number(first, "duration_s", 0) == 10);
    assert_false(json_bool(first, "is_confirmation"));
    assert_true(json_bool(xcy_json_at(made, 3), "is_confirmation"));
    assert_int_equal(xcy_json_kind(xcy_json_get(xcy_json_at(made, 3), "path")), XCY_JSON_NULL);
    xcy_json_free(o);
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    static const char *const keys[] = {"lower_per_s", "upper_per_s", "width"};
    static const struct made none[MAX_STEPS] = {{0, H, false}};
    struct xcy_step steps[MAX_STEPS];
    struct xcy_search_result result = {.end = XCY_SEARCH_ENDED_EARLY};
    struct xcy_search_report report = play(none, steps, &result);
    report.error = "stopped";
    struct xcy_json *o = as_json(&report);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_non_null(xcy_json_get(o, keys[i]));
        assert_int_equal(xcy_json_kind(xcy_json_get(o, keys[i])), XCY_JSON_NULL);
    }
    assert_false(json_bool(o, "is_lower_confirmed"));
    assert_string_equal(xcy_json_get_string(o, "error", ""), "stopped");
    assert_int_equal(xcy_json_size(xcy_json_get(o, "steps")), 0);
    xcy_json_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_end_has_its_answer_in_words),
        cmocka_unit_test(people_read_every_step_with_its_evidence_and_the_answer),
        cmocka_unit_test(machines_read_the_same_in_one_object),
        cmocka_unit_test(what_is_not_known_is_null),
    };
    return cmocka_run_group_tests_name("search_report", tests, NULL, NULL);
}
