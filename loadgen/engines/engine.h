#ifndef XCY_LOADGEN_ENGINES_ENGINE_H
#define XCY_LOADGEN_ENGINES_ENGINE_H

/*
 * engine.h - how requests are made, behind one table. Adding an engine is one file under engines/
 * and one line in engines/engines.c.
 *
 * An engine never waits in `start`, and calls `sent` (at most once) and `done` (exactly once) for
 * every started call, from `run` or `cancel` only, on the thread that called. A call that is started
 * again is a request of its own with the same id, and so with the same payload. `done` may start
 * further calls; the answer is borrowed during `done`.
 *
 * Threads:  an open engine belongs to one worker; it may be opened on another thread before.
 */

#include "loadgen/engines/call.h"
#include "loadgen/engines/classify.h"
#include "loadgen/engines/web.h"
#include "loadgen/plan/plan.h"
#include "loadgen/plan/target.h"

struct xcy_engine_setting {
    const struct xcy_plan *plan;     /* borrowed for the life of the engine, as the next */
    const struct xcy_target *target; /* of an engine that is_invoking, checked */
    const struct xcy_web *web;       /* of engine http: what is asked of whom; else NULL */
    int64_t sleep_ns;                /* of engine sleep */
    struct xcy_http_options http;    /* TLS, HTTP version */
    void (*sent)(void *ctx, struct xcy_call *call, struct xcy_mono sent);
    void (*done)(void *ctx, struct xcy_call *call, const struct xcy_answer *answer);
    void *ctx;
};

struct xcy_engine {
    const char *name;
    const char *help;
    bool has_target;   /* false: no request leaves the process */
    bool is_invoking;  /* invokes the deployment's writer, whose functions are asked before */
    bool takes_length; /* NAME:MS */
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
extern const struct xcy_engine xcy_engine_http;
extern const struct xcy_engine xcy_engine_null;
extern const struct xcy_engine xcy_engine_sleep;

extern const struct xcy_engine *const xcy_engines[]; /* NULL-terminated */

/* "lambda", "sleep:20": finds the engine, and the length of one that takes it. XCY_EUSAGE otherwise,
 * with the nearest known name. */
enum xcy_status xcy_engine_find(const char *text, const struct xcy_engine **engine,
                                int64_t *sleep_ns, struct xcy_error *err) XCY_MUST_USE;

/* Whether requests will go over TLS to a server whose certificate nobody checks: to be said loudly. */
bool xcy_engine_is_unverified(const struct xcy_engine *engine,
                              const struct xcy_engine_setting *setting);

#endif
