#include "common/base/file.h"
#include "common/base/mem.h"
#include "loadgen/schedule/load_plan.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/scheduled.h"

static char *written(const char *folder, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/plan.yml", folder);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    return path;
}

static struct xcy_schedule *planned(const char *folder, const char *text,
                                    struct xcy_schedule_options options)
{
    char *path = written(folder, text);
    options.load_plan = path;
    struct xcy_schedule *schedule = scheduled(options);
    assert_string_equal(xcy_schedule_text(schedule), path);
    free(path);
    return schedule;
}

static const char *const three_stages = "stages:\n"
                                        "- {rate_per_s: 10, duration_s: 2, warmup: true}\n"
                                        "- arrivals: ramp:10..30\n"
                                        "  duration_s: 5\n"
                                        "- arrivals: burst:10\n"
                                        "  rate_per_s: 20\n"
                                        "  requests: 40\n";

static void stages_follow_each_other_without_a_gap(void **state)
{
    struct xcy_schedule *schedule = planned(*state, three_stages, (struct xcy_schedule_options){0});
    assert_int_equal(xcy_schedule_slots(schedule), 20 + 100 + 40);
    assert_int_equal(xcy_schedule_warmup_slots(schedule), 20);
    assert_int_equal(xcy_schedule_warmup_length_ns(schedule), 2 * second_ns);
    assert_int_equal(xcy_schedule_length_ns(schedule), 9 * second_ns);
    assert_int_equal(due_of(schedule, 19), 1900000000);
    assert_int_equal(due_of(schedule, 20), 2 * second_ns);
    assert_int_equal(due_of(schedule, 120), 7 * second_ns);
    assert_int_equal(due_of(schedule, 129), 7 * second_ns);
    assert_int_equal(due_of(schedule, 130), 7500000000);
    assert_true(xcy_schedule_rate_at(schedule, second_ns) == 10);
    assert_true(xcy_schedule_rate_at(schedule, 4500000000) == 20);
    assert_true(xcy_schedule_rate_at(schedule, 8 * second_ns) == 20);
    assert_true(xcy_schedule_mean_rate(schedule) == 20);
    assert_in_order(schedule);
    xcy_schedule_free(schedule);
}

static void every_arrival_can_be_a_stage(void **state)
{
    char *stamps = xcy_format("%s/stamps", (const char *)*state);
    char *text = xcy_format("stages:\n"
                            "- {arrivals: constant, rate_per_s: 100, requests: 10}\n"
                            "- {arrivals: poisson, rate_per_s: 100, duration_s: 0.5}\n"
                            "- {arrivals: 'steps:10,20', duration_s: 1}\n"
                            "- {arrivals: 'steps:10,20,every=1s'}\n"
                            "- {arrivals: 'sine:amplitude=0.2', rate_per_s: 50, duration_s: 1}\n"
                            "- {arrivals: 'replay:%s'}\n"
                            "- {arrivals: poisson, rate_per_s: 100, duration_s: 0.5}\n",
                            stamps);
    struct xcy_error err;
    assert_ok(xcy_file_replace(stamps, xcy_bytes_of("5\n5.25\n"), 0644, &err), &err);
    struct xcy_schedule *schedule = planned(*state, text, (struct xcy_schedule_options){.seed = 1});
    assert_true(xcy_schedule_is_random(schedule));
    assert_in_order(schedule);
    assert_int_equal(xcy_schedule_length_ns(schedule), 5100000000 + 500000001);
    xcy_schedule_free(schedule);
    free(text);
    free(stamps);
}

