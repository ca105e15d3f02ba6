#ifndef XCY_SANDBOX_SERVICES_LAMBDA_STATE_H
#define XCY_SANDBOX_SERVICES_LAMBDA_STATE_H

/*
 * lambda_state.h - what the files of the Lambda service share: service, function,
 * instance (a process) and execution (an invocation on its way).
 *
 * Threads:  everything is under the service's lock, but what is set before the first
 *           call and, in a function, `limit`: that belongs to the supervisor's thread.
 */

#include "sandbox/hosts/line_limit.h"
#include "sandbox/services/lambda.h"
#include "sandbox/services/lambda_pool.h"

#include <pthread.h>

enum {
    XCY_LAMBDA_SYNC_BYTES = 6 * 1024 * 1024,
    XCY_LAMBDA_EVENT_BYTES = 1024 * 1024,
    XCY_LAMBDA_EVENTS_WAITING = 100000,
    XCY_LAMBDA_EVENT_TRIES = 3,
    XCY_LAMBDA_END_GRACE_MS = 2000,
    XCY_LAMBDA_SECRET_HEX = 32,
    XCY_LAMBDA_TOKEN_BYTES = 64,
    XCY_LAMBDA_ID_BYTES = 37
};

/* How an execution ended; a counter each. */
enum xcy_execution_outcome {
    XCY_EXECUTION_OK,
    XCY_EXECUTION_FUNCTION_ERROR, /* reported by the function */
    XCY_EXECUTION_TIMED_OUT,
    XCY_EXECUTION_EXITED,      /* the process ended with it in hand */
    XCY_EXECUTION_NOT_STARTED, /* no process came up for it */
    XCY_EXECUTION_STOPPED,     /* the sandbox ended */
    XCY_N_EXECUTION_OUTCOMES
};

enum xcy_execution_kind { XCY_EXECUTION_SYNC, XCY_EXECUTION_EVENT, XCY_EXECUTION_SOURCE };

struct xcy_hosted_function;
struct xcy_instance;

struct xcy_execution {
    struct xcy_pool_work work;  /* first: the pool hands this back */
    struct xcy_execution *next; /* of the instance that runs it */
    int n_refs;                 /* whoever has to end it, and each timer that points here */
    struct xcy_hosted_function *function;
    enum xcy_execution_kind kind;
    char id[XCY_LAMBDA_ID_BYTES]; /* the request id, the same in every try */
    struct xcy_call *call;        /* of a synchronous one until it is answered */
    struct xcy_bytes payload;     /* in the call's body, or in `kept` */
    char *kept;
    struct xcy_instance *instance; /* that has it in hand */
    bool is_doomed;                /* the fault of a crash struck this try */
    struct xcy_wall accepted;
    struct xcy_mono accepted_mono;
    int n_tries;                /* handed to a process so often */
    int n_throttles;            /* an event's consecutive throttles */
    xcy_lambda_ended_fn *ended; /* an event source's */
    void *ended_ctx;
};

struct xcy_instance {
    struct xcy_pool_worker worker; /* first: the pool hands this back */
    struct xcy_hosted_function *function;
    size_t index; /* in the service's instances */
    char secret[XCY_LAMBDA_SECRET_HEX + 1];
    struct xcy_process *process;  /* NULL once it ended */
    struct xcy_exchange **parked; /* oldest first; room for every slot */
    size_t n_parked;
    struct xcy_execution *running;      /* in hand */
    char clock_id[XCY_LAMBDA_ID_BYTES]; /* what its evaluations call it; "": it mints that itself */
    bool is_crashed;                    /* a fault killed it */
    struct xcy_exchange *
        *withheld; /* answers that get no reply, until it is gone; room for every slot */
    size_t n_withheld;
    char *init_error; /* body of init/error, if it came */
};

struct xcy_lambda_counts {
    uint64_t sync;    /* accepted */
    uint64_t events;  /* accepted */
    uint64_t sources; /* accepted, of event sources */
    uint64_t dry_runs;
    uint64_t throttled; /* refused with 429, and events put back */
    uint64_t retries;
    uint64_t dropped; /* events given up */
    uint64_t started; /* processes */
    uint64_t ended[XCY_N_EXECUTION_OUTCOMES];
};

struct xcy_hosted_function {
    struct xcy_hosted_function *next;
    struct xcy_lambda_service *service;
    char *region;
    char *name;
    char *arn;
    char *executable;
    char *description;
    int64_t timeout_ms;
    int64_t memory_mb;
    struct xcy_json *environment; /* object of strings */
    char revision[37];
    struct xcy_wall modified;
    struct xcy_mono update_done;
    struct xcy_pool pool;
    bool tick_is_set;
    bool waiting_tick_is_set;
    int64_t n_events; /* accepted and not ended */
    struct xcy_lambda_counts counts;
    struct xcy_line_limit limit;
    enum xcy_fault clock_faults;
    enum xcy_fault faults; /* the first of its rows */
    size_t n_crashes;      /* so far, for their turn; garbage likewise */
    size_t n_garbage;
    size_t n_doubles;
};

struct xcy_lambda_service {
    struct xcy_lambda_service_options options;
    char *account;
    char *endpoint;
    char *runtime_address; /* host:port of the endpoint */
    int log_fd;            /* -1: our own log */
    struct xcy_lambda_variable *host_variables;
    pthread_mutex_t lock;
    bool stopping;
    struct xcy_hosted_function *functions;
    struct xcy_instance **instances; /* by index; NULL: free */
    size_t n_instances;
};

#endif
