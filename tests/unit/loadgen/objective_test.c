#include "loadgen/judge/objective.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void parse(const char *text, struct xcy_objectives *list)
{
    struct xcy_error err;
    *list = (struct xcy_objectives){0};
    assert_ok(xcy_objectives_parse("--expect", text, list, &err), &err);
}

/* n values 1, 2, … n ms as response of ok. */
static void add_responses(struct xcy_tally *t, int64_t n)
{
    for (int64_t i = 1; i <= n; i++) {
        xcy_latency_add(&t->latency[XCY_OUTCOME_OK], XCY_RESPONSE, i * XCY_NS_PER_MS);
    }
    t->measured.outcomes[XCY_OUTCOME_OK] += n;
}

/* Judges one objective of the tally; the words are the caller's to clear. */
static enum xcy_objective_state judge(const char *text, const struct xcy_tally *t,
                                      struct xcy_buf *words)
{
    struct xcy_objectives list;
    parse(text, &list);
    assert_int_equal(list.n, 1);
    xcy_buf_init(words, 1 << 12);
    enum xcy_objective_state state = xcy_objective_judge(&list.items[0], t, words);
    assert_int_equal(xcy_objective_judge(&list.items[0], t, NULL), state);
    xcy_objectives_clear(&list);
    return state;
}

static void expect(const struct xcy_tally *t, const char *text, enum xcy_objective_state state,
                   const char *words)
{
    struct xcy_buf found;
    enum xcy_objective_state got = judge(text, t, &found);
    if (got != state || !strstr(found.ptr, words)) {
        fail_msg("%s: %s, expected %s; '%s', expected '%s'", text, xcy_objective_state_names[got],
                 xcy_objective_state_names[state], found.ptr, words);
    }
    xcy_buf_clear(&found);
}

static void a_list_is_read_in_order_blanks_are_left_out(void **state)
{
    (void)state;
    struct xcy_objectives list;
    parse(" response.p99.9 < 43.1 ms ,failed<=7%,\tthroughput >= 990/s, skipped<3,retries>150%",
          &list);
    assert_int_equal(list.n, 5);
    assert_string_equal(list.items[0].text, "response.p99.9<43.1ms");
    assert_true(list.items[0].percentile == 99.9);
    assert_true(list.items[0].value == 43100000);
    assert_true(list.items[1].is_share && list.items[1].value == 7.0 / 100);
    assert_string_equal(list.items[2].text, "throughput>=990/s");
    assert_true(list.items[2].value == 990);
    assert_true(!list.items[3].is_share && list.items[3].value == 3);
    assert_true(list.items[4].value == 1.5);
    xcy_objectives_clear(&list);
}

static void every_metric_unit_and_outcome_is_known(void **state)
{
    (void)state;
    static const char *const good[] = {
        "response.p50<1ns",  "service.p99.99<2us", "lag.max<=3ms",  "start_lag.mean>4s",
        "response.min>=0ns", "failed<1",           "ok>=99.5%",     "skipped<=0",
        "late<5%",           "retries<=0",         "rate>=999.5",   "throughput>1e3/s",
        "service.p0.5>1us",  "lag.p99<.5ms",       "failed<=0.01%", "rate>1,rate<2"};
    struct xcy_objectives list;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        parse(good[i], &list);
        xcy_objectives_clear(&list);
    }
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s<=1%%", xcy_outcome_names[i]);
        parse(text, &list);
        assert_int_equal(xcy_objectives_bound_failures(&list), i == XCY_OUTCOME_OK);
        xcy_objectives_clear(&list);
    }
}