/* Each random stage has a stream of its own, and warm-up changes none. */
static void random_stages_differ_and_agree_with_a_single_one(void **state)
{
    struct xcy_schedule *twice = planned(*state,
                                         "stages:\n"
                                         "- {rate_per_s: 10, duration_s: 1, warmup: true}\n"
                                         "- {arrivals: poisson, rate_per_s: 100, duration_s: 10}\n"
                                         "- {arrivals: poisson, rate_per_s: 100, duration_s: 10}\n",
                                         (struct xcy_schedule_options){.seed = 9});
    struct xcy_schedule *once = scheduled((struct xcy_schedule_options){
        .arrivals = "poisson", .rate_per_s = 100, .duration_ns = 10 * second_ns, .seed = 9});
    int64_t n = xcy_schedule_slots(once);
    for (int64_t i = 0; i < n - 200; i += 50) {
        assert_int_equal(due_of(twice, 10 + i), second_ns + due_of(once, i));
        assert_int_not_equal(due_of(twice, 10 + n + i), 11 * second_ns + due_of(once, i));
    }
    xcy_schedule_free(once);
    xcy_schedule_free(twice);
}

static void requests_and_duration_cut_the_whole_plan(void **state)
{
    static const struct {
        int64_t requests;
        int64_t duration_ns;
        int64_t n; /* with 20 of warm-up */
        int64_t length_ns;
    } cases[] = {{100, 0, 120, 7000000000},          {1000, 0, 160, 9000000000},
                 {110, 0, 130, 7500000000},          {0, 5000000000, 120, 7000000000},
                 {0, 5000000001, 130, 7000000001},   {0, 100000000000, 160, 9000000000},
                 {105, 5000000001, 125, 7000000001}, {1, 0, 21, 2098076211},
                 {120, 5600000000, 140, 7600000000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_schedule *schedule =
            planned(*state, three_stages,
                    (struct xcy_schedule_options){.requests = cases[c].requests,
                                                  .duration_ns = cases[c].duration_ns});
        assert_int_equal(xcy_schedule_slots(schedule), cases[c].n);
        assert_int_equal(xcy_schedule_length_ns(schedule), cases[c].length_ns);
        assert_in_order(schedule);
        xcy_schedule_free(schedule);
    }
}

static void warm_up_may_be_asked_before_a_plan_without_one(void **state)
{
    static const char *const text = "stages:\n- {arrivals: 'ramp:5..10', duration_s: 2}\n";
    struct xcy_schedule_options options = {.warmup_ns = 2 * second_ns};
    struct xcy_schedule *schedule = planned(*state, text, options);
    assert_int_equal(xcy_schedule_warmup_slots(schedule), 10);
    assert_int_equal(xcy_schedule_slots(schedule), 25);
    xcy_schedule_free(schedule);
    char *path = written(*state, three_stages);
    options.load_plan = path;
    assert_refused(options, "the load plan has a warm-up of its own");
    free(path);
}

static void a_closed_loop_is_a_plan_of_one_stage(void **state)
{
    struct xcy_schedule *schedule =
        planned(*state, "stages:\n- {arrivals: 'closed:8', duration_s: 3}\n",
                (struct xcy_schedule_options){0});
    assert_int_equal(xcy_schedule_closed_in_flight(schedule), 8);
    assert_int_equal(xcy_schedule_length_ns(schedule), 3 * second_ns);
    xcy_schedule_free(schedule);
}

/* A window over the border of two stages: 4 s hold 1 s of one and 3 s of the other. */
static void the_peak_is_found_over_stages(void **state)
{
    struct xcy_schedule *schedule = planned(*state,
                                            "stages:\n"
                                            "- {rate_per_s: 10, duration_s: 100}\n"
                                            "- {rate_per_s: 50, duration_s: 3}\n"
                                            "- {rate_per_s: 20, duration_s: 0.5}\n"
                                            "- {rate_per_s: 10, duration_s: 100}\n",
                                            (struct xcy_schedule_options){0});
    assert_near(xcy_schedule_peak_rate(schedule), 50, 1e-9);
    assert_near(xcy_schedule_most_within(schedule, 4 * second_ns), 165, 1e-9);
    xcy_schedule_free(schedule);
}

static void what_is_wrong_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", "plan.yml: key 'stages' is missing"},
        {"stage: []\n", "plan.yml:1: unknown key 'stage'; did you mean 'stages'?"},
        {"stages: []\n", "plan.yml:1: stages must be a list"},
        {"stages: 5\n", "plan.yml:1: stages must be a list"},
        {"stages:\n- 5\n", "plan.yml:2: expected keys"},
        {"stages:\n- {rate_per_s: 5}\n",
         "plan.yml:2: this has no end; give duration_s or requests"},
        {"stages:\n- {duration_s: 5}\n", "plan.yml:2: rate_per_s is missing; constant arrivals"},
        {"stages:\n- {rate_per_s: 5, duration: 5}\n", "did you mean 'duration_s'?"},
        {"stages:\n- {rate_per_s: 0.001, requests: 5}\n",
         "plan.yml:2: rate_per_s must be 0.01..1000"},
        {"stages:\n- {rate_per_s: 1, requests: 0}\n", "plan.yml:2: requests must be 1..1000000000"},
        {"stages:\n- {rate_per_s: 1, duration_s: 0}\n", "plan.yml:2: duration_s must be 0.001.."},
        {"stages:\n- {rate_per_s: 1, duration_s: 1, warmup: maybe}\n", "true or false"},
        {"stages:\n- requests: 1\n  arrivals: rmp:1..2\n",
         "plan.yml:3: arrivals rmp:1..2: there are no arrivals 'rmp'; did you mean 'ramp'?"},
        {"stages:\n- {arrivals: 'ramp:1..2', rate_per_s: 1, requests: 1}\n",
         "plan.yml:2: rate_per_s is not for ramp arrivals"},
        {"stages:\n- {rate_per_s: 1, requests: 1}\n- {rate_per_s: 1, requests: 1, warmup: true}\n",
         "plan.yml:3: only the first stages may be warm-up"},
        {"stages:\n- {rate_per_s: 1, requests: 1, warmup: true}\n",
         "plan.yml:2: all stages are warm-up"},
        {"stages:\n- {rate_per_s: 1, requests: 1}\n- {arrivals: 'closed:5', requests: 1}\n",
         "plan.yml:3: a closed loop cannot follow"},
        {"stages:\n- {arrivals: 'closed:5', requests: 1}\n- {rate_per_s: 1, requests: 1}\n",
         "plan.yml:3: no stage can follow a closed loop"},
        {"stages:\n- {rate_per_s: 0.01, requests: 1000000000}\n",
         "plan.yml:2: this takes 1157407 days; at most 366"},
        {"stages:\n- {rate_per_s: 1, duration_s: 30000000}\n- {rate_per_s: 1, duration_s: "
         "30000000}\n",
         "longer than 366 days"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char *path = written(*state, cases[c].text);
        assert_refused((struct xcy_schedule_options){.load_plan = path}, cases[c].words);
        free(path);
    }
    assert_refused((struct xcy_schedule_options){.load_plan = "/nonexistent/plan.yml"},
                   "/nonexistent/plan.yml");
}

static void the_sample_is_a_plan(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(
        (struct xcy_schedule_options){.load_plan = "../../../samples/load-plan.yml", .seed = 1});
    assert_true(xcy_schedule_warmup_slots(schedule) > 0);
    assert_in_order(schedule);
    xcy_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_follow_each_other_without_a_gap),
        cmocka_unit_test(every_arrival_can_be_a_stage),
        cmocka_unit_test(random_stages_differ_and_agree_with_a_single_one),
        cmocka_unit_test(requests_and_duration_cut_the_whole_plan),
        cmocka_unit_test(warm_up_may_be_asked_before_a_plan_without_one),
        cmocka_unit_test(a_closed_loop_is_a_plan_of_one_stage),
        cmocka_unit_test(the_peak_is_found_over_stages),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(the_sample_is_a_plan),
    };
    return cmocka_run_group_tests_name("load_plan", tests, folder_set_up, folder_tear_down);
}
