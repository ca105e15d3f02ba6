#ifndef XCY_SANDBOX_SERVICES_JOURNEY_H
#define XCY_SANDBOX_SERVICES_JOURNEY_H

/*
 * journey.h - the way of a call to its store and back over a leg that delays: half of the leg after
 * its arrival the store decides, a leg after its arrival the answer is sent.
 *
 * Memory:   the request is taken; its stage `free` is called at the end.
 * Threads:  stop and travel from any; the stages of a request follow one another, each on the
 *           caller's thread or the timers'.
 */

#include "common/time/timers.h"
#include "sandbox/front/call.h"

#include <pthread.h>

/* All journeys of a service. */
struct xcy_journeys {
    struct xcy_timers *timers; /* borrowed */
    pthread_mutex_t lock;
    bool is_stopping;
};
void xcy_journeys_init(struct xcy_journeys *journeys, struct xcy_timers *timers);
void xcy_journeys_stop(struct xcy_journeys *journeys); /* from now on calls are told so */
void xcy_journeys_clear(struct xcy_journeys *journeys);

/* What is done on the way, with the request. */
struct xcy_journey_stages {
    void (*decide)(void *request); /* the instant of the store */
    void (*answer)(void *request); /* sends the call's answer */
    void (*free)(void *request);   /* leaves the call alone */
};

/* Takes the request to its end: answered, or dropped with the timers. leg_ns 0: at once. */
void xcy_journeys_travel(struct xcy_journeys *journeys, const struct xcy_journey_stages *stages,
                         struct xcy_call *call, void *request, struct xcy_mono arrival,
                         int64_t leg_ns);

#endif
