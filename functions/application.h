#ifndef XCY_FUNCTIONS_APPLICATION_H
#define XCY_FUNCTIONS_APPLICATION_H

/*
 * application.h - what writer and reader work with: the combination's backends, opened.
 *
 * Memory:   everything is borrowed.
 * Threads:  one slot's.
 */

#include "functions/backend.h"

struct xcy_application {
    const struct xcy_environment *environment;
    const char *instance; /* clock domain: one a process */
    const struct xcy_post_backend *post;
    void *post_state;
    const struct xcy_notification_backend *notification;
    void *notification_state;
    const struct xcy_consistency_protocol *consistency;
};

#endif
