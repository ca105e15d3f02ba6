#ifndef XCY_TESTS_UNIT_SANDBOX_LAMBDA_STAND_H
#define XCY_TESTS_UNIT_SANDBOX_LAMBDA_STAND_H

/*
 * lambda_stand.h - the Lambda service behind a real server, without the front (nothing is signed
 * here), with one function, "fake" (fake_function.c), whose faults are the writer's.
 */

#include "tests/support/unit.h"

#include "common/net/http.h"
#include "sandbox/services/lambda.h"

#include <limits.h>

#define LAMBDA_REGION  "eu-central-1"
#define LAMBDA_ACCOUNT "123456789012"

enum { LAMBDA_MAX_ANSWERS = 8 };

struct lambda_stand {
    struct xcy_lambda_service *_Atomic service; /* made after the server, which looks for it */
    struct xcy_supervisor *supervisor;
    struct xcy_timers *timers;
    struct xcy_truth *truth;
    char truth_path[80];
    struct xcy_faults *faults;
    struct xcy_server *server;
    struct xcy_credentials credentials;
    struct xcy_http *http;
    struct xcy_http_reply reply; /* the last one */
    char folder[64];
    char endpoint[64];
    char executable[PATH_MAX];
    struct xcy_error err;
};

struct lambda_fault {
    enum xcy_fault fault;
    double setting;
};

struct lambda_setting {
    int64_t timeout_ms;
    int64_t concurrency;
    int64_t slots;
    int64_t init_timeout_ms;
    int64_t idle_s;
    struct lambda_fault faults[4]; /* of XCY_FAULT_WRITER's and XCY_FAULT_WRITER_CLOCK's rows */
    const char *variable;          /* set to "1" in the function's environment */
};

/* Several invocations on the way at once. */
struct lambda_answers {
    int statuses[LAMBDA_MAX_ANSWERS];
    char bodies[LAMBDA_MAX_ANSWERS][256];
    char retry_after[16]; /* of the last one throttled */
    size_t n;
};

void lambda_stand_open(struct lambda_stand *f, const struct lambda_setting *setting);
void lambda_stand_close(struct lambda_stand *f);
/* path: below /2015-03-31/functions. Each returns the HTTP status. */
int lambda_request(struct lambda_stand *f, const char *method, const char *path, const char *type,
                   struct xcy_bytes body);
int lambda_invoke(struct lambda_stand *f, const char *payload);

/* Of the last reply. */
void lambda_assert_header(const struct lambda_stand *f, const char *name, const char *expected);
void lambda_assert_body(const struct lambda_stand *f, const char *expected);
void lambda_assert_body_has(const struct lambda_stand *f, const char *part);

/* A number of the status of the only function: "throttled" or "ended.ok". */
int64_t lambda_counter(struct lambda_stand *f, const char *group, const char *name);
void lambda_await_counter(struct lambda_stand *f, const char *group, const char *name,
                          int64_t value);

/* Several on the way: started, and run until n have been answered. */
void lambda_start(struct lambda_stand *f, const char *payload, struct lambda_answers *answers);
void lambda_run_until(struct lambda_stand *f, const struct lambda_answers *answers, size_t n);
/* A FIFO that invocations wait at, and the payload that makes them wait. */
void lambda_make_gate(const struct lambda_stand *f, char path[128], char payload[256]);
void lambda_open_gate(const char *path);

/* The lines of the truth log with this "op", as an array. */
struct xcy_json *lambda_truth(const struct lambda_stand *f, const char *op);
struct xcy_fault_count lambda_faults(const struct lambda_stand *f, enum xcy_fault fault);

#endif
