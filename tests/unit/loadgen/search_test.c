#include "common/base/mem.h"
#include "common/stats/stream.h"
#include "loadgen/judge/search.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A target that holds below its knee; noisy ones do so with a probability that falls from 1 to 0
 * around it. */
struct target {
    double knee_per_s;
    double softness;         /* 0: sharp; else the logistic's scale over the knee */
    double unfit_from_per_s; /* 0: never */
    int64_t hiccups;         /* so many steps, of the first, are unfit by chance */
    int64_t fails_at_step;   /* from 1; 0: none */
    int64_t lies_at_step;    /* from 1: that step says the opposite; 0: none */
    bool flips_confirmations;
    struct xcy_stream *noise;
    int64_t steps;
};

static bool holds(const struct target *t, const struct xcy_step *step)
{
    if (t->softness <= 0) {
        return step->rate_per_s < t->knee_per_s;
    }
    /* A longer window averages more: its transition is narrower by the root of its length. */
    double scale = t->softness / sqrt((double)step->duration_ns / 1e9);
    double x = (step->rate_per_s / t->knee_per_s - 1) / scale;
    return xcy_stream_uniform(t->noise) < 1 / (1 + exp(x));
}

static enum xcy_status answer(void *ctx, struct xcy_step *step, struct xcy_error *err)
{
    struct target *t = ctx;
    t->steps++;
    step->path = xcy_format("runs/%d", (int)t->steps);
    if (t->steps == t->fails_at_step) {
        return xcy_fail(err, XCY_ESTOPPED, "interrupted");
    }
    bool is_behind = t->unfit_from_per_s > 0 && step->rate_per_s >= t->unfit_from_per_s;
    bool is_held = holds(t, step);
    bool is_flipped =
        t->steps == t->lies_at_step || (t->flips_confirmations && step->is_confirmation);
    step->result = is_held != is_flipped ? XCY_STEP_HOLDS : XCY_STEP_FAILS;
    if (is_behind || t->steps <= t->hiccups) {
        step->result = XCY_STEP_UNFIT;
    }
    step->achieved_per_s = step->rate_per_s;
    snprintf(step->evidence, sizeof step->evidence, "step %d", (int)t->steps);
    return XCY_OK;
}

static const struct xcy_search_options usual = {.from_per_s = 10,
                                                .to_per_s = 100000,
                                                .resolution = 0.02,
                                                .step_ns = 1000000000,
                                                .confirm_ns = 4000000000,
                                                .max_steps = 100};

static void search(const struct xcy_search_options *options, struct target *target,
                   struct xcy_search_result *result)
{
    struct xcy_error err;
    assert_ok(xcy_search_run(options, answer, target, result, &err), &err);
    assert_int_equal(result->n_steps, target->steps);
}

/* What the algorithm needs against a sharp knee: doublings (or halvings) until both ends are known,
 * halvings of the logarithm of the bracket's ratio, at most 2, down to the resolution; and two
 * confirmations. */
static size_t most_steps(const struct xcy_search_options *o, double knee_per_s)
{
    double bracket = ceil(fabs(log2(knee_per_s / o->from_per_s))) + 2;
    double bisect = ceil(log2(log(2) / log1p(o->resolution)));
    return (size_t)(bracket + fmax(bisect, 0) + 2);
}

static void a_sharp_knee_is_found_within_the_resolution_in_few_steps(void **state)
{
    (void)state;
    static const double froms[] = {0.5, 1, 10, 100, 3333, 100000};
    static const double resolutions[] = {0.001, 0.02, 0.3, 1};
    for (size_t f = 0; f < sizeof froms / sizeof froms[0]; f++) {
        for (int k = 0; k < 33; k++) {
            double knee = 1.5 * pow(1.37, k);
            struct xcy_search_options o = usual;
            struct target target = {.knee_per_s = knee};
            struct xcy_search_result r;
            o.from_per_s = froms[f];
            o.lowest_per_s = 0.01;
            o.resolution = resolutions[(size_t)(knee * 7) % 4];
            search(&o, &target, &r);
            assert_int_equal(r.end, XCY_SEARCH_FOUND);
            assert_true(r.lower_per_s < knee && knee <= r.upper_per_s);
            assert_true(r.upper_per_s / r.lower_per_s - 1 <= o.resolution);
            assert_in_range(r.n_steps, 4, most_steps(&o, knee));
            xcy_search_result_clear(&r);
        }
    }
}

