#include "common/deployment/faults.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/data/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const xcy_fault_kind_names[] = {"share", "switch", "amount", NULL};

#define SHARE(scope, name, help)                                                                   \
    {                                                                                              \
        scope, name, XCY_FAULT_SHARE, 0, 1, 0, help                                                \
    }
#define AMOUNT(scope, name, min, max, preset, help)                                                \
    {                                                                                              \
        scope, name, XCY_FAULT_AMOUNT, min, max, preset, help                                      \
    }

/* In the order of enum xcy_call_fault. */
#define CALL_FAULTS(scope, throttled)                                                              \
    SHARE(scope, "throttled", "calls refused with " throttled),                                    \
        SHARE(scope, "error_500", "calls answered with 500, without an effect"),                   \
        SHARE(scope, "error_503", "calls answered with 503, without an effect"),                   \
        SHARE(scope, "reset_before", "connections reset before the call took effect"),             \
        SHARE(scope, "reset_after", "connections reset after it, instead of the answer"),          \
        SHARE(scope, "stalled", "answers held back for stalled_ms"),                               \
        AMOUNT(scope, "stalled_ms", 0, 600000, 1000, "how long stalled ones are held back"),       \
        SHARE(scope, "slow_body", "answers whose body trickles"),                                  \
        AMOUNT(scope, "slow_body_bytes_per_s", 1, 1e9, 1000, "how fast such a body comes")

/* In the order of enum xcy_function_fault. */
#define FUNCTION_FAULTS(role)                                                                      \
    SHARE("functions", role "_crashed", "invocations whose process is killed"),                    \
        SHARE("functions", role "_timed_out", "answers withheld until the function's timeout"),    \
        SHARE("functions", role "_garbage", "answers that the caller does not understand"),        \
        SHARE("functions", role "_delivered_twice",                                                \
              "asynchronous invocations delivered again, with the same request id")

/* In the order of enum xcy_clock_fault. */
#define CLOCK_FAULTS(role)                                                                         \
    AMOUNT("clocks", role "_offset_ms", 0, 3600000, 0, "offset of a process, drawn within +-"),    \
        AMOUNT("clocks", role "_drift_ppm", 0, 10000, 0, "drift of a process, drawn within +-"),   \
        AMOUNT("clocks", role "_step_ms", -3600000, 3600000, 0, "step of each process's clock"),   \
        AMOUNT("clocks", role "_step_after_s", 0, 86400, 0,                                        \
               "age of a process when its clock "                                                  \
               "steps")

const struct xcy_fault_row xcy_fault_rows[] = {
    CALL_FAULTS("lambda", "429 TooManyRequestsException"),
    CALL_FAULTS("sqs", "400 RequestThrottled"),
    SHARE("sqs", "duplicated",
          "receives after which the message is there once more, deleted or not"),
    SHARE("sqs", "reordered", "receives that pass over the oldest message, if there are others"),
    SHARE("sqs", "delayed_visibility", "sent messages that can be received delayed_ms later only"),
    AMOUNT("sqs", "delayed_ms", 0, 600000, 1000, "how much later"),
    SHARE("sqs", "batch_entry_failed", "entries of batches that fail with InternalError"),
    SHARE("sqs", "purge_refused", "PurgeQueue refused with PurgeQueueInProgress"),
    SHARE("sqs", "handle_expired", "receipt handles refused as expired"),
    SHARE("sqs", "checksum_wrong", "messages received with another MD5OfBody than their body's"),
    CALL_FAULTS("sns", "400 Throttling"),
    CALL_FAULTS("dynamodb", "400 ProvisionedThroughputExceededException"),
    CALL_FAULTS("s3", "503 SlowDown"),
    SHARE("evaluations", "malformed",
          "evaluations damaged on their way into the queue, each way in "
          "turn"),
    FUNCTION_FAULTS("writer"),
    FUNCTION_FAULTS("reader"),
    {"replication", "stalled", XCY_FAULT_SWITCH, 0, 1, 0,
     "nothing is replicated; what was written meanwhile appears after the end of it"},
    CLOCK_FAULTS("writer"),
    CLOCK_FAULTS("reader"),
};
_Static_assert(sizeof xcy_fault_rows / sizeof *xcy_fault_rows == XCY_N_FAULTS, "a row each");

