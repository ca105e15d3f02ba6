#ifndef XCY_SANDBOX_HOSTS_PAIR_KIND_H
#define XCY_SANDBOX_HOSTS_PAIR_KIND_H

/*
 * pair_kind.h - what a kind of pair is, and the pair as its kind sees it.
 *
 * Use in the files of the kinds; others have pair.h.
 *
 * Threads:  start is called by the thread that starts the pair.
 */

#include "sandbox/hosts/pair.h"
#include "sandbox/hosts/ready.h"

#include <stdatomic.h>

enum { XCY_PAIR_PASSWORD_BYTES = 33 };

struct xcy_pair_kind {
    const char *name;    /* as under `backends:`, and of its folder */
    const char *program; /* for people: "Redis" */
    const char *word;    /* with a role the name of a server: "redis" */
    const char *writer_role;
    const char *reader_role;
    const char *user;         /* NULL: no login */
    const char *client_file;  /* in the pair's folder, written by start; NULL: none */
    int64_t grace_ms;         /* of a server asked to end */
    bool is_opened_by_writer; /* the writer's server opens the link, else the reader's */
    /* Prepares and starts both servers and the link, and waits until all are ready. XCY_EFULL: a
     * port was taken meanwhile; then all are ended and it is called again. */
    enum xcy_status (*start)(struct xcy_pair *pair, struct xcy_error *err);
};

struct xcy_pair {
    const struct xcy_pair_kind *kind;
    struct xcy_pair_options options;
    struct xcy_server_process *writer;
    struct xcy_server_process *reader;
    struct xcy_link *link; /* NULL: not started yet */
    char *client_file;
    char password[XCY_PAIR_PASSWORD_BYTES];      /* of the user */
    char peer_password[XCY_PAIR_PASSWORD_BYTES]; /* of the servers among themselves */
    atomic_bool is_ready;                        /* the link delays */
};

/* Starts the link to the server that is called. */
enum xcy_status xcy_pair_start_link(struct xcy_pair *pair, uint16_t target_port,
                                    struct xcy_error *err) XCY_MUST_USE;

/* xcy_ready_await while both servers live; ctx: of the look. */
enum xcy_status xcy_pair_await(struct xcy_pair *pair, xcy_ready_fn *look, void *ctx,
                               const char *what, struct xcy_error *err) XCY_MUST_USE;

#endif
