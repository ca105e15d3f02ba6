#include "common/stores/stomp_connection.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    READ_BYTES = 16 * 1024,
    LATE_FACTOR = 3 /* beats may be late by the network's and the peer's timers */
};

void xcy_stomp_hang_up(struct xcy_stomp *s)
{
    xcy_stream_close(s->stream);
    s->stream = NULL;
    xcy_stomp_parser_clear(&s->parser);
    xcy_stomp_parser_init(&s->parser);
}

enum xcy_status xcy_stomp_give_up(struct xcy_stomp *s, struct xcy_error *err)
{
    xcy_stomp_hang_up(s);
    return err->status;
}

enum xcy_status xcy_stomp_write(struct xcy_stomp *s, const struct xcy_stomp_frame *frame,
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
    return status == XCY_OK ? XCY_OK : xcy_stomp_give_up(s, err);
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
    return status == XCY_OK ? XCY_OK : xcy_stomp_give_up(s, err);
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
        return xcy_stomp_give_up(s, err);
    }
    if (status != XCY_ETIMEOUT) {
        return xcy_stomp_give_up(s, err);
    }
    if (s->in_ns > 0 && xcy_mono_diff_ns(now, s->last_in) >= LATE_FACTOR * s->in_ns) {
        xcy_fail(err, XCY_ENET, "%s: no sign of life for %" PRId64 " ms", s->address,
                 LATE_FACTOR * s->in_ns / XCY_NS_PER_MS);
        return xcy_stomp_give_up(s, err);
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
        if ((unsigned char)*at < ' ') {
            *at = ' ';
        }
    }
    bool is_secret = s->password && s->password[0] && strstr(words, s->password);
    xcy_fail(err, XCY_EREMOTE, "%s: %.600s", s->address,
             is_secret ? "an error whose text holds the password" : words);
    free(words);
    return xcy_stomp_give_up(s, err); /* the specification has the broker close after it */
}

enum xcy_status xcy_stomp_read(struct xcy_stomp *s, struct xcy_stomp_frame *frame,
                               struct xcy_mono limit, struct xcy_error *err)
{
    for (;;) {
        bool is_whole = false;
        if (!s->stream) {
            return xcy_fail(err, XCY_ENET, "%s: not connected", s->address);
        }
        if (xcy_stomp_parser_next(&s->parser, frame, &is_whole, err) != XCY_OK) {
            xcy_error_context(err, "%s", s->address);
            return xcy_stomp_give_up(s, err);
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

static enum xcy_status log_in(struct xcy_stomp *s, struct xcy_mono limit, struct xcy_error *err)
{
    char beats[48];
    char *host = xcy_strndup(s->address, (size_t)(strrchr(s->address, ':') - s->address));
    snprintf(beats, sizeof beats, "%" PRId64 ",%" PRId64, s->beat_ms, s->beat_ms);
    struct xcy_stomp_frame frame = {.command = "CONNECT"};
    xcy_stomp_frame_put(&frame, "accept-version", "1.2");
    xcy_stomp_frame_put(&frame, "host", host);
    xcy_stomp_frame_put(&frame, "login", s->user);
    xcy_stomp_frame_put(&frame, "passcode", s->password);
    xcy_stomp_frame_put(&frame, "heart-beat", beats);
    enum xcy_status status = xcy_stomp_write(s, &frame, limit, err);
    if (status == XCY_OK) {
        status = xcy_stomp_read(s, &frame, limit, err);
    }
    if (status == XCY_ENET) { /* ActiveMQ's ERROR frame is lost when its end overtakes it */
        xcy_error_context(err, "logging in (a wrong user or password may end so, too)");
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
    return status == XCY_OK ? XCY_OK : xcy_stomp_give_up(s, err);
}

enum xcy_status xcy_stomp_connect(struct xcy_stomp *s, struct xcy_mono limit, struct xcy_error *err)
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
