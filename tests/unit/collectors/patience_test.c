#include "tests/support/unit.h"

#include "collectors/patience.h"

/* Seconds from the start of the gather; the clock itself began long before. */
struct facts {
    int now;
    bool is_load_over;
    int n_waiting;
    int last_new;
    int last_foreign; /* before the start: never */
    bool found_nothing;
    bool is_empty;
};

static struct xcy_mono at(int seconds)
{
    return (struct xcy_mono){(1000 + (int64_t)seconds) * XCY_NS_PER_S};
}

static struct xcy_standing standing_of(const struct facts *f)
{
    return (struct xcy_standing){
        .now = at(f->now),
        .started = at(0),
        .is_load_over = f->is_load_over,
        .n_waiting = f->n_waiting,
        .last_new = at(f->last_new),
        .last_foreign = at(f->last_foreign),
        .found_nothing = f->found_nothing,
        .is_empty = f->is_empty,
    };
}

enum { POLL = -1 }; /* no end */

struct row {
    struct xcy_patience patience;
    struct facts facts;
    int end;
    int wait_s;
};

static void check(const struct row rows[], size_t n)
{
    for (size_t r = 0; r < n; r++) {
        struct xcy_standing standing = standing_of(&rows[r].facts);
        struct xcy_step step = xcy_patience_next(&rows[r].patience, &standing);
        assert_int_equal(step.is_end ? (int)step.end : POLL, rows[r].end);
        assert_int_equal(step.is_end ? 0 : step.wait_s, rows[r].wait_s);
    }
}

#define S     XCY_NS_PER_S
#define NEVER (-100)

static void a_load_that_runs_is_waited_for_whatever_the_queue_says(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = 10 * S}, {5, false, 0, 5, NEVER, true, true}, POLL, 1},
        {{.quiet_ns = 10 * S}, {500, false, 0, 1, NEVER, true, true}, POLL, 1},
        {{.quiet_ns = 10 * S, .deadline_ns = 60 * S},
         {60, false, 0, 1, NEVER, false, false},
         XCY_RECEIVE_DEADLINE,
         0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void complete_takes_one_more_look_that_finds_nothing(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = 10 * S}, {5, true, 0, 5, NEVER, false, false}, POLL, 0},
        {{.quiet_ns = 10 * S}, {5, true, 0, 5, NEVER, true, false}, XCY_RECEIVE_COMPLETE, 0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void quiet_ends_what_stays_missing(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = 10 * S}, {6, true, 3, 5, NEVER, true, false}, POLL, 9},
        {{.quiet_ns = 100 * S}, {6, true, 3, 5, NEVER, true, false}, POLL, 20},
        {{.quiet_ns = 10 * S}, {15, true, 3, 5, NEVER, false, false}, POLL, 0},
        {{.quiet_ns = 10 * S}, {15, true, 3, 5, NEVER, true, false}, XCY_RECEIVE_QUIET, 0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

/* Their gather may have ours in hand. */
static void others_on_the_queue_make_it_three_times_as_long(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = 10 * S}, {15, true, 3, 5, 6, true, false}, POLL, 20},
        {{.quiet_ns = 10 * S}, {34, true, 3, 5, 6, true, false}, POLL, 1},
        {{.quiet_ns = 10 * S}, {35, true, 3, 5, 6, true, false}, XCY_RECEIVE_QUIET, 0},
        {{.quiet_ns = 10 * S}, {15, true, 3, 5, 4, true, false}, XCY_RECEIVE_QUIET, 0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void what_a_killed_gather_held_is_waited_for_unless_the_queue_is_empty(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = S, .least_ns = 12 * S}, {5, true, 0, 2, NEVER, true, false}, POLL, 7},
        {{.quiet_ns = S, .least_ns = 12 * S},
         {5, true, 0, 2, NEVER, true, true},
         XCY_RECEIVE_COMPLETE,
         0},
        {{.quiet_ns = S, .least_ns = 12 * S}, {5, true, 3, 2, NEVER, true, false}, POLL, 7},
        {{.quiet_ns = S, .least_ns = 12 * S},
         {12, true, 3, 2, NEVER, true, false},
         XCY_RECEIVE_QUIET,
         0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void a_deadline_shortens_the_poll_and_ends_the_wait(void **state)
{
    static const struct row rows[] = {
        {{.quiet_ns = 30 * S, .deadline_ns = 8 * S}, {5, true, 3, 5, NEVER, true, false}, POLL, 3},
        {{.quiet_ns = 30 * S, .deadline_ns = 8 * S},
         {8, true, 3, 5, NEVER, false, false},
         XCY_RECEIVE_DEADLINE,
         0},
        /* What is over is over by itself. */
        {{.quiet_ns = 30 * S, .deadline_ns = 8 * S},
         {9, true, 0, 5, NEVER, true, false},
         XCY_RECEIVE_COMPLETE,
         0},
    };
    (void)state;
    check(rows, sizeof rows / sizeof *rows);
}

static void the_queue_is_asked_whether_it_is_empty_only_where_it_matters(void **state)
{
    static const struct xcy_patience patience = {.quiet_ns = S, .least_ns = 12 * S};
    static const struct {
        struct facts facts;
        bool may_hide;
    } cases[] = {
        {{5, true, 0, 2, NEVER, true, false}, true},
        {{5, true, 0, 2, NEVER, false, false}, false},
        {{12, true, 0, 2, NEVER, true, false}, false},
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_standing standing = standing_of(&cases[c].facts);
        assert_int_equal(xcy_patience_may_hide(&patience, &standing), cases[c].may_hide);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_that_runs_is_waited_for_whatever_the_queue_says),
        cmocka_unit_test(complete_takes_one_more_look_that_finds_nothing),
        cmocka_unit_test(quiet_ends_what_stays_missing),
        cmocka_unit_test(others_on_the_queue_make_it_three_times_as_long),
        cmocka_unit_test(what_a_killed_gather_held_is_waited_for_unless_the_queue_is_empty),
        cmocka_unit_test(a_deadline_shortens_the_poll_and_ends_the_wait),
        cmocka_unit_test(the_queue_is_asked_whether_it_is_empty_only_where_it_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
