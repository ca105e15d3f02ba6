#ifndef XCY_SANDBOX_SERVICES_LAMBDA_H
#define XCY_SANDBOX_SERVICES_LAMBDA_H

/*
 * lambda.h - functions as real processes behind Lambda's Invoke and the Runtime API.
 *
 * Calls      Invoke (RequestResponse, Event, DryRun), GetFunction,
 *            GetFunctionConfiguration, UpdateFunctionConfiguration, ListFunctions.
 * Processes  are started as work comes, up to the function's concurrency limit (beyond:
 *            429), serve one invocation at a time or `slots` of them, are ended when idle,
 *            and killed when an invocation passes the function's timeout. With several
 *            slots the process gets no more work then, and is killed once its other
 *            invocations are done.
 * Events     are tried three times (AWS waits 1 and 2 minutes in between, here seconds, see
 *            the options); throttled ones are taken up again after 1 s, doubling up to
 *            5 minutes, for up to 6 hours. All these times are scaled by time_scale.
 * Faults     strike executions, see lambda_fault.h. Of an asynchronous invocation and of an event
 *            source's nobody reads the answer: garbage is for synchronous ones.
 * Updates    stay InProgress for a moment. From the call on no new work goes to processes of
 *            the old configuration; they finish what they have in hand and are ended.
 *
 * Bounds:   6 MB a synchronous payload or answer, 1 MB an event, 100,000 events waiting.
 * Threads:  safe. To end: xcy_lambda_service_stop, then xcy_timers_stop, then
 *           xcy_supervisor_stop, then the server, then xcy_lambda_service_free.
 */

#include "common/aws/credentials.h"
#include "common/time/timers.h"
#include "sandbox/faults/faults.h"
#include "sandbox/front/call.h"
#include "sandbox/hosts/supervisor.h"
#include "sandbox/regions/truth.h"

struct xcy_lambda_service;

struct xcy_lambda_variable {
    const char *name;
    const char *value;
};

/* Texts and arrays are copied, all else is borrowed. */
struct xcy_lambda_service_options {
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    struct xcy_faults *faults; /* NULL: none */
    struct xcy_supervisor *supervisor;
    const struct xcy_credentials *credentials; /* what the functions sign with */
    const char *account;                       /* 12 digits */
    const char *endpoint;    /* "http://127.0.0.1:4566": ours, for the functions */
    const char *log_path;    /* what functions print is appended there; NULL: to our own log */
    double time_scale;       /* of retries and back-off */
    int64_t idle_s;          /* processes idle this long are ended */
    int64_t init_timeout_ms; /* 0: 10,000, as AWS */
    int64_t retry_ms[2];     /* before an event's second and third try; 0: 1000 and 2000 */
    int64_t update_ms;       /* how long an update is InProgress; 0: 100 */
    int64_t max_starting;    /* processes of a function being started at once; 0: 2 a processor */
    /* For functions whose configuration lacks them or leaves them empty: addresses of what the
     * sandbox hosts. */
    const struct xcy_lambda_variable *host_variables;
    size_t n_host_variables;
};

enum xcy_status xcy_lambda_service_new(const struct xcy_lambda_service_options *options,
                                       struct xcy_lambda_service **service,
                                       struct xcy_error *err) XCY_MUST_USE;
/* Answers all that waits with 503 and ends the processes; later calls get 503. */
void xcy_lambda_service_stop(struct xcy_lambda_service *s);
void xcy_lambda_service_free(struct xcy_lambda_service *s); /* NULL is allowed */

struct xcy_lambda_function_options {
    const char *region;
    const char *name;
    const char *executable; /* path of the program that speaks the Runtime API */
    int64_t timeout_ms;
    int64_t concurrency_limit;
    int64_t slots;
    enum xcy_fault faults;              /* XCY_FAULT_WRITER or XCY_FAULT_READER */
    enum xcy_fault clock_faults;        /* XCY_FAULT_WRITER_CLOCK or XCY_FAULT_READER_CLOCK */
    const struct xcy_json *environment; /* object of strings */
};
/* XCY_EUSAGE when region and name are taken, or the executable cannot be run. */
enum xcy_status xcy_lambda_service_add_function(struct xcy_lambda_service *s,
                                                const struct xcy_lambda_function_options *options,
                                                struct xcy_error *err) XCY_MUST_USE;

void xcy_lambda_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

/* An asynchronous invocation from within: a xcy_sns_deliver_fn. An unknown function is logged. */
void xcy_lambda_service_invoke_event(void *service, const char *region, const char *function,
                                     struct xcy_bytes payload);

/* The end of a source's invocation; is_ok: the function answered, and without an error. Called with
 * the service's lock held: it may hand over, and not call back in. */
typedef void xcy_lambda_ended_fn(void *ctx, bool is_ok);

/* A synchronous invocation by an event source (a stream's or a queue's poller), tried once: trying
 * again is the source's. The payload is copied. False, and nothing more comes: throttled, unknown, or
 * the service is ending. */
bool xcy_lambda_service_invoke_source(struct xcy_lambda_service *s, const char *region,
                                      const char *function, struct xcy_bytes payload,
                                      xcy_lambda_ended_fn *ended, void *ctx);

/* Answers a request below /_runtime/. */
void xcy_lambda_service_runtime(struct xcy_lambda_service *s, struct xcy_exchange *exchange);

/* Counters and processes by function, an array; owned by the caller. */
struct xcy_json *xcy_lambda_service_status(struct xcy_lambda_service *s);

#endif
