#ifndef XCY_COLLECTORS_SOURCES_SOURCE_H
#define XCY_COLLECTORS_SOURCES_SOURCE_H

/*
 * source.h - where evaluation messages wait: a table of seven functions, so that another queue is
 * another file. A source gives each message to one receiver at a time; what is neither dropped nor
 * given back comes again later.
 *
 * Threads:  an open source belongs to one thread; `another` may be called from several at once.
 */

#include "common/aws/retry.h"
#include "common/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A received message is hidden from others for XCY_SOURCE_HIDDEN_S: much longer than it takes to
 * write it to the disk and to delete it, and short enough to wait for what a killed gather held. */
enum { XCY_SOURCE_BATCH = 10, XCY_SOURCE_MAX_WAIT_S = 20, XCY_SOURCE_HIDDEN_S = 10 };

/* Texts are owned by the batch. */
struct xcy_message {
    char *id;
    char *handle; /* for dropping or giving back */
    char *body;
    int64_t receive_count; /* 0: not known */
    bool is_whole;         /* its checksum agrees */
};

struct xcy_message_batch {
    struct xcy_message messages[XCY_SOURCE_BATCH];
    size_t n;
};
void xcy_message_batch_clear(struct xcy_message_batch *batch);

/* Where the queue is. Borrowed for the life of an open source. */
struct xcy_source_place {
    const char *endpoint; /* NULL: AWS itself */
    const char *region;
    const char *queue;
};

struct xcy_source {
    const char *name;
    enum xcy_status (*open)(const struct xcy_source_place *place, void **state,
                            struct xcy_error *err);
    /* One more connection to the same queue, for another thread. Asks nobody anything. */
    enum xcy_status (*another)(const void *state, void **another, struct xcy_error *err);
    void (*close)(void *state); /* NULL is allowed */
    /* Waits up to wait_s for a first message; none is an empty batch. What comes is hidden for
     * XCY_SOURCE_HIDDEN_S. */
    enum xcy_status (*receive)(void *state, int wait_s, struct xcy_message_batch *batch,
                               struct xcy_error *err);
    /* Deletes n <= XCY_SOURCE_BATCH messages; failed[i] tells which were not. */
    enum xcy_status (*drop)(void *state, const char *const handles[], size_t n, bool failed[],
                            struct xcy_error *err);
    /* Makes them visible to all again hidden_s seconds from now; 0: at once. Also to hide them for longer
     * than they would be. */
    enum xcy_status (*hide)(void *state, const char *const handles[], size_t n, int hidden_s,
                            bool failed[], struct xcy_error *err);
    /* How many messages it holds, of whichever run, the hidden ones too; approximate. */
    enum xcy_status (*count)(void *state, int64_t *n, struct xcy_error *err);
};

/* Opens it, again after a failure that may pass. XCY_ESTOPPED: a stop was asked meanwhile. */
enum xcy_status xcy_source_open(const struct xcy_source *source,
                                const struct xcy_source_place *place,
                                const struct xcy_retry_plan *plan, void **state,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