static void what_is_wrong_is_quoted_with_what_would_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", "--expect: an objective is missing in ''"},
        {"failed<1%,", "an objective is missing in 'failed<1%,'"},
        {"failed<1%,,ok>1", "missing"},
        {"response.p99", "'response.p99' compares nothing; right would be METRIC<VALUE"},
        {"response.p99=50ms", "the comparison must be <, <=, > or >="},
        {"response.p99==50ms", "the comparison must be"},
        {"response.p99<>50ms", "the comparison must be"},
        {"response.p99=<50ms", "the comparison must be"},
        {"failed!=0", "the comparison must be"},
        {"<5", "'<5' does not say what is compared"},
        {"responce.p99<5ms", "called 'responce.p99' (did you mean 'response.p99'?)"},
        {"start-lag<5ms", "(did you mean 'start_lag.p99'?)"},
        {"throtled<1%", "(did you mean 'throttled'?)"},
        {"latency_percentile<5ms", "there are response, service, lag"},
        {"Response.p99<5ms", "did you mean 'response.p99'?"},
        {"response<5ms", "'response' must be followed by .p99"},
        {"response.<5ms", "got '.'"},
        {"response.median<5ms", "must be followed by .p99 (or another percentile), .min"},
        {"response.p<5ms", "the percentile 'p' must lie between p0 and p100"},
        {"response.p0<5ms", "the percentile 'p0'"},
        {"response.p100<5ms", "the ends are called min and max"},
        {"response.p-1<5ms", "the percentile 'p-1'"},
        {"response.p1e1<5ms", "the percentile 'p1e1'"},
        {"response.p9 9<5ms", "the percentile 'p9 9'"},
        {"response.p9999<5ms", "the percentile"},
        {"failed.p99<5", "'failed' is no duration: '.p99' cannot follow it"},
        {"response.p99<50", "a time with its unit, such as 50ms (ns, us, ms or s), got '50'"},
        {"response.p99<50min", "got '50min'"},
        {"response.p99<5 0ms", "got '5 0ms'"},
        {"response.p99<ms", "got 'ms'"},
        {"response.p99<-1ms", "got '-1ms'"},
        {"response.p99<1e999s", "got '1e999s'"},
        {"response.p99<", "got ''"},
        {"failed<0.1", "a whole number, or a share such as 0.1%, got '0.1'"},
        {"failed<101%", "got '101%'"},
        {"failed<1ms", "got '1ms'"},
        {"rate>=5%", "a number a second, such as 990/s, got '5%'"},
        {"rate>=5/min", "got '5/min'"},
        {"failed<0", "can never hold, nothing is below 0; right would be <="},
    };
    struct xcy_objectives list;
    parse("ok>1", &list);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_error err = {0};
        assert_int_equal(xcy_objectives_parse("--expect", cases[i].text, &list, &err), XCY_EUSAGE);
        if (!strstr(err.text, cases[i].words)) {
            fail_msg("'%s': '%s' lacks '%s'", cases[i].text, err.text, cases[i].words);
        }
        assert_int_equal(list.n, 1);
    }
    xcy_objectives_clear(&list);
}

static void lists_are_added_to_and_a_name_without_end_is_refused(void **state)
{
    (void)state;
    struct xcy_error err = {0};
    struct xcy_objectives list;
    char nines[4000] = "";
    char text[sizeof nines + 32];
    parse("ok>1", &list);
    assert_ok(xcy_objectives_parse("--expect", "late<1%,lag.max<1s", &list, &err), &err);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.items[2].text, "lag.max<1s");
    memset(nines, '9', sizeof nines - 1);
    snprintf(text, sizeof text, "response.p99.%s<5ms", nines);
    assert_int_equal(xcy_objectives_parse("--expect", text, &list, &err), XCY_EUSAGE);
    assert_int_equal(list.n, 3);
    xcy_objectives_clear(&list);
}

/* Below 512 ns each value has a bucket of its own: the value of rank r is r ns. The ranks were found by
 * exact fractions in Python 3.11, with at_most[k] = P(K < k) of the binomial (n, q):
 *     low = max(l for l in range(1, n + 1) if at_most[l] <= 25/1000)
 *     high = min(u for u in range(1, n + 1) if 1 - at_most[u] <= 25/1000) */
static void the_interval_of_a_percentile_is_that_of_its_order_statistics(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *text;
        const char *words;
    } cases[] = {
        {400, "response.p99<=396ns", ": 396 ns (95% CI 392 ns..400 ns)"},
        {400, "response.p90<=360ns", ": 360 ns (95% CI 348 ns..372 ns)"},
        {400, "response.p50<=200ns", ": 200 ns (95% CI 180 ns..221 ns)"},
        {400, "response.p10>=40ns", ": 40 ns (95% CI 29 ns..53 ns)"},
        {100, "response.p99<=99ns", ": 99 ns (95% CI from 97 ns)"},
        {2, "response.p50<=1ns", ": 1 ns (no 95% CI)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_tally t;
        xcy_tally_init(&t);
        for (int64_t value = 1; value <= cases[i].n; value++) {
            xcy_latency_add(&t.latency[XCY_OUTCOME_OK], XCY_RESPONSE, value);
        }
        expect(&t, cases[i].text, XCY_OBJECTIVE_MET, cases[i].words);
        xcy_tally_clear(&t);
    }
}

