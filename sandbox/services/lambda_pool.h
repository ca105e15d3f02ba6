#ifndef XCY_SANDBOX_SERVICES_LAMBDA_POOL_H
#define XCY_SANDBOX_SERVICES_LAMBDA_POOL_H

/*
 * lambda_pool.h - one function's admission and dispatch: how much runs at once, which
 * process serves what, when processes are started and ended. Decisions only: what has
 * to be done goes out through a table of actions, and time is an argument.
 *
 * Rules
 *   - admitted and not yet done never passes the concurrency limit;
 *   - work goes to the process that was used last, so that the others can fall idle;
 *   - a process is started for each slot of work that nothing running or starting will
 *     take, but only so many at a time: without that bound a burst on a small machine
 *     starts ever more processes, each of which makes the others slower;
 *   - a retired process gets no new work and is ended when it has none in hand.
 *
 * Memory:   workers and work are the caller's, embedded in structs of its own; they must
 *           stay until they are given back (lost, done).
 * Threads:  one owner, or a lock around all of it. Actions may not call back in.
 */

#include "common/time/clock.h"

#include <stddef.h>

struct xcy_pool_work {
    struct xcy_pool_work *next;
};

struct xcy_pool_worker {
    struct xcy_pool_worker *next;
    struct xcy_pool_worker *next_ready; /* those with a parked slot, last used first */
    int64_t n_parked;                   /* slots that asked and wait */
    int64_t n_busy;                     /* slots with work in hand */
    bool is_ready;                      /* in the ready list */
    bool has_asked;                     /* for work, ever: its start is over */
    bool is_retired;
    bool is_overdue;                /* when retired: to be killed, not asked to end */
    bool is_ending;                 /* the end action was called */
    struct xcy_mono expected_until; /* slots neither parked nor busy are counted on until then */
    struct xcy_mono used;           /* last change, for idleness */
};

struct xcy_pool_actions {
    /* Starts a process, and adds its worker at once with xcy_pool_add. */
    struct xcy_pool_worker *(*start)(void *ctx);
    /* Hands the work to one parked slot of the worker. */
    void (*give)(void *ctx, struct xcy_pool_worker *worker, struct xcy_pool_work *work);
    /* Ends the process; at_once: kills it. xcy_pool_lost follows when it is gone. */
    void (*end)(void *ctx, struct xcy_pool_worker *worker, bool at_once);
};

struct xcy_pool_limits {
    int64_t concurrency;     /* executions at a time */
    int64_t slots;           /* that one process serves at a time */
    int64_t max_starting;    /* processes being started at a time */
    int64_t init_timeout_ns; /* to the first request for work, and between two of them */
    int64_t idle_ns;         /* processes idle this long are ended */
};

struct xcy_pool {
    struct xcy_pool_limits limits;
    const struct xcy_pool_actions *actions;
    void *ctx;
    struct xcy_pool_worker *workers;
    struct xcy_pool_worker *ready;
    struct xcy_pool_work *first_waiting;
    struct xcy_pool_work *last_waiting;
    int64_t n_workers;
    int64_t n_waiting;
    int64_t n_in_flight; /* admitted and not done: waiting ones included */
};

void xcy_pool_init(struct xcy_pool *pool, const struct xcy_pool_limits *limits,
                   const struct xcy_pool_actions *actions, void *ctx);

/* Takes the work in, or says false: the limit is reached. It may be given away at once. */
bool xcy_pool_admit(struct xcy_pool *pool, struct xcy_pool_work *work, struct xcy_mono now);

/* A slot of the worker asks for work (it is parked, or gets some). False: more slots than the
 * worker has; then nothing changed. */
bool xcy_pool_ask(struct xcy_pool *pool, struct xcy_pool_worker *worker, struct xcy_mono now);

/* A parked slot went away. */
void xcy_pool_unpark(struct xcy_pool *pool, struct xcy_pool_worker *worker);

/* Work that was given to the worker came to its end, whatever end. */
void xcy_pool_done(struct xcy_pool *pool, struct xcy_pool_worker *worker, struct xcy_mono now);

/* The worker shall get no more work. overdue: it is to be killed once it has none in hand. */
void xcy_pool_retire(struct xcy_pool *pool, struct xcy_pool_worker *worker, bool overdue,
                     struct xcy_mono now);
void xcy_pool_retire_all(struct xcy_pool *pool, struct xcy_mono now);

/* The worker's process is gone: it is forgotten, and what it had in hand counts as done. If it never
 * came to ask for work, the longest waiting work is taken out and returned, to be failed by the
 * caller: else a function that cannot start would be started for ever. */
struct xcy_pool_work *xcy_pool_lost(struct xcy_pool *pool, struct xcy_pool_worker *worker,
                                    struct xcy_mono now);

/* Takes out one waiting work, or NULL; for emptying a pool. */
struct xcy_pool_work *xcy_pool_take_waiting(struct xcy_pool *pool);

/* Looks after time: idle, stuck and late processes, and slots that were counted on in vain. To be
 * called now and then while there are any processes, and soon while work is waiting. */
void xcy_pool_tick(struct xcy_pool *pool, struct xcy_mono now);

#endif
