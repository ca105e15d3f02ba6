#ifndef XCY_DEPLOYMENT_ENVIRONMENT_H
#define XCY_DEPLOYMENT_ENVIRONMENT_H

/*
 * environment.h - the combination and the backends' addresses as environment variables of
 * the functions: the reference's names (POST_STORAGE, NOTIFICATION_STORAGE,
 * WRITER_REGION, READER_REGION, ANTIPODE, DELAY_MS) and ours (XCY_…). One table makes
 * writing (deploy), reading (functions) and the documentation.
 */

#include "common/deployment/deployment.h"

/* A kind of server as the functions reach it. */
struct xcy_server_environment {
    char *writer; /* "host:port"; "" when the host supplies it (sandbox) or unused */
    char *reader;
    char *user;
    char *password; /* a secret: goes nowhere but into the function's own configuration */
    bool tls;
};

struct xcy_environment {
    struct xcy_combination combination;
    int64_t visibility_deadline_ms;
    int64_t barrier_deadline_ms;
    int64_t poll_first_ms;
    int64_t poll_max_ms;
    char *queue_name;
    char *topic_arn;
    char *dynamo_table;
    char *dynamo_notifications;
    char *s3_writer; /* buckets */
    char *s3_reader;
    struct xcy_server_environment mysql;
    char *mysql_database;
    struct xcy_server_environment cache;
    struct xcy_server_environment mq;
    char *mq_queue;
    char *ca_file; /* whom to trust with TLS; "": as the system does */
};
void xcy_environment_clear(struct xcy_environment *e);

/* An object name -> string, for UpdateFunctionConfiguration; owned by the caller. Passwords come
 * from our own environment, under the names that the deployment gives (password_variable), and
 * only those that the combination needs; a missing one is XCY_EUSAGE. */
enum xcy_status xcy_environment_to_json(const struct xcy_deployment *d,
                                        const struct xcy_combination *c, struct xcy_json **json,
                                        struct xcy_error *err) XCY_MUST_USE;
/* From an environment: lookup(name) as getenv. XCY_EUSAGE names the variable and its value. */
enum xcy_status xcy_environment_read(char *(*lookup)(const char *name), struct xcy_environment *e,
                                     struct xcy_error *err) XCY_MUST_USE;
/* From GetFunction's Environment.Variables: only the combination. */
enum xcy_status xcy_environment_combination(const struct xcy_json *variables,
                                            struct xcy_combination *c,
                                            struct xcy_error *err) XCY_MUST_USE;

#endif