static void a_duration_is_judged_by_what_was_found(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    add_responses(&t, 1000);
    expect(&t, "response.p99<=1s", XCY_OBJECTIVE_MET, "response.p99<=1s: 99");
    expect(&t, "response.p99<980ms", XCY_OBJECTIVE_MISSED, "95% CI 98");
    expect(&t, "response.p99>980ms", XCY_OBJECTIVE_MET, " ms..99");
    expect(&t, "response.max<=1s", XCY_OBJECTIVE_MET, ": 1 s (of 1000)");
    expect(&t, "response.max<1s", XCY_OBJECTIVE_MISSED, ": 1 s");
    expect(&t, "response.max<=999999999ns", XCY_OBJECTIVE_MISSED, ": 1 s");
    expect(&t, "response.min>=1ms", XCY_OBJECTIVE_MET, ": 1 ms");
    expect(&t, "response.mean<=500.5ms", XCY_OBJECTIVE_MET, ": 500.5 ms");
    xcy_tally_clear(&t);
}

static void a_percentile_needs_a_value_beyond_its_rank_on_either_side(void **state)
{
    (void)state;
    static const struct {
        double percentile;
        int64_t needs;
    } cases[] = {{50, 2},          {90, 10},    {99, 100}, {99.9, 1000}, {99.99, 10000},
                 {99.999, 100000}, {10, 10},    {1, 100},  {0.1, 1000},  {75, 4},
                 {95, 20},         {99.5, 200}, {66, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(xcy_percentile_needs(cases[i].percentile), cases[i].needs);
        double q = cases[i].percentile / 100;
        double rank = q * (double)cases[i].needs;
        assert_true(ceil(rank - rank * 1e-12) < (double)cases[i].needs && rank > 1 - 1e-12);
    }
    struct xcy_objectives list;
    parse("response.p99.9<1s,failed<1%,lag.p50<1s", &list);
    assert_true(xcy_objectives_bound_failures(&list));
    assert_int_equal(xcy_objectives_need(&list), 1000);
    xcy_objectives_clear(&list);
    parse("lag.max<1s,late<=1%", &list);
    assert_int_equal(xcy_objectives_need(&list), 1);
    assert_false(xcy_objectives_bound_failures(&list));
    xcy_objectives_clear(&list);
}

static void
few_values_tell_nothing_of_a_high_percentile_unless_all_they_allow_is_the_same(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    add_responses(&t, 50);
    expect(&t, "response.p99.9<1s", XCY_OBJECTIVE_UNKNOWN,
           "50 values: too few for p99.9, which needs 1000 (95% CI from 4");
    /* Were the p99.9 below 40 ms, 11 of 50 above it would be out of the question. */
    expect(&t, "response.p99.9<40ms", XCY_OBJECTIVE_MISSED, "too few for p99.9");
    expect(&t, "response.p99.9>40ms", XCY_OBJECTIVE_MET, "too few for p99.9");
    /* One value above may be chance: (0.999)^50 = 0.951 is not below 0.025. */
    expect(&t, "response.p99.9<49.5ms", XCY_OBJECTIVE_UNKNOWN, "");
    expect(&t, "response.p0.1>10ms", XCY_OBJECTIVE_MISSED, "95% CI up to ");
    expect(&t, "response.p0.1>500us", XCY_OBJECTIVE_UNKNOWN, "too few for p0.1");
    expect(&t, "response.p90<46ms", XCY_OBJECTIVE_MET, "response.p90<46ms: 45");
    xcy_tally_clear(&t);
}

static void one_value_has_no_percentile_and_no_interval(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    add_responses(&t, 1);
    expect(&t, "response.p50<1s", XCY_OBJECTIVE_UNKNOWN,
           "1 value: too few for p50, which needs 2 (no 95% CI)");
    expect(&t, "response.max<2ms", XCY_OBJECTIVE_MET, ": 1 ms (of 1)");
    xcy_tally_clear(&t);
}

static void nothing_measured_is_unknown_not_met(void **state)
{
    (void)state;
    static const char *const all[] = {"response.p99<1s", "response.max<1s", "start_lag.p50<1s",
                                      "failed<1%",       "skipped<5",       "rate>1",
                                      "throughput>1"};
    struct xcy_tally t;
    xcy_tally_init(&t);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        expect(&t, all[i], XCY_OBJECTIVE_UNKNOWN, ": unknown, ");
    }
    t.warmup.outcomes[XCY_OUTCOME_OK] = 5;
    expect(&t, "ok>1", XCY_OBJECTIVE_UNKNOWN, "no measured slot has ended");
    xcy_tally_clear(&t);
}