void xcy_fault_name(enum xcy_fault fault, char to[XCY_FAULT_NAME_BYTES])
{
    const struct xcy_fault_row *row = &xcy_fault_rows[fault];
    snprintf(to, XCY_FAULT_NAME_BYTES, "%s.%s", row->scope, row->name);
}

static enum xcy_status fail_unknown(const char *name, struct xcy_error *err)
{
    char names[XCY_N_FAULTS][XCY_FAULT_NAME_BYTES];
    const char *words[XCY_N_FAULTS];
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        xcy_fault_name((enum xcy_fault)i, names[i]);
        words[i] = names[i];
    }
    const char *nearest = xcy_nearest(name, words, XCY_N_FAULTS);
    if (nearest) {
        return xcy_fail(err, XCY_EUSAGE, "unknown fault '%.100s'; did you mean '%s'?", name,
                        nearest);
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "unknown fault '%.100s'; `sandbox faults --all` lists them, such as %s", name,
                    words[XCY_FAULT_SQS_DUPLICATED]);
}

enum xcy_status xcy_fault_find(const char *name, enum xcy_fault *fault, struct xcy_error *err)
{
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        char known[XCY_FAULT_NAME_BYTES];
        xcy_fault_name((enum xcy_fault)i, known);
        if (strcmp(known, name) == 0) {
            *fault = (enum xcy_fault)i;
            return XCY_OK;
        }
    }
    return fail_unknown(name, err);
}

static void format_number(double value, char to[XCY_DOUBLE_TEXT_BYTES])
{
    xcy_double_format(value, to);
    size_t n = strlen(to);
    if (n > 2 && strcmp(to + n - 2, ".0") == 0) {
        to[n - 2] = '\0';
    }
}

void xcy_fault_format(enum xcy_fault fault, double setting, char to[XCY_FAULT_TEXT_BYTES])
{
    if (xcy_fault_rows[fault].kind == XCY_FAULT_SWITCH) {
        snprintf(to, XCY_FAULT_TEXT_BYTES, "%s", setting != 0 ? "true" : "false");
        return;
    }
    char number[XCY_DOUBLE_TEXT_BYTES];
    format_number(setting, number);
    snprintf(to, XCY_FAULT_TEXT_BYTES, "%.*s", XCY_FAULT_TEXT_BYTES - 1, number);
}

static enum xcy_status fail_setting(enum xcy_fault fault, const char *got, struct xcy_error *err)
{
    const struct xcy_fault_row *row = &xcy_fault_rows[fault];
    char name[XCY_FAULT_NAME_BYTES];
    char min[XCY_DOUBLE_TEXT_BYTES];
    char max[XCY_DOUBLE_TEXT_BYTES];
    xcy_fault_name(fault, name);
    if (row->kind == XCY_FAULT_SWITCH) {
        return xcy_fail(err, XCY_EUSAGE, "%s must be true or false, got %.100s", name, got);
    }
    format_number(row->min, min);
    format_number(row->max, max);
    return xcy_fail(err, XCY_EUSAGE, "%s must be a number, %s..%s, got %.100s", name, min, max,
                    got);
}

enum xcy_status xcy_fault_read(enum xcy_fault fault, const char *text, double *setting,
                               struct xcy_error *err)
{
    const struct xcy_fault_row *row = &xcy_fault_rows[fault];
    double value = 0;
    bool is_right;
    if (row->kind == XCY_FAULT_SWITCH) {
        value = strcmp(text, "true") == 0;
        is_right = value != 0 || strcmp(text, "false") == 0;
    } else {
        is_right =
            xcy_double_parse(xcy_bytes_of(text), &value) && value >= row->min && value <= row->max;
    }
    if (!is_right) {
        return fail_setting(fault, text, err);
    }
    *setting = value;
    return XCY_OK;
}
