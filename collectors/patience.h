#ifndef XCY_COLLECTORS_PATIENCE_H
#define XCY_COLLECTORS_PATIENCE_H

/*
 * patience.h - how long a gather waits for what may still come, and when it is over.
 *
 * COMPLETE when the load has ended, every request that may still report has reported, and the queue had
 * nothing more of ours; QUIET when nothing new came for a while after the load's end, for three times as
 * long if another run's messages came amid it: their gather may have ours in hand; both not before
 * least_ns, unless the queue is empty; DEADLINE when its time is over.
 *
 * Threads:  pure.
 */

#include "common/time/clock.h"

enum xcy_receive_end { XCY_RECEIVE_COMPLETE, XCY_RECEIVE_QUIET, XCY_RECEIVE_DEADLINE };

struct xcy_patience {
    int64_t quiet_ns; /* after the load's end and the last new message */
    int64_t least_ns; /* from the start: an earlier gather, killed, may hold messages for so long */
    int64_t deadline_ns; /* from the start; 0: none */
};

/* How things stand. */
struct xcy_standing {
    struct xcy_mono now;
    struct xcy_mono started;
    bool is_load_over;
    int64_t n_waiting;            /* requests that may still report, once the load is over */
    struct xcy_mono last_new;     /* when the last new evaluation came, or the load ended */
    struct xcy_mono last_foreign; /* when a message of another run came last; {0}: never */
    bool found_nothing;           /* the last poll, and nobody else meanwhile */
    bool is_empty;                /* the queue holds nothing, hidden messages included */
};

/* What the next step is: to end, or to poll once more for up to wait_s. */
struct xcy_step {
    bool is_end;
    enum xcy_receive_end end;
    int wait_s; /* 0 to 20, what a long poll may take */
};
struct xcy_step xcy_patience_next(const struct xcy_patience *patience,
                                  const struct xcy_standing *standing);

/* Whether what an earlier gather took may still be hidden: only then is_empty matters. */
bool xcy_patience_may_hide(const struct xcy_patience *patience,
                           const struct xcy_standing *standing);

#endif