static void a_value_beyond_the_range_counts_as_infinite(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    add_responses(&t, 9);
    xcy_latency_add(&t.latency[XCY_OUTCOME_OK], XCY_RESPONSE, INT64_MAX);
    expect(&t, "response.max<100s", XCY_OBJECTIVE_MISSED, "longer than can be recorded (of 10)");
    expect(&t, "response.mean<100s", XCY_OBJECTIVE_MISSED, "longer");
    expect(&t, "response.min<2ms", XCY_OBJECTIVE_MET, ": 1 ms");
    expect(&t, "response.p90<9.1ms", XCY_OBJECTIVE_MET, ": 9");
    expect(&t, "response.p91<100s", XCY_OBJECTIVE_UNKNOWN, "10 values: too few for p91");
    xcy_tally_clear(&t);
}

static void shares_are_of_slots_ended_and_say_their_exact_bound(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    t.measured.outcomes[XCY_OUTCOME_OK] = 1000;
    t.warmup.outcomes[XCY_OUTCOME_RESET] = 1000;
    expect(&t, "failed<0.1%", XCY_OBJECTIVE_MET, "failed<0.1%: 0 of 1000 (95% CI up to 0.37%)");
    expect(&t, "ok>=100%", XCY_OBJECTIVE_MET, "1000 of 1000, 100% (95% CI from 99.63%)");
    t.measured.outcomes[XCY_OUTCOME_OK] = 1000000;
    expect(&t, "ok>=99%", XCY_OBJECTIVE_MET, "(95% CI from 99.99963%)");
    expect(&t, "failed<1%", XCY_OBJECTIVE_MET, "(95% CI up to 0.00037%)");
    t.measured.outcomes[XCY_OUTCOME_OK] = 960;
    t.measured.outcomes[XCY_OUTCOME_THROTTLED] = 7;
    t.measured.outcomes[XCY_OUTCOME_RESET] = 3;
    t.measured.outcomes[XCY_OUTCOME_SKIPPED] = 30;
    t.measured.late = 1001;
    t.measured.retries = 1500;
    expect(&t, "failed<=1%", XCY_OBJECTIVE_MET, "10 of 1000, 1% (95% CI 0.48..1.8%)");
    expect(&t, "failed<1%", XCY_OBJECTIVE_MISSED, "10 of 1000, 1%");
    expect(&t, "throttled<=0.7%", XCY_OBJECTIVE_MET, "7 of 1000, 0.7%");
    expect(&t, "throttled<8", XCY_OBJECTIVE_MET, "throttled<8: 7 of 1000");
    expect(&t, "skipped<3%", XCY_OBJECTIVE_MISSED, "30 of 1000");
    expect(&t, "late<100%", XCY_OBJECTIVE_MISSED, "1001 of 1000, 100.1%");
    expect(&t, "retries<=150%", XCY_OBJECTIVE_MET, "1500 of 1000, 150%");
    xcy_tally_clear(&t);
}

