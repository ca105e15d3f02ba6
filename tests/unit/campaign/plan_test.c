#include "tests/support/unit.h"

#include "campaign/left.h"
#include "campaign/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { N_CELLS = 24, N_ROUNDS = 5 };

/* Each cell with so many rounds; they differ in their delay. */
static struct xcy_campaign_plan plan_of(size_t n_cells, int64_t rounds, int64_t seed)
{
    struct xcy_error err;
    struct xcy_campaign_plan plan;
    struct xcy_cell cells[N_CELLS] = {0};
    for (size_t i = 0; i < n_cells; i++) {
        cells[i] = (struct xcy_cell){
            .rounds = rounds, .requests = 100, .rate_per_s = 50, .delay_ms = (int64_t)i};
    }
    assert_ok(xcy_campaign_plan_make(cells, n_cells, seed, &plan, &err), &err);
    return plan;
}

static void every_round_has_every_cell_once(void **state)
{
    (void)state;
    struct xcy_campaign_plan plan = plan_of(N_CELLS, N_ROUNDS, 1);
    assert_int_equal(plan.n_runs, N_CELLS * N_ROUNDS);
    for (size_t round = 0; round < N_ROUNDS; round++) {
        bool seen[N_CELLS] = {false};
        for (size_t i = 0; i < N_CELLS; i++) {
            const struct xcy_campaign_run *run = &plan.runs[round * N_CELLS + i];
            assert_int_equal(run->round, round + 1);
            assert_false(seen[run->cell]);
            seen[run->cell] = true;
        }
    }
    xcy_campaign_plan_clear(&plan);
}

static bool is_same_order(const struct xcy_campaign_run *a, const struct xcy_campaign_run *b)
{
    for (size_t i = 0; i < N_CELLS; i++) {
        if (a[i].cell != b[i].cell) {
            return false;
        }
    }
    return true;
}

static void the_seed_decides_the_order_and_each_round_has_its_own(void **state)
{
    (void)state;
    struct xcy_campaign_plan one = plan_of(N_CELLS, 2, 42);
    struct xcy_campaign_plan same = plan_of(N_CELLS, 2, 42);
    struct xcy_campaign_plan other = plan_of(N_CELLS, 2, 43);
    assert_true(is_same_order(one.runs, same.runs));
    assert_true(is_same_order(one.runs + N_CELLS, same.runs + N_CELLS));
    assert_false(is_same_order(one.runs, other.runs));
    assert_false(is_same_order(one.runs, one.runs + N_CELLS));
    assert_int_equal(xcy_campaign_run_seed(&one, 3), xcy_campaign_run_seed(&same, 3));
    assert_int_not_equal(xcy_campaign_run_seed(&one, 3), xcy_campaign_run_seed(&one, 4));
    assert_int_not_equal(xcy_campaign_run_seed(&one, 3), xcy_campaign_run_seed(&other, 3));
    for (size_t i = 0; i < one.n_runs; i++) {
        int64_t seed = xcy_campaign_run_seed(&one, i);
        assert_true(seed >= 1 && seed <= INT64_C(9007199254740991));
    }
    xcy_campaign_plan_clear(&one);
    xcy_campaign_plan_clear(&same);
    xcy_campaign_plan_clear(&other);
}

/* Of 24 places, over 600 seeds, each is expected 25 times; 5 sd are 24. */
static void a_cell_stands_anywhere_with_equal_chance(void **state)
{
    (void)state;
    int at[N_CELLS] = {0};
    for (int64_t seed = 1; seed <= 600; seed++) {
        struct xcy_campaign_plan plan = plan_of(N_CELLS, 1, seed);
        for (size_t i = 0; i < N_CELLS; i++) {
            at[i] += plan.runs[i].cell == 0 ? 1 : 0;
        }
        xcy_campaign_plan_clear(&plan);
    }
    for (size_t i = 0; i < N_CELLS; i++) {
        assert_in_range(at[i], 1, 49);
    }
}

static void cells_with_fewer_rounds_are_in_the_first_ones(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_campaign_plan plan;
    const struct xcy_cell cells[] = {{.rounds = 1, .requests = 1},
                                     {.rounds = 3, .requests = 1, .delay_ms = 1}};
    assert_ok(xcy_campaign_plan_make(cells, 2, 1, &plan, &err), &err);
    assert_int_equal(plan.n_runs, 4);
    assert_true(plan.runs[0].round == 1 && plan.runs[1].round == 1);
    assert_true(plan.runs[2].cell == 1 && plan.runs[2].round == 2);
    assert_true(plan.runs[3].cell == 1 && plan.runs[3].round == 3);
    xcy_campaign_plan_clear(&plan);
}

static void no_cell_and_too_many_runs_are_refused(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_campaign_plan plan;
    const struct xcy_cell cell = {.rounds = XCY_CAMPAIGN_MAX_RUNS + 1, .requests = 1};
    assert_status(xcy_campaign_plan_make(NULL, 0, 1, &plan, &err), XCY_EUSAGE, &err);
    assert_status(xcy_campaign_plan_make(&cell, 1, 1, &plan, &err), XCY_EUSAGE, &err);
}

static void the_digest_tells_other_cells_apart(void **state)
{
    (void)state;
    char first[XCY_CAMPAIGN_DIGEST_BYTES];
    char again[XCY_CAMPAIGN_DIGEST_BYTES];
    char other[XCY_CAMPAIGN_DIGEST_BYTES];
    struct xcy_cell cell = {.rounds = 1, .requests = 10};
    xcy_campaign_digest(&cell, 1, first);
    xcy_campaign_digest(&cell, 1, again);
    cell.rounds = 2;
    xcy_campaign_digest(&cell, 1, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
}

static void what_is_left_is_told_once_a_run_has_ended(void **state)
{
    (void)state;
    char text[XCY_LEFT_BYTES];
    struct xcy_campaign_state s = {.plan = plan_of(2, 2, 1)};
    s.runs = calloc(s.plan.n_runs, sizeof *s.runs);
    assert_non_null(s.runs);
    assert_true(isnan(xcy_campaign_left_s(&s, 0, false)));
    xcy_campaign_left_format(NAN, text);
    assert_string_equal(text, "");
    s.runs[0] = (struct xcy_run_record){.progress = XCY_RUN_DONE, .took_s = 3}; /* 2 s of it load */
    s.runs[1] = (struct xcy_run_record){.progress = XCY_RUN_FAILED};
    assert_true(fabs(xcy_campaign_left_s(&s, 0, false) - 6) < 1e-9);
    assert_true(fabs(xcy_campaign_left_s(&s, 0, true) - 9) < 1e-9);
    assert_true(fabs(xcy_campaign_left_s(&s, 3, false) - 3) < 1e-9);
    xcy_campaign_state_clear(&s);
    static const struct {
        double left_s;
        const char *words;
    } cases[] = {{42, "about 42 s left"}, {359, "about 6 min left"}, {9000, "about 2.5 h left"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        xcy_campaign_left_format(cases[i].left_s, text);
        assert_string_equal(text, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_has_every_cell_once),
        cmocka_unit_test(the_seed_decides_the_order_and_each_round_has_its_own),
        cmocka_unit_test(a_cell_stands_anywhere_with_equal_chance),
        cmocka_unit_test(cells_with_fewer_rounds_are_in_the_first_ones),
        cmocka_unit_test(no_cell_and_too_many_runs_are_refused),
        cmocka_unit_test(the_digest_tells_other_cells_apart),
        cmocka_unit_test(what_is_left_is_told_once_a_run_has_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
