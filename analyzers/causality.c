#include "analyzers/causality.h"

#include <stddef.h>

/* The reader is told by what the writer published. What an instance and the generator stamped of one
 * another is a constraint of that instance's clock already: there a contradiction is a step. */
static const enum xcy_point before_seen[] = {XCY_POINT_NOTED, XCY_POINT_WROTE, XCY_POINT_START};

static bool precedes_seen(struct xcy_clocks_view *view, enum xcy_point before,
                          struct xcy_disorder *broken)
{
    const struct xcy_stamps *p = &view->record->points;
    if (!xcy_stamps_has(p, before) || !xcy_stamps_has(p, XCY_POINT_SEEN)) {
        return true;
    }
    double measured_us = (double)(p->us[XCY_POINT_SEEN] - p->us[before]);
    double most_us = measured_us + xcy_clocks_view_correction(view, before, XCY_POINT_SEEN).high_us;
    if (most_us < 0) {
        *broken = (struct xcy_disorder){before, XCY_POINT_SEEN, -most_us};
        return false;
    }
    return true;
}

/* The request was sent before its evaluation was taken: both by the generator's clock. */
static bool precedes_got(const struct xcy_record *r, struct xcy_disorder *broken)
{
    const int64_t *us = r->points.us;
    bool is_one_clock = r->attempts == 1 && (r->flags & XCY_FLAG_GOT_LIVE) != 0;
    int64_t by_us = us[XCY_POINT_SENT] - us[XCY_POINT_GOT];
    if (!is_one_clock || us[XCY_POINT_SENT] == 0 || us[XCY_POINT_GOT] == 0 || by_us <= 0) {
        return true;
    }
    *broken = (struct xcy_disorder){XCY_POINT_SENT, XCY_POINT_GOT, (double)by_us};
    return false;
}

bool xcy_causality_holds(struct xcy_clocks_view *view, struct xcy_disorder *broken)
{
    const struct xcy_record *record = view->record;
    if (!xcy_stamps_in_order(&record->points, broken) || !precedes_got(record, broken)) {
        return false;
    }
    for (size_t b = 0; b < sizeof before_seen / sizeof *before_seen; b++) {
        if (!precedes_seen(view, before_seen[b], broken)) {
            return false;
        }
    }
    return true;
}
