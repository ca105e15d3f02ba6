#ifndef XCY_FUNCTIONS_BACKEND_H
#define XCY_FUNCTIONS_BACKEND_H

/*
 * backend.h - the tables behind which post storages, notification storages and consistencies
 * stand. Adding one is one file and one line in functions/backends.c.
 *
 * Threads:  an open backend belongs to one slot (thread) of a function process.
 */

#include "common/aws/request.h"
#include "common/deployment/environment.h"
#include "common/record/evaluation.h"

enum xcy_side { XCY_SIDE_WRITER, XCY_SIDE_READER };

/* What a backend is opened with. Borrowed for the life of the backend. */
struct xcy_backend_place {
    const struct xcy_environment *environment;
    const struct xcy_aws *aws; /* region of this side */
    enum xcy_side side;
    const struct xcy_mono *limit; /* calls end by then; set anew for each invocation. NULL: none */
};

/* For one call: the place's aws, bounded by its limit. */
struct xcy_aws xcy_backend_aws(const struct xcy_backend_place *place);

struct xcy_metadata {
    const char *name; /* "cid" */
    const char *value;
};

/* What a stored post weighs, as its store counts it. */
struct xcy_post_size {
    int64_t stored_bytes;   /* key, body, metadata; 0: not known */
    int64_t metadata_bytes; /* of these, what the consistency added */
};

struct xcy_post_backend {
    const char *name; /* as in xcy_post_storage_names */
    enum xcy_status (*open)(const struct xcy_backend_place *place, void **state,
                            struct xcy_error *err);
    void (*close)(void *state);
    /* Stores body and metadata under the key; version (XCY_KEY_BYTES) gets the store's version or
     * "". Returns once the store acknowledged. */
    enum xcy_status (*write)(void *state, const char *key, struct xcy_bytes body,
                             const struct xcy_metadata *metadata, size_t n_metadata, char *version,
                             struct xcy_error *err);
    /* Whether the post with this version and metadata cid (NULL: any) is there now. strong: the read a barrier
     * may rely on. size: NULL for a barrier's probe, which need not carry the body; else the whole
     * post is read, as a reader wants it, and size set (zeros if it is not found). */
    enum xcy_status (*visible)(void *state, const char *key, const char *version, const char *cid,
                               bool strong, bool *found, struct xcy_post_size *size,
                               struct xcy_error *err);
    /* Of the store as this side sees it: posts, and their bytes. */
    enum xcy_status (*size)(void *state, int64_t *items, int64_t *bytes, struct xcy_error *err);
    enum xcy_status (*clean)(void *state, struct xcy_error *err);
    /* Whether size's items may be old, estimated or rounded: looks now. *items is 0 only if there is
     * nothing; of many it may tell fewer. NULL: size itself does so. */
    enum xcy_status (*count)(void *state, int64_t *items, struct xcy_error *err);
};

/* One notification: the event's text, and what the whole weighs as its store counts it. */
typedef enum xcy_status xcy_notified_fn(void *ctx, struct xcy_bytes event, size_t bytes,
                                        struct xcy_error *err);

struct xcy_notification_backend {
    const char *name;
    enum xcy_status (*open)(const struct xcy_backend_place *place, void **state,
                            struct xcy_error *err);
    void (*close)(void *state);
    enum xcy_status (*publish)(void *state, const char *key, const char *message,
                               struct xcy_error *err);
    /* Takes the notifications out of what invoked the reader: calls `each` with each event's text.
     * Returns XCY_EPARSE when the payload is not of this backend. */
    enum xcy_status (*parse)(const struct xcy_json *payload, xcy_notified_fn *each, void *ctx,
                             struct xcy_error *err);
    enum xcy_status (*clean)(void *state, struct xcy_error *err);
};

struct xcy_barrier {
    bool waited;    /* the first probe missed */
    bool timed_out; /* the deadline passed */
    int64_t probes;
};

struct xcy_consistency_protocol {
    const char *name;
    /* Writer, before the write: fills event->context_id. */
    void (*begin)(struct xcy_event *event);
    /* Writer, after the write: event->version is known; sets event->context_bytes. */
    void (*wrote)(struct xcy_event *event);
    /* Reader, before the dependent read: returns once it may proceed, or at the deadline. */
    enum xcy_status (*wait)(const struct xcy_event *event, const struct xcy_post_backend *post,
                            void *post_state, const struct xcy_environment *environment,
                            struct xcy_mono deadline, struct xcy_barrier *barrier,
                            struct xcy_error *err);
};

const struct xcy_post_backend *xcy_post_backend_find(enum xcy_post_storage storage);
const struct xcy_notification_backend *
xcy_notification_backend_find(enum xcy_notification_storage storage);
const struct xcy_consistency_protocol *xcy_consistency_find(enum xcy_consistency consistency);

#endif
