#ifndef XCY_TESTS_UNIT_LOADGEN_SCRIPTED_H
#define XCY_TESTS_UNIT_LOADGEN_SCRIPTED_H

/*
 * scripted.h - a Lambda that does what a test tells it, and a target that points to it.
 *
 * Counts the invocations of each request, and answers as the writer would, holds the exchange, or
 * drops the connection, as `decide` says.
 */

#include "common/net/server.h"
#include "loadgen/plan/target.h"

#include <pthread.h>

enum scripted_act { SCRIPTED_REPLY, SCRIPTED_HOLD, SCRIPTED_DROP, SCRIPTED_THROTTLE };
enum { SCRIPTED_MAX = 4096 };

struct scripted {
    struct xcy_server *server;
    struct xcy_combination combination; /* in the replies; of the target */
    enum scripted_act (*decide)(struct scripted *s, int64_t i);
    int64_t release_at; /* once so many were received, all that are held are answered; 0: never */
    int wake_fd;        /* written to when wake_at were received; -1: none */
    int64_t wake_at;
    pthread_mutex_t lock; /* over what follows */
    int64_t received;
    int invocations[SCRIPTED_MAX];
    bool is_event[SCRIPTED_MAX];
    struct xcy_exchange *held[SCRIPTED_MAX];
    struct xcy_request_id held_ids[SCRIPTED_MAX];
    int64_t n_held;
};

void scripted_start(struct scripted *s);
void scripted_stop(struct scripted *s);

/* The local sample deployment, its endpoint this server's. */
void scripted_target(struct scripted *s, struct xcy_target *target);

#endif
