#include "common/record/outcome.h"

#include <stddef.h>

const char *const xcy_outcome_names[XCY_N_OUTCOMES + 1] = {
    [XCY_OUTCOME_OK] = "ok",
    [XCY_OUTCOME_DNS] = "dns",
    [XCY_OUTCOME_CONNECT] = "connect",
    [XCY_OUTCOME_TLS] = "tls",
    [XCY_OUTCOME_SEND] = "send",
    [XCY_OUTCOME_FIRST_BYTE_TIMEOUT] = "first_byte_timeout",
    [XCY_OUTCOME_TOTAL_TIMEOUT] = "total_timeout",
    [XCY_OUTCOME_RESET] = "reset",
    [XCY_OUTCOME_THROTTLED] = "throttled",
    [XCY_OUTCOME_SERVER_ERROR] = "server_error",
    [XCY_OUTCOME_STATUS] = "status",
    [XCY_OUTCOME_FUNCTION_ERROR] = "function_error",
    [XCY_OUTCOME_BAD_REPLY] = "bad_reply",
    [XCY_OUTCOME_AUTH] = "auth",
    [XCY_OUTCOME_GENERATOR] = "generator",
    [XCY_OUTCOME_SKIPPED] = "skipped",
    [XCY_N_OUTCOMES] = NULL,
};

const char *const xcy_class_names[XCY_N_CLASSES + 1] = {
    [XCY_CLASS_CONSISTENT] = "consistent",
    [XCY_CLASS_INCONSISTENT] = "inconsistent",
    [XCY_CLASS_LOST] = "lost",
    [XCY_CLASS_FAILED] = "failed",
    [XCY_CLASS_SKIPPED] = "skipped",
    [XCY_N_CLASSES] = NULL,
};

static const bool may_mend[XCY_N_OUTCOMES] = {
    [XCY_OUTCOME_DNS] = true,     /* resolvers fail for moments */
    [XCY_OUTCOME_CONNECT] = true, /* the listener may be restarting, or its queue full */
    [XCY_OUTCOME_TLS] = true,     /* a handshake breaks off as a connection does */
    [XCY_OUTCOME_SEND] = true,    /* the connection went away under it */
    [XCY_OUTCOME_FIRST_BYTE_TIMEOUT] =
        true,                           /* may have acted: the repetition may be a second one */
    [XCY_OUTCOME_TOTAL_TIMEOUT] = true, /* as before */
    [XCY_OUTCOME_RESET] = true,         /* as before */
    [XCY_OUTCOME_THROTTLED] = true,     /* says itself: later */
    [XCY_OUTCOME_SERVER_ERROR] = true,  /* its own trouble, not the request's */
    [XCY_OUTCOME_OK] = false,
    [XCY_OUTCOME_STATUS] = false,         /* the request is wrong, and would be again */
    [XCY_OUTCOME_FUNCTION_ERROR] = false, /* the function ran: to run it again is another request */
    [XCY_OUTCOME_BAD_REPLY] = false,      /* somebody else answers there */
    [XCY_OUTCOME_AUTH] = false,           /* the credentials stay what they are */
    [XCY_OUTCOME_GENERATOR] = false,      /* we gave up */
    [XCY_OUTCOME_SKIPPED] = false,        /* there was no attempt */
};

bool xcy_outcome_may_mend(enum xcy_outcome outcome)
{
    xcy_assert(outcome < XCY_N_OUTCOMES);
    return may_mend[outcome];
}
