#include "loadgen/record/board.h"
#include "tests/support/unit.h"

static void add_responses(struct xcy_recorder *r, int64_t n, int64_t response_ms)
{
    r->counts.sent += n;
    r->counts.outcomes[XCY_OUTCOME_OK] += n;
    for (int64_t i = 0; i < n; i++) {
        xcy_hist_add(r->response, response_ms * XCY_NS_PER_MS);
    }
}

static void counters_are_the_sums_over_the_workers(void **state)
{
    (void)state;
    struct xcy_board *board = xcy_board_new(2);
    struct xcy_recorder r;
    struct xcy_board_view view;
    xcy_recorder_init(&r, (struct xcy_anchor){{0}, {0}}, NULL);
    add_responses(&r, 3, 1);
    r.counts.outcomes[XCY_OUTCOME_RESET] = 2;
    r.counts.outcomes[XCY_OUTCOME_SKIPPED] = 4;
    xcy_board_post(board, 0, &r, 7);
    xcy_board_post(board, 1, &r, 1);
    xcy_board_look(board, &view);
    assert_int_equal(view.sent, 6);
    assert_int_equal(view.ok, 6);
    assert_int_equal(view.failed, 4);
    assert_int_equal(view.skipped, 8);
    assert_int_equal(view.in_flight, 8);
    xcy_recorder_clear(&r);
    xcy_board_free(board);
}

/* 90 fast ones by one worker and 10 slow ones by the other: p50 is fast and p99 slow, which an
 * average over the workers would not be. */
static void percentiles_are_of_all_workers_together(void **state)
{
    (void)state;
    struct xcy_board *board = xcy_board_new(2);
    struct xcy_recorder fast;
    struct xcy_recorder slow;
    struct xcy_board_view view;
    xcy_recorder_init(&fast, (struct xcy_anchor){{0}, {0}}, NULL);
    xcy_recorder_init(&slow, (struct xcy_anchor){{0}, {0}}, NULL);
    add_responses(&fast, 90, 1);
    add_responses(&slow, 10, 1000);
    xcy_board_look(board, &view);
    assert_false(view.has_response);
    xcy_board_post(board, 0, &fast, 0);
    xcy_board_post(board, 0, &fast, 0);
    xcy_board_look(board, &view);
    assert_false(view.has_response);
    xcy_board_post(board, 1, &slow, 0);
    xcy_board_look(board, &view);
    assert_true(view.has_response);
    assert_in_range(view.response_p50_ns, 1000000, 1010000);
    assert_in_range(view.response_p99_ns, 990000000, 1000000000);
    xcy_recorder_clear(&fast);
    xcy_recorder_clear(&slow);
    xcy_board_free(board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_the_sums_over_the_workers),
        cmocka_unit_test(percentiles_are_of_all_workers_together),
    };
    return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
