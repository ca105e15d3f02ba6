#ifndef XCY_TESTS_UNIT_FUNCTIONS_SCRIPTED_H
#define XCY_TESTS_UNIT_FUNCTIONS_SCRIPTED_H

/*
 * scripted.h - a post store, a notification service and a queue in memory that answer as a test
 * says and note what they were asked.
 */

#include "functions/application.h"
#include "functions/runtime.h"

enum { SCRIPT_FOREVER = 1000000, SCRIPT_MAX_REPORTS = 8 };

struct scripted_post {
    /* what happens */
    enum xcy_status write_status;
    int strong_misses;        /* barrier probes that find nothing */
    int eventual_misses;      /* reads that find nothing */
    int failing_looks;        /* looks that fail, before all else ... */
    int looks_before_failing; /* ... but after this many */
    enum xcy_status fail_status;
    struct xcy_post_size size;
    enum xcy_status size_status;
    int64_t items;
    int64_t bytes;
    /* what was asked */
    int n_writes;
    int n_looks;
    int n_strong;
    int n_eventual;
    int n_cleans;
    char key[XCY_KEY_BYTES];
    char cid[33];          /* "cid" metadata of the write */
    char strong_cid[33];   /* of the last barrier probe */
    char eventual_cid[33]; /* of the last read; "" when NULL */
    size_t body_bytes;
};

struct scripted_notification {
    enum xcy_status publish_status;
    int n_published;
    int n_cleans;
    char *message; /* the last; owned */
};

struct scripted_queue {
    int failures; /* reports that fail first */
    enum xcy_status fail_status;
    int n_attempts;
    char *texts[SCRIPT_MAX_REPORTS]; /* those that came through; owned */
    int n_texts;
};

struct script {
    struct xcy_environment environment;
    struct scripted_post post;
    struct scripted_notification notification;
    struct scripted_queue queue;
    struct xcy_application app;
};

/* dynamo-sns, eu to us, polls every few hundred microseconds, short deadlines. */
void script_init(struct script *script, enum xcy_consistency consistency);
void script_clear(struct script *script);

/* The queue as xcy_report_fn; ctx is the script. */
enum xcy_status script_report(void *ctx, const char *text, struct xcy_error *err);

/* An invocation that arrives now and may run for left_ms. */
struct xcy_invocation script_invocation(const char *payload, int64_t left_ms);

/* An event as the script's writer would send it. */
struct xcy_event script_event(const struct script *script);
/* That event inside an SNS payload; n records of it. Free with free(). */
char *script_notification(const struct xcy_event *event, int n_records);

#endif
