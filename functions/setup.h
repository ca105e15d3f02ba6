#ifndef XCY_FUNCTIONS_SETUP_H
#define XCY_FUNCTIONS_SETUP_H

/*
 * setup.h - what one function process knows, read once from its environment: the
 * combination, the region, the endpoint, who it is, and where the evaluations go.
 *
 * Variables: those of common/deployment/environment.h; AWS_REGION, AWS_ENDPOINT_URL (not set:
 * AWS itself) and the AWS credentials; XCY_SLOTS, the invocations served at a time.
 *
 * A sandbox may give it a clock that is wrong on purpose, in XCY_TEST_CLOCK (test_clock.h).
 *
 * Memory:   owned by the caller; release with xcy_setup_close.
 * Threads:  read-only once open.
 * Failure:  XCY_EUSAGE names the variable and its value.
 */

#include "common/aws/key_source.h"
#include "functions/backend.h"
#include "functions/test_clock.h"

enum { XCY_MAX_SLOTS = 1024 };

struct xcy_setup {
    enum xcy_side side;
    struct xcy_environment environment;
    struct xcy_key_source *keys;
    const char *endpoint;        /* borrowed from the environment; NULL: AWS */
    const char *region;          /* of this side */
    struct xcy_test_clock clock; /* zeros: the machine's own */
    char instance[XCY_ID_BYTES]; /* minted once: the process is a clock domain */
    char *queue_url;             /* of the evaluation queue; reader only, else NULL */
    int64_t n_slots;
};

/* lookup: as getenv. */
enum xcy_status xcy_setup_open(enum xcy_side side, char *(*lookup)(const char *name),
                               struct xcy_setup *setup, struct xcy_error *err) XCY_MUST_USE;
void xcy_setup_close(struct xcy_setup *setup);

#endif
