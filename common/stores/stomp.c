#include "common/stores/stomp.h"

#include "common/base/mem.h"
#include "common/stores/stomp_connection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    RECEIPT_BYTES = 40,
    /* Networks forget connections that are silent for longer (NAT, load balancers: 350 s), and a
     * publisher without beats would not notice. */
    IDLE_MAX_S = 240
};

enum xcy_status xcy_stomp_open(const struct xcy_stomp_options *options, struct xcy_mono limit,
                               struct xcy_stomp **stomp, struct xcy_error *err)
{
    struct xcy_stomp *s = xcy_alloc(sizeof *s);
    s->address = xcy_strdup(options->address);
    s->user = xcy_strdup(options->user);
    s->password = xcy_strdup(options->password);
    s->ca_file = xcy_strdup(options->ca_file);
    s->tls = options->tls;
    s->beat_ms = options->beat_ms;
    xcy_stomp_parser_init(&s->parser);
    xcy_buf_init(&s->output, XCY_STOMP_MAX_HEAD_BYTES + XCY_STOMP_MAX_BODY_BYTES);
    enum xcy_status status = xcy_stomp_connect(s, limit, err);
    if (status != XCY_OK) {
        xcy_stomp_close(s);
        return status;
    }
    *stomp = s;
    return XCY_OK;
}

void xcy_stomp_close(struct xcy_stomp *s)
{
    if (!s) {
        return;
    }
    xcy_stream_close(s->stream);
    xcy_stomp_parser_clear(&s->parser);
    xcy_buf_clear(&s->output); /* the password stood there */
    free(s->address);
    free(s->user);
    free(s->password);
    free(s->ca_file);
    free(s);
}

/* Sends the frame and waits for its receipt; what else comes is passed over. */
static enum xcy_status ask(struct xcy_stomp *s, struct xcy_stomp_frame *frame,
                           struct xcy_mono limit, struct xcy_error *err)
{
    char receipt[RECEIPT_BYTES];
    snprintf(receipt, sizeof receipt, "r%" PRIu64, ++s->n_receipts);
    xcy_stomp_frame_put(frame, "receipt", receipt);
    enum xcy_status status = xcy_stomp_write(s, frame, limit, err);
    while (status == XCY_OK) {
        struct xcy_stomp_frame answer;
        status = xcy_stomp_read(s, &answer, limit, err);
        if (status == XCY_ETIMEOUT) {
            xcy_fail(err, XCY_ETIMEOUT, "%s: no receipt in time", s->address);
            return xcy_stomp_give_up(s, err);
        }
        const char *id = status == XCY_OK ? xcy_stomp_frame_get(&answer, "receipt-id") : NULL;
        if (id && strcmp(answer.command, "RECEIPT") == 0 && strcmp(id, receipt) == 0) {
            return XCY_OK;
        }
    }
    return status;
}

static bool is_forgotten(const struct xcy_stomp *s)
{
    return s->out_ns == 0 &&
           xcy_mono_diff_ns(xcy_mono_now(), s->last_out) > IDLE_MAX_S * XCY_NS_PER_S;
}

/* A connection on which a SEND can be tried. */
static enum xcy_status connect_again(struct xcy_stomp *s, struct xcy_mono limit,
                                     struct xcy_error *err)
{
    if (s->stream && (is_forgotten(s) || xcy_stream_is_dead(s->stream))) {
        xcy_stomp_hang_up(s);
    }
    return s->stream ? XCY_OK : xcy_stomp_connect(s, limit, err);
}

enum xcy_status xcy_stomp_send(struct xcy_stomp *s, const char *destination, const char *text,
                               struct xcy_mono limit, struct xcy_error *err)
{
    enum xcy_status status = connect_again(s, limit, err);
    if (status != XCY_OK) {
        return status;
    }
    /* Without content-length, which would make it a message of bytes to ActiveMQ. */
    struct xcy_stomp_frame frame = {.command = "SEND", .body = xcy_bytes_of(text)};
    xcy_stomp_frame_put(&frame, "destination", destination);
    xcy_stomp_frame_put(&frame, "persistent", "true");
    return ask(s, &frame, limit, err);
}

enum xcy_status xcy_stomp_subscribe(struct xcy_stomp *s, const char *destination, int64_t prefetch,
                                    struct xcy_mono limit, struct xcy_error *err)
{
    char window[24];
    snprintf(window, sizeof window, "%" PRId64, prefetch);
    struct xcy_stomp_frame frame = {.command = "SUBSCRIBE"};
    xcy_stomp_frame_put(&frame, "id", "0");
    xcy_stomp_frame_put(&frame, "destination", destination);
    xcy_stomp_frame_put(&frame, "ack", "client-individual");
    xcy_stomp_frame_put(&frame, "activemq.prefetchSize", window);
    return xcy_stomp_write(s, &frame, limit, err);
}

enum xcy_status xcy_stomp_receive(struct xcy_stomp *s, struct xcy_stomp_frame *message,
                                  struct xcy_mono limit, struct xcy_error *err)
{
    for (;;) {
        enum xcy_status status = xcy_stomp_read(s, message, limit, err);
        if (status != XCY_OK || strcmp(message->command, "MESSAGE") == 0) {
            return status;
        }
    }
}

static enum xcy_status acknowledge(struct xcy_stomp *s, const char *command, const char *id,
                                   struct xcy_mono limit, struct xcy_error *err)
{
    struct xcy_stomp_frame frame = {.command = command};
    xcy_stomp_frame_put(&frame, "id", id);
    return xcy_stomp_write(s, &frame, limit, err);
}

enum xcy_status xcy_stomp_ack(struct xcy_stomp *s, const char *id, struct xcy_mono limit,
                              struct xcy_error *err)
{
    return acknowledge(s, "ACK", id, limit, err);
}

enum xcy_status xcy_stomp_nack(struct xcy_stomp *s, const char *id, struct xcy_mono limit,
                               struct xcy_error *err)
{
    return acknowledge(s, "NACK", id, limit, err);
}

enum xcy_status xcy_stomp_disconnect(struct xcy_stomp *s, struct xcy_mono limit,
                                     struct xcy_error *err)
{
    struct xcy_stomp_frame frame = {.command = "DISCONNECT"};
    enum xcy_status status = ask(s, &frame, limit, err);
    xcy_stomp_hang_up(s);
    return status;
}