static void steps_keep_their_order_kind_evidence_and_place(void **state)
{
    (void)state;
    static const double rates[] = {100, 200, 400, 282.842712, 336.358566, 308.442}; /* knee 300 */
    struct xcy_search_options o = usual;
    struct target target = {.knee_per_s = 300};
    struct xcy_search_result r;
    o.from_per_s = 100;
    search(&o, &target, &r);
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        assert_true(fabs(r.steps[i].rate_per_s / rates[i] - 1) < 1e-5);
        assert_int_equal(r.steps[i].duration_ns, o.step_ns);
        assert_false(r.steps[i].is_confirmation);
        assert_int_equal(r.steps[i].result, rates[i] < 300 ? XCY_STEP_HOLDS : XCY_STEP_FAILS);
    }
    const struct xcy_step *last = &r.steps[r.n_steps - 1];
    assert_true(last->is_confirmation && last[-1].is_confirmation);
    assert_int_equal(last->duration_ns, o.confirm_ns);
    assert_true(last->rate_per_s == r.upper_per_s && last[-1].rate_per_s == r.lower_per_s);
    assert_string_equal(r.steps[2].evidence, "step 3");
    assert_string_equal(r.steps[2].path, "runs/3");
    xcy_search_result_clear(&r);
    assert_null(r.steps);
}

static void a_target_that_never_holds_is_asked_down_to_the_lowest_rate(void **state)
{
    (void)state;
    struct xcy_search_options o = usual;
    struct target target = {.knee_per_s = 1e-9};
    struct xcy_search_result r;
    search(&o, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_NEVER_HELD);
    assert_true(r.lower_per_s <= 0 && r.upper_per_s == 10.0 / 1024);
    assert_int_equal(r.n_steps, 11);
    xcy_search_result_clear(&r);
    target.steps = 0;
    o.lowest_per_s = 3;
    search(&o, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_NEVER_HELD);
    assert_true(r.upper_per_s == 3);
    assert_int_equal(r.n_steps, 3);
    xcy_search_result_clear(&r);
}

static void a_target_that_always_holds_is_confirmed_at_the_bound(void **state)
{
    (void)state;
    struct xcy_search_options o = usual;
    struct target target = {.knee_per_s = 1e12};
    struct xcy_search_result r;
    o.to_per_s = 100;
    search(&o, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_BOUND_REACHED);
    assert_true(r.lower_per_s == 100 && r.upper_per_s <= 0);
    assert_int_equal(r.n_steps, 6); /* 10 20 40 80 100, and 100 confirmed */
    assert_true(r.steps[5].is_confirmation && r.steps[5].rate_per_s == 100);
    xcy_search_result_clear(&r);
}

static void a_generator_that_falls_behind_is_never_taken_for_a_knee(void **state)
{
    (void)state;
    for (int k = 0; k < 32; k++) {
        double behind = 11 * pow(1.21, k);
        struct target target = {.knee_per_s = 1e12, .unfit_from_per_s = behind};
        struct xcy_search_result r;
        search(&usual, &target, &r);
        assert_int_equal(r.end, XCY_SEARCH_GENERATOR_LIMITED);
        assert_true(r.lower_per_s < behind && r.lower_per_s * 2 >= behind);
        assert_true(r.upper_per_s <= 0);
        const struct xcy_step *last = &r.steps[r.n_steps - 1];
        assert_int_equal(last[-1].result, XCY_STEP_UNFIT);
        assert_int_equal(last[-2].result, XCY_STEP_UNFIT);
        assert_true(last[-1].rate_per_s == last[-2].rate_per_s);
        assert_true(last->is_confirmation && last->rate_per_s == r.lower_per_s);
        xcy_search_result_clear(&r);
    }
}

static void a_generator_that_falls_behind_at_once_knows_nothing(void **state)
{
    (void)state;
    struct target target = {.knee_per_s = 1e12, .unfit_from_per_s = 1};
    struct xcy_search_result r;
    search(&usual, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_GENERATOR_LIMITED);
    assert_true(r.lower_per_s <= 0 && r.upper_per_s <= 0);
    assert_int_equal(r.n_steps, 2);
    xcy_search_result_clear(&r);
}

static void a_knee_below_the_generators_own_limit_is_still_found(void **state)
{
    (void)state;
    struct target target = {.knee_per_s = 150, .unfit_from_per_s = 165};
    struct xcy_search_result r;
    struct xcy_search_options o = usual;
    o.from_per_s = 80; /* 80, 160 fails: the knee lies within what the generator manages */
    search(&o, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_FOUND);
    assert_true(r.lower_per_s < 150 && 150 <= r.upper_per_s);
    xcy_search_result_clear(&r);
}

