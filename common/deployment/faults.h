#ifndef XCY_DEPLOYMENT_FAULTS_H
#define XCY_DEPLOYMENT_FAULTS_H

/*
 * faults.h - the faults that a sandbox injects on demand: one table, from which the keys of
 * `faults:`, the control endpoint, `sandbox faults`, the counters and docs/faults.md come.
 *
 * A fault is named "<scope>.<name>", as in `faults: {sqs: {duplicated: 0.02}}`. Its setting is a
 * double whatever its kind, a switch's 0 or 1.
 *
 * Threads:  safe.
 */

#include "common/data/json.h"
#include "common/data/yaml.h"

enum xcy_fault_kind {
    XCY_FAULT_SHARE,  /* of the times that it could strike, 0..1 */
    XCY_FAULT_SWITCH, /* true: strikes each time */
    XCY_FAULT_AMOUNT, /* how much; the unit ends its name */
};
extern const char *const xcy_fault_kind_names[];

/* Of calls, the same for each service: added to XCY_FAULT_LAMBDA, XCY_FAULT_SQS and so on. */
enum xcy_call_fault {
    XCY_CALL_THROTTLED,
    XCY_CALL_ERROR_500,
    XCY_CALL_ERROR_503,
    XCY_CALL_RESET_BEFORE,
    XCY_CALL_RESET_AFTER,
    XCY_CALL_STALLED,
    XCY_CALL_STALLED_MS,
    XCY_CALL_SLOW_BODY,
    XCY_CALL_SLOW_BODY_BYTES_PER_S,
    XCY_N_CALL_FAULTS
};

/* Of invocations: added to XCY_FAULT_WRITER or XCY_FAULT_READER. */
enum xcy_function_fault {
    XCY_FUNCTION_CRASHED,
    XCY_FUNCTION_TIMED_OUT,
    XCY_FUNCTION_GARBAGE,
    XCY_FUNCTION_DELIVERED_TWICE,
    XCY_N_FUNCTION_FAULTS
};

/* Of the clocks of function processes: added to XCY_FAULT_WRITER_CLOCK or XCY_FAULT_READER_CLOCK. */
enum xcy_clock_fault {
    XCY_CLOCK_OFFSET_MS,
    XCY_CLOCK_DRIFT_PPM,
    XCY_CLOCK_STEP_MS,
    XCY_CLOCK_STEP_AFTER_S,
    XCY_N_CLOCK_FAULTS
};

/* The rows of xcy_fault_rows. */
enum xcy_fault {
    XCY_FAULT_LAMBDA,
    XCY_FAULT_SQS = XCY_FAULT_LAMBDA + XCY_N_CALL_FAULTS,
    XCY_FAULT_SQS_DUPLICATED = XCY_FAULT_SQS + XCY_N_CALL_FAULTS,
    XCY_FAULT_SQS_REORDERED,
    XCY_FAULT_SQS_DELAYED_VISIBILITY,
    XCY_FAULT_SQS_DELAYED_MS,
    XCY_FAULT_SQS_BATCH_ENTRY_FAILED,
    XCY_FAULT_SQS_PURGE_REFUSED,
    XCY_FAULT_SQS_HANDLE_EXPIRED,
    XCY_FAULT_SQS_CHECKSUM_WRONG,
    XCY_FAULT_SNS,
    XCY_FAULT_DYNAMODB = XCY_FAULT_SNS + XCY_N_CALL_FAULTS,
    XCY_FAULT_S3 = XCY_FAULT_DYNAMODB + XCY_N_CALL_FAULTS,
    XCY_FAULT_EVALUATIONS_MALFORMED = XCY_FAULT_S3 + XCY_N_CALL_FAULTS,
    XCY_FAULT_WRITER,
    XCY_FAULT_READER = XCY_FAULT_WRITER + XCY_N_FUNCTION_FAULTS,
    XCY_FAULT_REPLICATION_STALLED = XCY_FAULT_READER + XCY_N_FUNCTION_FAULTS,
    XCY_FAULT_WRITER_CLOCK,
    XCY_FAULT_READER_CLOCK = XCY_FAULT_WRITER_CLOCK + XCY_N_CLOCK_FAULTS,
    XCY_N_FAULTS = XCY_FAULT_READER_CLOCK + XCY_N_CLOCK_FAULTS
};

struct xcy_fault_row {
    const char *scope;
    const char *name;
    enum xcy_fault_kind kind;
    double min; /* of the setting */
    double max;
    double preset;    /* without a setting: nothing is injected then */
    const char *help; /* one line */
};
extern const struct xcy_fault_row xcy_fault_rows[XCY_N_FAULTS];

enum { XCY_FAULT_NAME_BYTES = 64 };
void xcy_fault_name(enum xcy_fault fault, char to[XCY_FAULT_NAME_BYTES]); /* "sqs.duplicated" */
/* By that name. XCY_EUSAGE with the nearest known one. */
enum xcy_status xcy_fault_find(const char *name, enum xcy_fault *fault,
                               struct xcy_error *err) XCY_MUST_USE;

/* A setting as text ("0.02", "true") and back. XCY_EUSAGE names the fault and what would be right. */
enum { XCY_FAULT_TEXT_BYTES = 32 };
void xcy_fault_format(enum xcy_fault fault, double setting, char to[XCY_FAULT_TEXT_BYTES]);
enum xcy_status xcy_fault_read(enum xcy_fault fault, const char *text, double *setting,
                               struct xcy_error *err) XCY_MUST_USE;

struct xcy_fault_settings {
    double of[XCY_N_FAULTS];
};
void xcy_fault_settings_preset(struct xcy_fault_settings *settings);
/* `faults:` of a deployment: a xcy_key_parse_fn for a struct xcy_fault_settings. */
enum xcy_status xcy_fault_settings_parse(const struct xcy_yaml *node, void *settings,
                                         struct xcy_error *err) XCY_MUST_USE;
/* A change as JSON, {"sqs": {"duplicated": 0.02}}: what it does not name stays. XCY_EUSAGE: nothing is
 * changed. */
enum xcy_status xcy_fault_settings_merge(struct xcy_fault_settings *settings,
                                         const struct xcy_json *change,
                                         struct xcy_error *err) XCY_MUST_USE;
/* A setting as JSON has it: true, false or a number. */
void xcy_fault_put(struct xcy_json *object, const char *key, enum xcy_fault fault, double setting);

#endif
