#ifndef XCY_NET_HTTP_H
#define XCY_NET_HTTP_H

/*
 * http.h - HTTP requests over libcurl's multi interface and one epoll set.
 *
 * A client holds keep-alive connections and runs transfers on the thread that calls
 * xcy_http_run. Nothing is retried: where libcurl would resend on a reused connection
 * that the server closed, the second attempt is stopped and the result is RESET.
 * Requests may be signed (SigV4); then all rules for libcurl 7.88's signer hold here,
 * and a request that breaks one is refused with XCY_EUSAGE.
 *
 * Redirects are not followed, cookies not kept, bodies not decompressed.
 *
 * With HTTP/1.1 a connection carries one request at a time, and afterwards the next one to
 * the same host. With HTTP/2 up to 100 share one; a further connection is made for more. Over
 * TLS a burst waits for its first connection, since only that shows which of the two the
 * server speaks; what waits is not sent yet, and its `sent` is when it really was.
 *
 * For the same request over and over, only with another body each time: xcy_http_prepare
 * once, then xcy_http_start_prepared; that saves 3 us of 17 a request.
 *
 * Clocks:   stamps are xcy_mono. `sent` is taken in libcurl's pre-request callback, when the
 *           connection stands, also for each of those that share one.
 * Memory:   everything in a request is copied at start, but the body: borrowed until
 *           the reply.
 * Files:    XCY_HTTP_DESCRIPTORS for each connection; where they get scarce, the process's soft
 *           limit is raised to the hard one.
 * Threads:  a client belongs to one thread. With https SIGPIPE must be ignored
 *           (xcy_stop_watch does that).
 */

#include "common/base/buf.h"
#include "common/time/clock.h"

#include <stdint.h>

struct xcy_http_header {
    const char *name;
    const char *value;
};

/* Who signs, for what. Borrowed texts. session_token may be NULL. */
struct xcy_http_signer {
    const char *region;
    const char *service;
    const char *access_key;
    const char *secret_key;
    const char *session_token;
};

enum {
    XCY_HTTP_MAX_HEADERS = 16,
    XCY_HTTP_DESCRIPTORS =
        3 /* of HTTP/1.1 in the clear; libcurl has a pair for each multi handle */
};

struct xcy_http_request {
    const char *method; /* upper case; any but "CONNECT" */
    const char *url;    /* already encoded */
    struct xcy_http_header headers[XCY_HTTP_MAX_HEADERS];
    size_t n_headers;
    struct xcy_bytes body;
    const struct xcy_http_signer *signer; /* NULL: unsigned */
    bool is_direct;                /* never through a proxy; a request to this machine never is */
    int64_t connect_timeout_ns;    /* name, connection and TLS; 0: 5 s */
    int64_t first_byte_timeout_ns; /* 0: none */
    int64_t total_timeout_ns;      /* 0: none */
};

/* Whether the request keeps all rules, those of the signer included if it has one; XCY_EUSAGE tells
 * which is broken. xcy_http_start checks by itself. */
enum xcy_status xcy_http_request_check(const struct xcy_http_request *request,
                                       struct xcy_error *err) XCY_MUST_USE;

/* What became of the transfer; a complete reply of any status is DONE. */
enum xcy_http_result {
    XCY_HTTP_DONE,
    XCY_HTTP_DNS,
    XCY_HTTP_CONNECT,
    XCY_HTTP_TLS,
    XCY_HTTP_SEND,
    XCY_HTTP_FIRST_BYTE_TIMEOUT,
    XCY_HTTP_TOTAL_TIMEOUT,
    XCY_HTTP_RESET,    /* closed or reset before a whole reply */
    XCY_HTTP_REFUSED,  /* larger than the bound, or not HTTP */
    XCY_HTTP_CANCELLED /* by xcy_http_cancel_all or xcy_http_close */
};
const char *xcy_http_result_name(enum xcy_http_result result);

struct xcy_http_reply {
    enum xcy_http_result result;
    int status;             /* HTTP status; 0 if none came */
    int http_version;       /* the reply's: 10, 11 or 20; 0 if none came */
    struct xcy_buf headers; /* raw lines */
    struct xcy_buf body;
    bool was_sent;         /* `sent` was reached: the server may have acted */
    struct xcy_mono sent;  /* handed to the connection, first attempt */
    struct xcy_mono acked; /* reply complete, or failed */
    int attempts;          /* 1; 2 if a silent resend was stopped */
    char message[256];     /* for people, when not DONE */
};