/* The rate that held in a short step is no answer when it fails in the confirmation before the end:
 * the search goes on below it, where the generator keeps up. */
static void a_limit_of_the_generator_does_not_hide_a_failed_confirmation(void **state)
{
    (void)state;
    /* 10 20 40 80 hold (80 by chance), 160 is unfit twice, and 80 fails when confirmed. */
    struct target target = {.knee_per_s = 70, .unfit_from_per_s = 150, .lies_at_step = 4};
    struct xcy_search_result r;
    search(&usual, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_FOUND);
    assert_true(r.lower_per_s < 70 && 70 <= r.upper_per_s);
    assert_true(r.upper_per_s / r.lower_per_s - 1 <= usual.resolution);
    xcy_search_result_clear(&r);
}

static void one_hiccup_of_the_machine_is_made_good_by_a_second_try(void **state)
{
    (void)state;
    struct target target = {.knee_per_s = 300, .hiccups = 1};
    struct xcy_search_result r;
    search(&usual, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_FOUND);
    assert_int_equal(r.steps[0].result, XCY_STEP_UNFIT);
    assert_true(r.steps[1].rate_per_s == r.steps[0].rate_per_s);
    assert_true(r.lower_per_s < 300 && 300 <= r.upper_per_s);
    xcy_search_result_clear(&r);
}

/* One wrong answer anywhere, of a step or a confirmation, does not lead to a wrong bracket. */
static void one_wrong_answer_is_found_out_by_the_confirmations(void **state)
{
    (void)state;
    size_t n_made = 12;
    for (int64_t lie = 1; lie <= (int64_t)n_made; lie++) {
        struct target target = {.knee_per_s = 400, .lies_at_step = lie};
        struct xcy_search_result r;
        search(&usual, &target, &r);
        assert_int_equal(r.end, XCY_SEARCH_FOUND);
        bool is_right = r.lower_per_s < 400 && 400 <= r.upper_per_s;
        bool is_lie_last = r.steps[lie - 1].is_confirmation;
        assert_true(is_right || is_lie_last);
        assert_true(r.upper_per_s / r.lower_per_s - 1 <= usual.resolution);
        assert_in_range(r.n_steps, 4, 2 * most_steps(&usual, 400));
        xcy_search_result_clear(&r);
    }
}

static void confirmations_that_always_contradict_end_as_unstable(void **state)
{
    (void)state;
    struct target target = {.knee_per_s = 300, .flips_confirmations = true};
    struct xcy_search_result r;
    search(&usual, &target, &r);
    assert_int_equal(r.end, XCY_SEARCH_UNSTABLE);
    size_t contradictions = 0;
    for (size_t i = 0; i < r.n_steps; i++) {
        const struct xcy_step *step = &r.steps[i];
        contradictions += step->is_confirmation;
        assert_true(step->result != XCY_STEP_FAILS || r.lower_per_s < step->rate_per_s);
        assert_true(step->result != XCY_STEP_HOLDS || r.upper_per_s <= 0 ||
                    r.upper_per_s > step->rate_per_s);
    }
    assert_int_equal(contradictions, XCY_SEARCH_CONTRADICTIONS);
    xcy_search_result_clear(&r);
}

static void a_step_that_cannot_be_made_ends_the_search_and_keeps_the_evidence(void **state)
{
    (void)state;
    for (int64_t at = 1; at <= 12; at++) {
        struct target target = {.knee_per_s = 300, .fails_at_step = at};
        struct xcy_search_result r;
        struct xcy_error err;
        assert_int_equal(xcy_search_run(&usual, answer, &target, &r, &err), XCY_ESTOPPED);
        assert_string_equal(err.text, "interrupted");
        assert_int_equal(r.end, XCY_SEARCH_ENDED_EARLY);
        assert_int_equal(r.n_steps, at - 1);
        assert_true(r.lower_per_s < 300 && (r.upper_per_s <= 0 || r.upper_per_s >= 300));
        assert_true(at < 3 || r.lower_per_s >= 20);
        xcy_search_result_clear(&r);
    }
}

