#ifndef XCY_LOADGEN_SCHEDULE_STAGE_H
#define XCY_LOADGEN_SCHEDULE_STAGE_H

/*
 * stage.h - one part of a schedule: its arrivals, and where it begins and ends.
 *
 * Stages abut: the first slot of a stage is due at the instant at which the one before it ends.
 *
 * Use inside this folder.
 *
 * Memory:   owned by the caller; release with xcy_stage_clear.
 * Threads:  read-only after it is settled.
 */

#include "loadgen/schedule/arrivals/arrival.h"

/* More are refused: at 1000 a second it is 115 days. */
#define XCY_SCHEDULE_MAX_SLOTS INT64_C(10000000000)

enum { XCY_STAGE_PURPOSE_BYTES = 32 };

struct xcy_stage {
    struct xcy_arrival arrival;
    int64_t requests;    /* asked; 0: not */
    int64_t duration_ns; /* likewise; whichever ends first */
    bool is_warmup;
    size_t line;                           /* of a load plan's file; 0: of the command line */
    char purpose[XCY_STAGE_PURPOSE_BYTES]; /* of its random stream, if it has one */

    /* by xcy_stage_settle; the first two by its caller */
    int64_t start_ns;
    int64_t first_slot;
    int64_t n_slots;   /* of a closed loop that is bounded by time alone: 0 */
    int64_t length_ns; /* of a closed loop that is bounded by requests alone: 0 */
};

/* What is left of the bounds of the whole schedule; 0: none. */
struct xcy_stage_bounds {
    int64_t requests;
    int64_t duration_ns;
};

/* Settles how many slots it has and how long it lasts: requests, duration, bounds or its arrivals'
 * own end, whichever comes first. With none of them: default_requests, or XCY_EUSAGE if that is 0.
 * Random arrivals are drawn once from their beginning to their end. */
enum xcy_status xcy_stage_settle(struct xcy_stage *stage, struct xcy_stage_bounds bounds,
                                 int64_t default_requests, int64_t seed,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_stage_clear(struct xcy_stage *stage);

/* Of its slot (from 0), after its start, to the nearest nanosecond. Not for random arrivals. */
int64_t xcy_stage_due_ns(const struct xcy_stage *stage, int64_t slot);

/* How many slots are expected before an instant; of one outside the stage: before its nearer end. */
double xcy_stage_slots_before(const struct xcy_stage *stage, double t_ns);

/* The most that are expected within a window that lies within the stage. */
double xcy_stage_most_within(const struct xcy_stage *stage, int64_t window_ns);

#endif
