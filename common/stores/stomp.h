#ifndef XCY_STORES_STOMP_H
#define XCY_STORES_STOMP_H

/*
 * stomp.h - a connection to a message broker (ActiveMQ, Amazon MQ) by STOMP 1.2, over TCP or TLS.
 * It either publishes or consumes.
 *
 * A publisher connects again before a SEND when the connection turned out closed while it was idle.
 * A SEND without a receipt is never repeated: the broker may have taken the message.
 *
 * Units:    limits are instants; after one a publisher's connection is given up, since a late receipt
 *           could be taken for the next one's, and a consumer's receive can be called again.
 * Threads:  a connection belongs to one thread.
 * Failure:  XCY_ENET naming the address, XCY_ETIMEOUT, XCY_EREMOTE with the broker's words,
 *           XCY_EPARSE: it does not speak STOMP. A password is in none of them.
 */

#include "common/stores/stomp_frame.h"
#include "common/time/clock.h"

struct xcy_stomp;

/* Texts are copied. */
struct xcy_stomp_options {
    const char *address;  /* "host:port" */
    const char *user;     /* NULL or "": none */
    const char *password; /* NULL or "": none */
    bool tls;
    const char *ca_file; /* as in stream.h */
    /* Beats each way that we offer and ask for; 0: none. What is agreed upon may be slower. Ours are
     * sent by receive, while it waits, and by xcy_stomp_beat. */
    int64_t beat_ms;
};

/* Connects and logs in. */
enum xcy_status xcy_stomp_open(const struct xcy_stomp_options *options, struct xcy_mono limit,
                               struct xcy_stomp **stomp, struct xcy_error *err) XCY_MUST_USE;
void xcy_stomp_close(struct xcy_stomp *stomp); /* at once; NULL is allowed */

/* A persistent text message (without a zero byte) to "/queue/name". Returns once the broker's receipt
 * came, which it gives when the message is stored. */
enum xcy_status xcy_stomp_send(struct xcy_stomp *stomp, const char *destination, const char *text,
                               struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;

/* At most `prefetch` messages come before they are acknowledged, each by itself. That it was refused is
 * told by receive. */
enum xcy_status xcy_stomp_subscribe(struct xcy_stomp *stomp, const char *destination,
                                    int64_t prefetch, struct xcy_mono limit,
                                    struct xcy_error *err) XCY_MUST_USE;
/* The next MESSAGE, borrowed until the next call. XCY_ETIMEOUT: none until the limit. */
enum xcy_status xcy_stomp_receive(struct xcy_stomp *stomp, struct xcy_stomp_frame *message,
                                  struct xcy_mono limit, struct xcy_error *err) XCY_MUST_USE;
/* id: the message's header "ack". */
enum xcy_status xcy_stomp_ack(struct xcy_stomp *stomp, const char *id, struct xcy_mono limit,
                              struct xcy_error *err) XCY_MUST_USE;
/* The message is not wanted: the broker decides what becomes of it. */
enum xcy_status xcy_stomp_nack(struct xcy_stomp *stomp, const char *id, struct xcy_mono limit,
                               struct xcy_error *err) XCY_MUST_USE;

/* Sends a beat if one is due, for a consumer that does something else than receive meanwhile. */
enum xcy_status xcy_stomp_beat(struct xcy_stomp *stomp, struct xcy_error *err) XCY_MUST_USE;
/* When the next one is due; false: none was agreed upon. */
bool xcy_stomp_beat_due(const struct xcy_stomp *stomp, struct xcy_mono *due);

/* Says goodbye and waits until the broker has handled all that was sent. Then only close is left. */
enum xcy_status xcy_stomp_disconnect(struct xcy_stomp *stomp, struct xcy_mono limit,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
