#ifndef XCY_COLLECTORS_THREADS_H
#define XCY_COLLECTORS_THREADS_H

/*
 * threads.h - what the threads of a gather need to start and to wait for each other: conditions whose
 * waits end by the clock that never steps, and small stacks, since there may be many.
 *
 * Threads:  safe.
 */

#include "common/time/clock.h"

#include <pthread.h>

void xcy_condition_init(pthread_cond_t *condition);
/* With the lock held, which is given up meanwhile. False when the time was over. */
bool xcy_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, struct xcy_mono until);

/* False when there can be no more. */
bool xcy_thread_start(pthread_t *thread, void *(*work)(void *ctx), void *ctx);

#endif
