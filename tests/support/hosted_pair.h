#ifndef XCY_TESTS_SUPPORT_HOSTED_PAIR_H
#define XCY_TESTS_SUPPORT_HOSTED_PAIR_H

/* hosted_pair.h - a pair of servers of a test's own, as a sandbox hosts it. */

#include "sandbox/hosts/pair.h"

#include <semaphore.h>

struct xcy_test_pair {
    const struct xcy_pair_kind *kind;
    char folder[64];
    struct xcy_supervisor *supervisor;
    int64_t lag_ns; /* of the link */
    struct xcy_pair *pair;
    struct xcy_pair_ends ends;
    sem_t died;
    char what[600]; /* of the one that died */
    struct xcy_error err;
};

/* The folder and what starts the pair; then the pair, which a caller may expect to fail. */
void xcy_test_pair_open(struct xcy_test_pair *t, const struct xcy_pair_kind *kind, int64_t lag_ms);
enum xcy_status xcy_test_pair_start(struct xcy_test_pair *t);
/* The same, with a search path of the test's folder alone: a shell script for the kind's program
 * (NULL: it is missing there). */
enum xcy_status xcy_test_pair_start_with(struct xcy_test_pair *t, const char *program,
                                         const char *script);
void xcy_test_pair_close(struct xcy_test_pair *t); /* and that nothing is left */

/* Kills the server that works in this folder of the pair's; returns once its death was told, in one
 * line: t->what. */
void xcy_test_pair_kill(struct xcy_test_pair *t, const char *role);

#endif
