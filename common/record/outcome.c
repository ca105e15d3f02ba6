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