/* The value of a reply header, found without regard to case, copied to `to` as one line of text (a
 * control character becomes a blank); false if absent. */
bool xcy_http_reply_header(const struct xcy_http_reply *reply, const char *name, char *to,
                           size_t size);

/* Takes no ownership: reply is borrowed during the call. May start further requests. */
typedef void xcy_http_done_fn(void *ctx, const struct xcy_http_reply *reply);

/* Called when the request is handed to the connection (libcurl's pre-request callback). It must be
 * short and must not call into the client. */
typedef void xcy_http_sent_fn(void *ctx, struct xcy_mono sent);

struct xcy_http;

enum xcy_http_version {
    XCY_HTTP_1_1, /* always */
    XCY_HTTP_AUTO /* https: HTTP/2 where the server has it (ALPN), else 1.1; http: 1.1 */
};

struct xcy_http_options {
    int max_connections;    /* 0: no bound (of http and of https, each); others wait, unsent */
    int64_t max_idle_ns;    /* of http: what is idle for longer than others is closed; 0: 30 s */
    size_t max_reply_bytes; /* 0: 16 MiB */
    enum xcy_http_version version;
    const char *ca_file;    /* NULL: the system's */
    bool insecure;          /* no TLS verification */
    const char *user_agent; /* NULL: "xcybench/<version>"; "": no such header */
};

struct xcy_http *xcy_http_open(const struct xcy_http_options *options); /* NULL: defaults */
/* Reads the authorities (ca_file, or the system's: 25 ms of work) now instead of with the first request
 * over https. Nobody is asked anything; where it cannot be done, it is done then. */
void xcy_http_read_authorities(struct xcy_http *http);
/* Cancels what runs (done is called with CANCELLED; a start from there fails with XCY_ESTOPPED). NULL
 * is allowed. */
void xcy_http_close(struct xcy_http *http);

/* Starts a transfer; `done` is called exactly once, from xcy_http_run or xcy_http_close, never from
 * here. on_sent may be NULL. Fails only when the request breaks a rule; done is not called then. */
enum xcy_status xcy_http_start(struct xcy_http *http, const struct xcy_http_request *request,
                               xcy_http_sent_fn *on_sent, xcy_http_done_fn *done, void *ctx,
                               struct xcy_error *err) XCY_MUST_USE;

/* A request of which only the body varies: its rules are checked, its texts copied and its URL is
 * parsed once. It belongs to the client that made it. */
struct xcy_http_prepared;

/* The body in `request` does not count. Owned by the caller; free with xcy_http_prepared_free before
 * the client is closed. */
enum xcy_status xcy_http_prepare(struct xcy_http *http, const struct xcy_http_request *request,
                                 struct xcy_http_prepared **prepared,
                                 struct xcy_error *err) XCY_MUST_USE;
/* Requests started from it may still run: they go on. NULL is allowed. */
void xcy_http_prepared_free(struct xcy_http_prepared *prepared);

/* As xcy_http_start, with this body (borrowed until the reply). Fails only for a body with a method
 * that takes none. A signature is made anew for each request, by its body and instant. */
enum xcy_status xcy_http_start_prepared(struct xcy_http *http, struct xcy_http_prepared *prepared,
                                        struct xcy_bytes body, xcy_http_sent_fn *on_sent,
                                        xcy_http_done_fn *done, void *ctx,
                                        struct xcy_error *err) XCY_MUST_USE;

/* Runs transfers until `until`, or until wake_fd (-1: none) is readable, or, if `once`, until at
 * least one transfer ended or none runs. wake_fd stays watched from run to run: it must be open until
 * a run with another one, or until the client is closed. */
void xcy_http_run(struct xcy_http *http, struct xcy_mono until, int wake_fd, bool once);

/* Started, and `done` not yet called. */
size_t xcy_http_running(const struct xcy_http *http);
/* Ends all transfers; their `done` is called by the next run. */
void xcy_http_cancel_all(struct xcy_http *http);

/* One request, waited for. The reply is filled also when the result is not DONE (that is not a
 * failure of this call); clear with xcy_http_reply_clear. A stop asked (stop.h) cancels it when
 * `stoppable`. */
enum xcy_status xcy_http_call(struct xcy_http *http, const struct xcy_http_request *request,
                              bool stoppable, struct xcy_http_reply *reply,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_http_reply_clear(struct xcy_http_reply *reply); /* a body may be a secret: overwritten */

#endif
