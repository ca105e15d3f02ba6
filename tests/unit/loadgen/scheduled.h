#ifndef XCY_TESTS_UNIT_LOADGEN_SCHEDULED_H
#define XCY_TESTS_UNIT_LOADGEN_SCHEDULED_H

/* scheduled.h - schedules as tests build them, and the instants of their slots. */

#include "loadgen/schedule/cursor.h"
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t second_ns = 1000000000;

static inline struct xcy_schedule *scheduled(struct xcy_schedule_options options)
{
    struct xcy_schedule *schedule = NULL;
    struct xcy_error err;
    assert_ok(xcy_schedule_build(&options, &schedule, &err), &err);
    return schedule;
}

/* It is refused as wrong usage, in one line with these words. */
static inline void assert_refused(struct xcy_schedule_options options, const char *words)
{
    struct xcy_schedule *schedule = NULL;
    struct xcy_error err;
    assert_status(xcy_schedule_build(&options, &schedule, &err), XCY_EUSAGE, &err);
    assert_null(schedule);
    if (!strstr(err.text, words) || strchr(err.text, '\n')) {
        fail_msg("'%s' is not in '%s'", words, err.text);
    }
}

static inline void assert_near(double actual, double expected, double within)
{
    if (!(fabs(actual - expected) <= within)) {
        fail_msg("%.17g is not within %g of %.17g", actual, within, expected);
    }
}

static inline int64_t due_of(const struct xcy_schedule *schedule, int64_t wanted)
{
    int64_t slot = -1;
    int64_t due_ns = -1;
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, wanted, 1);
    assert_true(xcy_cursor_look(cursor, &slot, &due_ns));
    assert_int_equal(slot, wanted);
    xcy_cursor_free(cursor);
    return due_ns;
}

/* All slots are there, in order, within the schedule. */
static inline void assert_in_order(const struct xcy_schedule *schedule)
{
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, 0, 1);
    int64_t before_ns = 0;
    int64_t slot = 0;
    int64_t due_ns = 0;
    int64_t n = 0;
    for (; xcy_cursor_look(cursor, &slot, &due_ns); n++) {
        if (slot != n || due_ns < before_ns || due_ns >= xcy_schedule_length_ns(schedule)) {
            fail_msg("slot %ld: number %ld, due %ld after %ld", (long)n, (long)slot, (long)due_ns,
                     (long)before_ns);
        }
        before_ns = due_ns;
        xcy_cursor_advance(cursor);
    }
    assert_int_equal(n, xcy_schedule_slots(schedule));
    xcy_cursor_free(cursor);
}

#endif