/* A bound given in percent is the very share that so many of 1000 are. */
static void a_share_at_its_bound_is_at_its_bound(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    for (int64_t failed = 1; failed < 1000; failed++) {
        char at_most[64];
        char below[64];
        t.measured.outcomes[XCY_OUTCOME_RESET] = failed;
        t.measured.outcomes[XCY_OUTCOME_OK] = 1000 - failed;
        snprintf(at_most, sizeof at_most, "failed<=%g%%", (double)failed / 10);
        snprintf(below, sizeof below, "failed<%g%%", (double)failed / 10);
        struct xcy_objectives list;
        parse(at_most, &list);
        assert_int_equal(xcy_objective_judge(&list.items[0], &t, NULL), XCY_OBJECTIVE_MET);
        xcy_objectives_clear(&list);
        parse(below, &list);
        assert_int_equal(xcy_objective_judge(&list.items[0], &t, NULL), XCY_OBJECTIVE_MISSED);
        xcy_objectives_clear(&list);
    }
    xcy_tally_clear(&t);
}

static void rates_are_those_of_the_tally(void **state)
{
    (void)state;
    struct xcy_tally t;
    xcy_tally_init(&t);
    t.measured.sent = 1001;
    t.measured.outcomes[XCY_OUTCOME_OK] = 500;
    t.measured.outcomes[XCY_OUTCOME_RESET] = 501;
    t.first_sent = (struct xcy_mono){1000};
    t.last_sent = (struct xcy_mono){1000 + XCY_NS_PER_S};
    t.last_acked = (struct xcy_mono){1000 + 2 * XCY_NS_PER_S};
    expect(&t, "rate>=1000/s", XCY_OBJECTIVE_MET, "rate>=1000/s: 1000/s");
    expect(&t, "throughput>=250", XCY_OBJECTIVE_MET, ": 250/s");
    t.last_sent.ns += 1;
    expect(&t, "rate>=1000/s", XCY_OBJECTIVE_MISSED, ": 999.999999/s");
    t.measured.outcomes[XCY_OUTCOME_OK] = 0;
    expect(&t, "throughput>1", XCY_OBJECTIVE_MISSED, ": 0/s");
    xcy_tally_clear(&t);
}

static void the_worst_of_a_list_decides_and_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum xcy_objective_state state;
        const char *first;
    } cases[] = {
        {"failed<1%,ok>5", XCY_OBJECTIVE_MET, NULL},
        {"ok>5,service.p99<1s,failed>5", XCY_OBJECTIVE_MISSED, "failed>5"},
        {"ok>5,service.p99<1s,lag.p99<1s", XCY_OBJECTIVE_UNKNOWN, "service.p99<1s"},
        {"ok>50,failed>5", XCY_OBJECTIVE_MISSED, "ok>50"},
    };
    struct xcy_tally t;
    xcy_tally_init(&t);
    t.measured.outcomes[XCY_OUTCOME_OK] = 10;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct xcy_objective *first = NULL;
        struct xcy_objectives list;
        parse(cases[i].text, &list);
        assert_int_equal(xcy_objectives_judge(&list, &t, &first), cases[i].state);
        assert_int_equal(xcy_objectives_judge(&list, &t, NULL), cases[i].state);
        assert_true(!first == !cases[i].first);
        if (first) {
            assert_string_equal(first->text, cases[i].first);
        }
        xcy_objectives_clear(&list);
    }
    xcy_tally_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_read_in_order_blanks_are_left_out),
        cmocka_unit_test(every_metric_unit_and_outcome_is_known),
        cmocka_unit_test(what_is_wrong_is_quoted_with_what_would_be_right),
        cmocka_unit_test(lists_are_added_to_and_a_name_without_end_is_refused),
        cmocka_unit_test(the_interval_of_a_percentile_is_that_of_its_order_statistics),
        cmocka_unit_test(a_duration_is_judged_by_what_was_found),
        cmocka_unit_test(a_percentile_needs_a_value_beyond_its_rank_on_either_side),
        cmocka_unit_test(
            few_values_tell_nothing_of_a_high_percentile_unless_all_they_allow_is_the_same),
        cmocka_unit_test(one_value_has_no_percentile_and_no_interval),
        cmocka_unit_test(nothing_measured_is_unknown_not_met),
        cmocka_unit_test(a_value_beyond_the_range_counts_as_infinite),
        cmocka_unit_test(shares_are_of_slots_ended_and_say_their_exact_bound),
        cmocka_unit_test(a_share_at_its_bound_is_at_its_bound),
        cmocka_unit_test(rates_are_those_of_the_tally),
        cmocka_unit_test(the_worst_of_a_list_decides_and_is_named),
    };
    return cmocka_run_group_tests_name("objective", tests, NULL, NULL);
}
