#ifndef XCY_LOADGEN_ENGINES_ENGINE_H
#define XCY_LOADGEN_ENGINES_ENGINE_H

/*
 * engine.h - how requests are made, behind one table. Adding an engine is one file under engines/
 * and one line in engines/engines.c.
 *
 * An engine never waits in `start`, and calls `sent` (at most once) and `done` (exactly once) for
 * every started call, from `run` or `cancel` only, on the thread that called.
 *
 * Threads:  an open engine belongs to one worker; it may be opened on another thread before.
 */

#include "loadgen/engines/classify.h"
#include "loadgen/plan/plan.h"
#include "loadgen/plan/target.h"

/* One request from its slot to its answer. Owned by the worker, borrowed by the engine until done. */
struct xcy_call {
    struct xcy_request_id id; /* i is the slot */
    struct xcy_mono due;
    struct xcy_mono started; /* handed to the engine */
    struct xcy_mono sent;    /* {0} until it is */
    struct xcy_call *next;   /* in the worker's list of free ones */
};

struct xcy_engine_setting {
    const struct xcy_plan *plan; /* borrowed for the life of the engine, as the next */
    const struct xcy_target *target;
    void (*sent)(void *ctx, struct xcy_call *call, struct xcy_mono sent);
    void (*done)(void *ctx, struct xcy_call *call, const struct xcy_answer *answer);
    void *ctx;
};

struct xcy_engine {
    const char *name;
    const char *help;
    bool has_target; /* false: no request leaves the process, and nothing is asked before */
    void *(*open)(const struct xcy_engine_setting *setting);
    void (*close)(void *state); /* nothing may be in flight */
    /* Fails only for a request that cannot be made at all; done is not called then. */
    enum xcy_status (*start)(void *state, struct xcy_call *call, struct xcy_error *err);
    /* Until the instant, or until wake_fd (-1: none) is readable, or, if `once`, until at least one
     * call ended or none is in flight. An instant that has passed: what is ready, without waiting. */
    void (*run)(void *state, struct xcy_mono until, int wake_fd, bool once);
    void (*cancel)(void *state); /* ends all calls in flight with outcome generator */
};

extern const struct xcy_engine xcy_engine_lambda;
extern const struct xcy_engine xcy_engine_null;

extern const struct xcy_engine *const xcy_engines[]; /* NULL-terminated */
extern const char *const xcy_engine_names[];         /* in the same order, NULL-terminated */

#endif
