#ifndef XCY_DEPLOYMENT_DEPLOYMENT_H
#define XCY_DEPLOYMENT_DEPLOYMENT_H

/*
 * deployment.h - where everything is: functions, queue, endpoint, backends, and the
 * combination to start with. Read from YAML; unknown keys are errors.
 *
 * Search order: the path given (-c), $XCY_CONFIG, ./xcybench.yml, else the built-in
 * local one (samples/local.yml: a sandbox on 127.0.0.1:4566). $AWS_ENDPOINT_URL
 * overrides `endpoint`. Paths in a file are relative to it.
 *
 * Memory:   owned by the caller; release with xcy_deployment_free.
 * Threads:  read-only after loading.
 */

#include "common/deployment/delay.h"
#include "common/deployment/faults.h"
#include "common/record/combination.h"

struct xcy_function_place {
    char region[XCY_REGION_BYTES]; /* full name, aliases resolved */
    char *function;                /* name or ARN */
    int64_t timeout_ms;            /* the function's own limit */
    int64_t concurrency_limit;     /* concurrent executions allowed */
    int64_t slots;                 /* sandbox: invocations one process serves at a time */
    char *executable;              /* sandbox: NULL = the one beside the sandbox program */
};

/* Servers that speak a protocol of their own: one at the writer, one at the reader. */
struct xcy_server_place {
    bool is_listed;
    char *writer_address; /* "host:port"; NULL: the sandbox's own */
    char *reader_address;
    char *user;              /* NULL: none */
    char *password_variable; /* environment variable with the password; NULL: none */
    bool tls;
    struct xcy_delay writer_leg; /* sandbox: writer -> server, one way, each chunk */
    struct xcy_delay link;       /* sandbox: between the servers, one way, each chunk */
    struct xcy_delay reader_leg; /* sandbox: reader -> server, one way, each chunk */
    double link_rate_mbit_per_s; /* sandbox: 0: no cap */
};

struct xcy_deployment {
    char *source;   /* the file's path, or "built-in local deployment" */
    char *endpoint; /* NULL: AWS */
    struct xcy_function_place writer;
    struct xcy_function_place reader;
    char *ca_file; /* whom functions trust with TLS: a file where they run; NULL: as the system */
    char *queue_name; /* evaluation queue, in the reader's region */
    struct xcy_combination combination;
    bool as_published; /* post_bytes follows the post storage: xcy_post_published_bytes */
    int64_t visibility_deadline_ms; /* how long the reader polls after a miss */
    int64_t barrier_deadline_ms;    /* how long a barrier waits */
    int64_t poll_first_ms;          /* first poll interval; it grows by half up to poll_max_ms */
    int64_t poll_max_ms;

    struct xcy_dynamo_place {
        bool is_listed; /* in backends: */
        char *table;
        char *notifications_table;    /* its stream in the reader's region invokes the reader */
        struct xcy_delay writer_leg;  /* writer -> store, there and back */
        struct xcy_delay replication; /* store -> store: when strong reads there see a write */
        struct xcy_delay settle;      /* after that: when eventual reads there see it */
        struct xcy_delay reader_leg;  /* reader -> store, there and back */
        struct xcy_delay stream;      /* after that, there: its record in the stream */
        int64_t stream_batch;         /* records an invocation takes at most */
        int64_t stream_shards;        /* of the stream, each with one invocation at a time */
    } dynamo;
    struct xcy_s3_place {
        bool is_listed;
        char *writer_bucket; /* versioned, replicated to the reader's */
        char *reader_bucket;
        struct xcy_delay writer_leg; /* as dynamo's */
        struct xcy_delay replication;
        struct xcy_delay reader_leg;
    } s3;
    struct xcy_server_place mysql; /* MySQL or MariaDB, primary and replica */
    char *mysql_database;
    struct xcy_server_place cache; /* Redis, primary and replica */
    struct xcy_server_place mq;    /* ActiveMQ, two brokers; the reader's invokes the reader */
    char *mq_queue;
    int64_t mq_batch;    /* messages an invocation takes at most */
    int64_t mq_parallel; /* invocations at a time */
    struct {
        bool is_listed;
        char *topic; /* name (its ARN is made of the writer's region and the account), or ARN */
        struct xcy_delay delivery;
    } sns;

    struct {
        char *listen_address; /* loopback unless told otherwise */
        int64_t port;         /* 0: chosen by the kernel */
        int64_t seed;         /* 0: a new one each start, printed */
        double time_scale;    /* every delay is multiplied by it */
        int64_t idle_s;       /* function processes idle this long are ended */
        char *account;        /* 12 digits, in ARNs */
        bool wan;             /* links have the kernel's own TCP in them; needs rights */
    } sandbox;
    struct xcy_fault_settings faults; /* sandbox: what it injects from its start on */
};

/* path NULL: the search order above. */
enum xcy_status xcy_deployment_load(const char *path, struct xcy_deployment **deployment,
                                    struct xcy_error *err) XCY_MUST_USE;
void xcy_deployment_free(struct xcy_deployment *deployment);

/* Every delay of it, borrowed. */
enum { XCY_DEPLOYMENT_DELAYS = 18 };
void xcy_deployment_delays(struct xcy_deployment *d, struct xcy_delay *to[XCY_DEPLOYMENT_DELAYS]);

/* "arn:aws:sns:<writer region>:<account>:<topic>", or the ARN that stands there; free with free(). */
char *xcy_deployment_topic_arn(const struct xcy_deployment *d);
/* The longest a reader can be busy with one notification, in ms: min(barrier (if any) + visibility
 * deadlines, function timeout). rate x this must stay within the reader's concurrency limit. */
int64_t xcy_deployment_reader_longest_ms(const struct xcy_deployment *d,
                                         const struct xcy_combination *c);
/* How many invocations of the reader there can be at a time: its concurrency limit; over a stream
 * its shards, over a queue `parallel`, if that is less. */
int64_t xcy_deployment_readers_at_a_time(const struct xcy_deployment *d,
                                         const struct xcy_combination *c);
/* How many notifications an invocation takes at most. They are read one after the other, but what
 * they wait for passes meanwhile for all. */
int64_t xcy_deployment_reader_batch(const struct xcy_deployment *d,
                                    const struct xcy_combination *c);
/* Whether the combination can run here: `backends:` lists what it needs, the post fits into the
 * store, the delay into the writer's timeout. XCY_EUSAGE says what is in the way. */
enum xcy_status xcy_deployment_check(const struct xcy_deployment *d,
                                     const struct xcy_combination *c,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
