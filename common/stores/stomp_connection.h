#ifndef XCY_STORES_STOMP_CONNECTION_H
#define XCY_STORES_STOMP_CONNECTION_H

/*
 * stomp_connection.h - a STOMP connection as frames that go and come, its login and its beats. Private
 * to common/stores.
 *
 * Threads, Failure:  as stomp.h.
 */

#include "common/net/stream.h"
#include "common/stores/stomp.h"

struct xcy_stomp {
    char *address;
    char *user;
    char *password;
    char *ca_file;
    bool tls;
    int64_t beat_ms;
    struct xcy_stream *stream; /* NULL: not connected */
    struct xcy_stomp_parser parser;
    struct xcy_buf output;
    int64_t out_ns; /* agreed upon; 0: none */
    int64_t in_ns;
    struct xcy_mono last_out;
    struct xcy_mono last_in;
    uint64_t n_receipts; /* asked for */
};

/* Opens the stream and logs in. */
enum xcy_status xcy_stomp_connect(struct xcy_stomp *s, struct xcy_mono limit,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_stomp_hang_up(struct xcy_stomp *s);
/* After what leaves nothing sensible to be said on this connection. Returns err's status. */
enum xcy_status xcy_stomp_give_up(struct xcy_stomp *s, struct xcy_error *err);

enum xcy_status xcy_stomp_write(struct xcy_stomp *s, const struct xcy_stomp_frame *frame,
                                struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;
/* The next frame that is no error. XCY_ETIMEOUT keeps the connection. */
enum xcy_status xcy_stomp_read(struct xcy_stomp *s, struct xcy_stomp_frame *frame,
                               struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;

#endif
