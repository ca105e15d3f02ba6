#ifndef XCY_TESTS_UNIT_LOADGEN_PUPPET_H
#define XCY_TESTS_UNIT_LOADGEN_PUPPET_H

/*
 * puppet.h - an engine that does with each attempt what a test tells it, and counts.
 *
 * Use: puppet_begin, a run with &puppet_engine, then look at the counts. One puppet at a time.
 *
 * Threads:  the engine's as in engine.h; the counts are read once the workers are joined.
 */

#include "loadgen/engines/engine.h"

#include <stdatomic.h>

enum { PUPPET_MAX = 4096 };

struct puppet_act {
    enum xcy_outcome outcome;
    bool is_held;     /* no answer, but at a release, or the cancel */
    bool is_unsent;   /* fails before it was sent */
    int64_t after_ns; /* answered so long after it was started */
};

struct puppet {
    struct puppet_act (*decide)(int64_t slot, int64_t attempt); /* NULL: all is well, at once */
    int64_t release_at; /* with so many attempts in the engine, one that is held is answered ok */
    int64_t release_all_at; /* once so many were started, all are; 0: never */

    atomic_llong n_started;
    atomic_llong in_engine;
    atomic_llong most_in_engine;
    atomic_llong n_unreplaced; /* answers upon which nothing was started; of one worker */
    atomic_int attempts[PUPPET_MAX];
};

extern const struct xcy_engine puppet_engine;

void puppet_begin(struct puppet *puppet);

#endif
