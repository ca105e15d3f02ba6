#include "collectors/threads.h"

#include "common/base/error.h"

#include <time.h>

enum { STACK_BYTES = 512 << 10 };

void xcy_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;
    xcy_assert(pthread_condattr_init(&monotonic) == 0);
    xcy_assert(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    xcy_assert(pthread_cond_init(condition, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
}

bool xcy_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, struct xcy_mono until)
{
    struct timespec at = {.tv_sec = (time_t)(until.ns / XCY_NS_PER_S),
                          .tv_nsec = (long)(until.ns % XCY_NS_PER_S)};
    return pthread_cond_timedwait(condition, lock, &at) == 0;
}

bool xcy_thread_start(pthread_t *thread, void *(*work)(void *ctx), void *ctx)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool is_started = pthread_create(thread, &attributes, work, ctx) == 0;
    pthread_attr_destroy(&attributes);
    return is_started;
}