static void no_more_steps_than_allowed_are_made(void **state)
{
    (void)state;
    for (int64_t most = 1; most < 14; most++) {
        struct xcy_search_options o = usual;
        struct target target = {.knee_per_s = 300, .hiccups = most % 2};
        struct xcy_search_result r;
        o.max_steps = most;
        search(&o, &target, &r);
        assert_true(r.n_steps <= (size_t)most);
        assert_true(r.end == XCY_SEARCH_FOUND || r.end == XCY_SEARCH_ENDED_EARLY);
        assert_true(r.end != XCY_SEARCH_ENDED_EARLY || r.n_steps == (size_t)most);
        assert_true(r.lower_per_s < 300 && (r.upper_per_s <= 0 || r.upper_per_s >= 300));
        xcy_search_result_clear(&r);
    }
}

struct tries {
    int64_t n_found;  /* the others are unstable */
    int64_t n_within; /* of these: the knee lies in the bracket */
    int64_t n_near;   /* of these: it lies in the bracket, or at most two softnesses beside it */
};

enum { N_TRIES = 400 };

static bool has_within(const struct xcy_search_result *r, double knee_per_s, double slack)
{
    return r->lower_per_s <= knee_per_s * (1 + slack) && r->upper_per_s >= knee_per_s * (1 - slack);
}

static void search_noisy(double softness, uint64_t seed, struct tries *tries)
{
    struct target target = {.knee_per_s = 37.0 + 11.3 * (double)seed,
                            .softness = softness,
                            .noise = xcy_stream_new(seed, "knee")};
    struct xcy_search_result r;
    search(&usual, &target, &r);
    bool is_found = r.end == XCY_SEARCH_FOUND;
    assert_true(is_found || r.end == XCY_SEARCH_UNSTABLE);
    assert_true(r.lower_per_s < r.upper_per_s || r.upper_per_s <= 0);
    assert_true(!is_found || r.upper_per_s / r.lower_per_s - 1 <= usual.resolution);
    assert_true(r.n_steps <= (XCY_SEARCH_CONTRADICTIONS + 1) * most_steps(&usual, 4600));
    tries->n_found += is_found;
    tries->n_within += is_found && has_within(&r, target.knee_per_s, 0);
    tries->n_near += is_found && has_within(&r, target.knee_per_s, 2 * softness);
    xcy_search_result_clear(&r);
    xcy_stream_free(target.noise);
}

/* Where the noise is narrow beside the resolution (2 %), the knee lies in the bracket; where it is
 * wide, near it, and more and more searches own up to being unstable. The shares asked for lie below
 * the exact 99 % interval of what 400 searches gave when this was written: found 400, 370, 299; within
 * 343, 140, 30; near 399, 369, 297. */
static void a_noisy_knee_is_found_as_near_as_its_noise_allows(void **state)
{
    (void)state;
    static const struct {
        double softness;
        double found;
        double within;
        double near_found; /* of those found */
    } cases[] = {{0.002, 0.98, 0.80, 0.97}, {0.016, 0.88, 0.28, 0.97}, {0.064, 0.68, 0.04, 0.96}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct tries tries = {0};
        for (uint64_t seed = 0; seed < N_TRIES; seed++) {
            search_noisy(cases[c].softness, seed, &tries);
        }
        assert_true((double)tries.n_found >= cases[c].found * N_TRIES);
        assert_true((double)tries.n_within >= cases[c].within * N_TRIES);
        assert_true((double)tries.n_near >= cases[c].near_found * (double)tries.n_found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sharp_knee_is_found_within_the_resolution_in_few_steps),
        cmocka_unit_test(steps_keep_their_order_kind_evidence_and_place),
        cmocka_unit_test(a_target_that_never_holds_is_asked_down_to_the_lowest_rate),
        cmocka_unit_test(a_target_that_always_holds_is_confirmed_at_the_bound),
        cmocka_unit_test(a_generator_that_falls_behind_is_never_taken_for_a_knee),
        cmocka_unit_test(a_generator_that_falls_behind_at_once_knows_nothing),
        cmocka_unit_test(a_knee_below_the_generators_own_limit_is_still_found),
        cmocka_unit_test(a_limit_of_the_generator_does_not_hide_a_failed_confirmation),
        cmocka_unit_test(one_hiccup_of_the_machine_is_made_good_by_a_second_try),
        cmocka_unit_test(one_wrong_answer_is_found_out_by_the_confirmations),
        cmocka_unit_test(confirmations_that_always_contradict_end_as_unstable),
        cmocka_unit_test(a_step_that_cannot_be_made_ends_the_search_and_keeps_the_evidence),
        cmocka_unit_test(no_more_steps_than_allowed_are_made),
        cmocka_unit_test(a_noisy_knee_is_found_as_near_as_its_noise_allows),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
