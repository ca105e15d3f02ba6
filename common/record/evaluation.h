#ifndef XCY_RECORD_EVALUATION_H
#define XCY_RECORD_EVALUATION_H

/*
 * evaluation.h - the messages between load generator, writer, reader and collector,
 * and their JSON forms.
 *
 * Invocation payload  {"i","key","client_sent_at","run"}
 * Event               the payload plus what the writer adds; it is the notification's
 *                     body and (as a string) the body of the writer's reply
 * Evaluation          what the reader reports; also accepted as a Lambda destination
 *                     record, and without the "xcy" object, as the reference's
 *                     functions write it
 *
 * The reference's keys stand at the top (seconds as doubles); all of ours stand in
 * one object "xcy" {"v":1, …} (points in microseconds).
 *
 * Memory:   plain structs, nothing owned but where said.
 * Threads:  safe.
 */

#include "common/record/combination.h"
#include "common/record/point.h"

enum { XCY_ID_BYTES = 37, XCY_KEY_BYTES = 65, XCY_REASON_BYTES = 160, XCY_FORMAT_VERSION = 1 };

/* Which request a message belongs to. */
struct xcy_request_id {
    int64_t i; /* request number, from 0 */
    char key
        [XCY_KEY_BYTES]; /* key of the post: 10 characters, begins with i (the reference's form) */
    double client_sent_at_s; /* seconds since 1970, in the signed body: earlier than `sent` */
    char run[XCY_ID_BYTES];  /* "" from clients that know none */
};

/* What the writer adds. */
struct xcy_event {
    struct xcy_request_id id;
    char exec[XCY_ID_BYTES];     /* minted by the writer for each execution */
    struct xcy_stamps points;    /* start wrote noted (and ended, in the reply only) */
    char instance[XCY_ID_BYTES]; /* clock domain of the writer: one a process */
    char context_id[33];         /* lineage id (128 random bits in hex), "" without antipode */
    char version[XCY_KEY_BYTES]; /* version of the stored post, "" where the store has none */
    int64_t context_bytes;       /* of the message on the wire, as xcy_context_bytes; 0 without */
    struct xcy_combination combination;
};

struct xcy_evaluation {
    struct xcy_request_id id;
    bool has_xcy; /* false: written by the reference's functions; only what follows up to the gap */
    double writer_start_at_s;
    double post_written_at_s;
    double reader_received_at_s;
    double post_read_at_s;
    double notification_to_reader_spent_ms;
    bool consistent_read;
    bool has_antipode_spent;
    double antipode_spent_ms;
    double notification_size_bytes;

    char exec[XCY_ID_BYTES];
    char eval[XCY_ID_BYTES]; /* minted by the reader for each execution */
    int64_t k;               /* observer, 0 here */
    struct xcy_stamps points;
    char writer_instance[XCY_ID_BYTES];
    char reader_instance[XCY_ID_BYTES];
    bool has_read; /* the first dependent read was made and answered */
    bool found;    /* and found the post */
    bool waited;   /* the barrier's first probe missed */
    bool barrier_timed_out;
    bool is_polled;   /* visibility was polled after a miss */
    bool is_censored; /* polled, and the deadline passed before it was visible */
    int64_t polls;
    int64_t post_stored_bytes;   /* of the stored object with its metadata, as read; 0 unknown */
    int64_t post_metadata_bytes; /* of these, what the consistency added */
    int64_t context_bytes;
    char error[XCY_REASON_BYTES]; /* "" or why the reader could not do its work */
    struct xcy_combination combination;
};

/* Payload and event. The text is owned by the caller. */
char *xcy_payload_format(const struct xcy_request_id *id);
enum xcy_status xcy_payload_parse(const struct xcy_json *object, struct xcy_request_id *id,
                                  struct xcy_error *err) XCY_MUST_USE;

/* The context on the wire, {"id", "operations": {"post-storage": [[key(, version)]]}}; NULL without a
 * context_id. Owned by the caller. */
char *xcy_event_context(const struct xcy_event *event);

/* Event: id's keys, writer_start_at, post_written_at, notification_written_at, context (a string
 * that holds xcy_event_context), xcy. */
struct xcy_json *xcy_event_to_json(const struct xcy_event *event);
enum xcy_status xcy_event_parse(const struct xcy_json *object, struct xcy_event *event,
                                struct xcy_error *err) XCY_MUST_USE;

/* The writer's whole reply {"statusCode": 200, "body": "<event>"}: sets *status_code, and the event
 * if the code is 200. A reply without "xcy" leaves event->exec empty. XCY_EPARSE: not such a reply. */
enum xcy_status xcy_writer_reply_parse(struct xcy_bytes text, int64_t *status_code,
                                       struct xcy_event *event, struct xcy_error *err) XCY_MUST_USE;

/* Evaluation, as text of one line (owned by the caller). With has_xcy the reference's keys are made
 * from the points, null for what did not happen; without, from their own members. */
char *xcy_evaluation_format(const struct xcy_evaluation *e);
/* Accepts every form that the reference's gather accepts: i as 7, 7.0, "7"; time stamps as strings,
 * with blanks; integer fields as "17", 12.9 (12), true/false; consistent_read 2 is consistent.
 * XCY_EPARSE names the key and what is wrong with it. */
enum xcy_status xcy_evaluation_parse(struct xcy_bytes text, struct xcy_evaluation *e,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
