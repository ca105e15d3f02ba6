#include "common/stores/stomp.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    READ_BYTES = 16 * 1024,
    RECEIPT_BYTES = 40,
    LATE_FACTOR = 3, /* beats may be late by the network's and the peer's timers */
    /* Networks forget connections that are silent for longer (NAT, load balancers: 350 s), and a
     * publisher without beats would not notice. */
    IDLE_MAX_S = 240
};

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

static void disconnect(struct xcy_stomp *s)
{
    xcy_stream_close(s->stream);
    s->stream = NULL;
    xcy_stomp_parser_clear(&s->parser);
    xcy_stomp_parser_init(&s->parser);
}

/* After which nothing sensible can be said on this connection. */
static enum xcy_status give_up(struct xcy_stomp *s, struct xcy_error *err)
{
    disconnect(s);
    return err->status;
}

static enum xcy_status write_frame(struct xcy_stomp *s, const struct xcy_stomp_frame *frame,
                                   struct xcy_mono limit, struct xcy_error *err)
{
    if (!s->stream) {
        return xcy_fail(err, XCY_ENET, "%s: not connected", s->address);
    }
    xcy_buf_reset(&s->output);
    xcy_stomp_frame_add(&s->output, frame);
    enum xcy_status status = xcy_buf_check(&s->output, "a STOMP frame", err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_stream_write(s->stream, xcy_buf_bytes(&s->output), limit, err);
    s->last_out = xcy_mono_now();
    return status == XCY_OK ? XCY_OK : give_up(s, err);
}

enum xcy_status xcy_stomp_beat(struct xcy_stomp *s, struct xcy_error *err)
{
    struct xcy_mono due;
    struct xcy_mono now = xcy_mono_now();
    if (!s->stream || !xcy_stomp_beat_due(s, &due) || xcy_mono_before(now, due)) {
        return XCY_OK;
    }
    s->last_out = now;
    enum xcy_status status =
        xcy_stream_write(s->stream, xcy_bytes_of("\n"), xcy_mono_add(now, s->out_ns), err);
    return status == XCY_OK ? XCY_OK : give_up(s, err);
}

/* Early by half, so that what delays us does not make it late. */
bool xcy_stomp_beat_due(const struct xcy_stomp *s, struct xcy_mono *due)
{
    *due = xcy_mono_add(s->last_out, s->out_ns / 2);
    return s->stream && s->out_ns > 0;
}

/* The limit, our next beat or the peer's last moment, whichever is first. */
static struct xcy_mono next_instant(const struct xcy_stomp *s, struct xcy_mono limit)
{
    struct xcy_mono due;
    if (xcy_stomp_beat_due(s, &due) && xcy_mono_before(due, limit)) {
        limit = due;
    }
    struct xcy_mono last = xcy_mono_add(s->last_in, LATE_FACTOR * s->in_ns);
    return s->in_ns > 0 && xcy_mono_before(last, limit) ? last : limit;
}

/* One read. XCY_ETIMEOUT, with the connection kept: the limit passed. */
static enum xcy_status read_more(struct xcy_stomp *s, struct xcy_mono limit, struct xcy_error *err)
{
    char room[READ_BYTES];
    size_t n = 0;
    enum xcy_status status = xcy_stomp_beat(s, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_stream_read(s->stream, room, sizeof room, &n, next_instant(s, limit), err);
    struct xcy_mono now = xcy_mono_now();
    if (status == XCY_OK && n > 0) {
        s->last_in = now;
        xcy_stomp_parser_feed(&s->parser, xcy_bytes(room, n));
        return XCY_OK;
    }
    if (status == XCY_OK) {
        xcy_fail(err, XCY_ENET, "%s: the broker closed the connection", s->address);
        return give_up(s, err);
    }
    if (status != XCY_ETIMEOUT) {
        return give_up(s, err);
    }
    if (s->in_ns > 0 && xcy_mono_diff_ns(now, s->last_in) >= LATE_FACTOR * s->in_ns) {
        xcy_fail(err, XCY_ENET, "%s: no sign of life for %" PRId64 " ms", s->address,
                 LATE_FACTOR * s->in_ns / XCY_NS_PER_MS);
        return give_up(s, err);
    }
    return xcy_mono_before(now, limit) ? XCY_OK : XCY_ETIMEOUT;
}

/* The broker's words, on one line, unless a secret of ours is among them. */
static enum xcy_status fail_remote(struct xcy_stomp *s, const struct xcy_stomp_frame *frame,
                                   struct xcy_error *err)
{
    const char *message = xcy_stomp_frame_get(frame, "message");
    size_t n_body = 0;
    while (n_body < frame->body.len && (unsigned char)frame->body.ptr[n_body] >= ' ') {
        n_body++;
    }
    char *words = xcy_format("%s%s%.*s", message ? message : "", message && n_body ? ": " : "",
                             (int)(n_body < 300 ? n_body : 300), frame->body.ptr);
    for (char *at = words; *at; at++) {
        *at = (unsigned char)*at < ' ' ? ' ' : *at;
    }
    bool is_secret = s->password && s->password[0] && strstr(words, s->password);
    xcy_fail(err, XCY_EREMOTE, "%s: %.600s", s->address,
             is_secret ? "an error whose text holds the password" : words);
    free(words);
    return give_up(s, err); /* the specification has the broker close after it */
}

/* The next frame that is no error. XCY_ETIMEOUT keeps the connection. */
static enum xcy_status read_frame(struct xcy_stomp *s, struct xcy_stomp_frame *frame,
                                  struct xcy_mono limit, struct xcy_error *err)
{
    for (;;) {
        bool is_whole = false;
        if (!s->stream) {
            return xcy_fail(err, XCY_ENET, "%s: not connected", s->address);
        }
        if (xcy_stomp_parser_next(&s->parser, frame, &is_whole, err) != XCY_OK) {
            xcy_error_context(err, "%s", s->address);
            return give_up(s, err);
        }
        if (is_whole && strcmp(frame->command, "ERROR") == 0) {
            return fail_remote(s, frame, err);
        }
        if (is_whole) {
            return XCY_OK;
        }
        enum xcy_status status = read_more(s, limit, err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

/* "cx,cy" of CONNECTED and ours: what each side promises and wishes; none if either is 0. */
static int64_t agree_ns(int64_t promised_ms, int64_t wished_ms)
{
    int64_t slower_ms = promised_ms > wished_ms ? promised_ms : wished_ms;
    return promised_ms == 0 || wished_ms == 0 ? 0 : slower_ms * XCY_NS_PER_MS;
}

static void agree_on_beats(struct xcy_stomp *s, const struct xcy_stomp_frame *connected)
{
    const char *theirs = xcy_stomp_frame_get(connected, "heart-beat");
    const char *comma = theirs ? strchr(theirs, ',') : NULL;
    int64_t promised_ms = 0;
    int64_t wished_ms = 0;
    s->out_ns = 0;
    s->in_ns = 0;
    if (comma && xcy_int64_parse(xcy_bytes(theirs, (size_t)(comma - theirs)), &promised_ms) &&
        xcy_int64_parse(xcy_bytes_of(comma + 1), &wished_ms) && promised_ms >= 0 &&
        wished_ms >= 0 && promised_ms <= INT32_MAX && wished_ms <= INT32_MAX) {
        s->out_ns = agree_ns(s->beat_ms, wished_ms);
        s->in_ns = agree_ns(promised_ms, s->beat_ms);
    }
}

static void put(struct xcy_stomp_frame *frame, const char *name, const char *value)
{
    if (value && value[0]) {
        xcy_assert(frame->n_headers < XCY_STOMP_MAX_HEADERS);
        frame->headers[frame->n_headers++] = (struct xcy_stomp_header){name, value};
    }
}

static enum xcy_status log_in(struct xcy_stomp *s, struct xcy_mono limit, struct xcy_error *err)
{
    char beats[48];
    char *host = xcy_strndup(s->address, (size_t)(strrchr(s->address, ':') - s->address));
    snprintf(beats, sizeof beats, "%" PRId64 ",%" PRId64, s->beat_ms, s->beat_ms);
    struct xcy_stomp_frame frame = {.command = "CONNECT"};
    put(&frame, "accept-version", "1.2");
    put(&frame, "host", host);
    put(&frame, "login", s->user);
    put(&frame, "passcode", s->password);
    put(&frame, "heart-beat", beats);
    enum xcy_status status = write_frame(s, &frame, limit, err);
    if (status == XCY_OK) {
        status = read_frame(s, &frame, limit, err);
    }
    if (status == XCY_OK) {
        const char *version = xcy_stomp_frame_get(&frame, "version");
        if (strcmp(frame.command, "CONNECTED") != 0 || !version || strcmp(version, "1.2") != 0) {
            status =
                xcy_fail(err, XCY_EREMOTE, "%s: the broker does not speak STOMP 1.2", s->address);
        } else {
            agree_on_beats(s, &frame);
        }
    }
    free(host);
    return status == XCY_OK ? XCY_OK : give_up(s, err);
}

static enum xcy_status connect_now(struct xcy_stomp *s, struct xcy_mono limit,
                                   struct xcy_error *err)
{
    struct xcy_mono now = xcy_mono_now();
    struct xcy_stream_options options = {.address = s->address,
                                         .tls = s->tls,
                                         .ca_file = s->ca_file,
                                         .connect_timeout_ns = xcy_mono_diff_ns(limit, now)};
    s->out_ns = 0;
    s->in_ns = 0;
    s->last_in = now;
    s->last_out = now;
    enum xcy_status status = xcy_stream_open(&options, &s->stream, err);
    return status == XCY_OK ? log_in(s, limit, err) : status;
}

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
    enum xcy_status status = connect_now(s, limit, err);
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
    put(frame, "receipt", receipt);
    enum xcy_status status = write_frame(s, frame, limit, err);
    while (status == XCY_OK) {
        struct xcy_stomp_frame answer;
        status = read_frame(s, &answer, limit, err);
        if (status == XCY_ETIMEOUT) {
            xcy_fail(err, XCY_ETIMEOUT, "%s: no receipt in time", s->address);
            return give_up(s, err);
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
        disconnect(s);
    }
    return s->stream ? XCY_OK : connect_now(s, limit, err);
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
    put(&frame, "destination", destination);
    put(&frame, "persistent", "true");
    return ask(s, &frame, limit, err);
}

enum xcy_status xcy_stomp_subscribe(struct xcy_stomp *s, const char *destination, int64_t prefetch,
                                    struct xcy_mono limit, struct xcy_error *err)
{
    char window[24];
    snprintf(window, sizeof window, "%" PRId64, prefetch);
    struct xcy_stomp_frame frame = {.command = "SUBSCRIBE"};
    put(&frame, "id", "0");
    put(&frame, "destination", destination);
    put(&frame, "ack", "client-individual");
    put(&frame, "activemq.prefetchSize", window);
    return write_frame(s, &frame, limit, err);
}

enum xcy_status xcy_stomp_receive(struct xcy_stomp *s, struct xcy_stomp_frame *message,
                                  struct xcy_mono limit, struct xcy_error *err)
{
    for (;;) {
        enum xcy_status status = read_frame(s, message, limit, err);
        if (status != XCY_OK || strcmp(message->command, "MESSAGE") == 0) {
            return status;
        }
    }
}

static enum xcy_status acknowledge(struct xcy_stomp *s, const char *command, const char *id,
                                   struct xcy_mono limit, struct xcy_error *err)
{
    struct xcy_stomp_frame frame = {.command = command};
    put(&frame, "id", id);
    return write_frame(s, &frame, limit, err);
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
    disconnect(s);
    return status;
}
