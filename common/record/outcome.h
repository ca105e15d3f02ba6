#ifndef XCY_RECORD_OUTCOME_H
#define XCY_RECORD_OUTCOME_H

/*
 * outcome.h - what became of a request as the client saw it, and the class each
 * planned request falls into. Names stand in files and tables.
 */

#include "common/base/error.h"

#include <stdbool.h>

enum xcy_outcome {
    XCY_OUTCOME_OK,
    XCY_OUTCOME_DNS,
    XCY_OUTCOME_CONNECT,
    XCY_OUTCOME_TLS,
    XCY_OUTCOME_SEND,
    XCY_OUTCOME_FIRST_BYTE_TIMEOUT,
    XCY_OUTCOME_TOTAL_TIMEOUT,
    XCY_OUTCOME_RESET,
    XCY_OUTCOME_THROTTLED,      /* 429 */
    XCY_OUTCOME_SERVER_ERROR,   /* 5xx */
    XCY_OUTCOME_STATUS,         /* any other status */
    XCY_OUTCOME_FUNCTION_ERROR, /* X-Amz-Function-Error, or statusCode not 200 */
    XCY_OUTCOME_BAD_REPLY,      /* a 200 that is not a writer's reply */
    XCY_OUTCOME_AUTH,           /* signature, expired token, access denied */
    XCY_OUTCOME_GENERATOR,      /* sent, but the generator ended before it knew */
    XCY_OUTCOME_SKIPPED,        /* never sent */
    XCY_N_OUTCOMES
};

enum xcy_class {
    XCY_CLASS_CONSISTENT,
    XCY_CLASS_INCONSISTENT,
    XCY_CLASS_LOST,
    XCY_CLASS_FAILED,
    XCY_CLASS_SKIPPED,
    XCY_N_CLASSES
};

extern const char *const xcy_outcome_names[XCY_N_OUTCOMES + 1]; /* NULL-terminated */
extern const char *const xcy_class_names[XCY_N_CLASSES + 1];    /* NULL-terminated */

/* Whether a later attempt may mend it: what --retries repeats. */
bool xcy_outcome_may_mend(enum xcy_outcome outcome);

#endif
