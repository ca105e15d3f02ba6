#include "loadgen/engines/wire.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct flight {
    struct xcy_wire *wire;
    struct xcy_call *call;
    char *body;          /* its own, borrowed by the client until the reply; NULL: it has none */
    struct flight *next; /* in the list of free ones */
};

struct xcy_wire {
    struct xcy_engine_setting setting;
    struct xcy_http *client;
    struct xcy_http_prepared *request; /* NULL: why says what is wrong with it */
    struct xcy_error why;
    bool has_authorities;        /* of the client: 25 ms of work, once */
    struct xcy_key_source *keys; /* NULL: what it asks stays as it is */
    xcy_wire_sign_fn *sign;
    uint64_t version;      /* of the keys it is signed with */
    struct xcy_bytes body; /* of calls without their own */
    xcy_wire_body_fn *format_body;
    xcy_wire_classify_fn *classify;
    struct xcy_answer answer; /* of the call that is being ended: too large to clear for each */
    struct flight *free_flights;
};

struct xcy_wire *xcy_wire_open(const struct xcy_engine_setting *setting, xcy_wire_body_fn *body,
                               xcy_wire_classify_fn *classify)
{
    struct xcy_wire *wire = xcy_alloc(sizeof *wire);
    wire->setting = *setting;
    wire->client = xcy_http_open(&setting->http);
    wire->format_body = body;
    wire->classify = classify;
    return wire;
}

void xcy_wire_prepare(struct xcy_wire *wire, const struct xcy_http_request *request)
{
    const struct xcy_plan *plan = wire->setting.plan;
    struct xcy_http_request timed = *request;
    timed.connect_timeout_ns = plan->connect_timeout_ns;
    timed.first_byte_timeout_ns = plan->first_byte_timeout_ns;
    timed.total_timeout_ns = plan->total_timeout_ns;
    if (!wire->format_body) {
        wire->body = request->body;
    }
    xcy_http_prepared_free(wire->request);
    if (xcy_http_prepare(wire->client, &timed, &wire->request, &wire->why) != XCY_OK) {
        wire->request = NULL;
    } else if (!wire->has_authorities && strncmp(request->url, "https:", 6) == 0) {
        xcy_http_read_authorities(wire->client); /* else the first slots would wait for it */
        wire->has_authorities = true;
    }
}

/* The version first: of keys that come in between the next call learns. */
static void sign_anew(struct xcy_wire *wire)
{
    wire->version = xcy_key_source_version(wire->keys);
    const struct xcy_credentials *keys = xcy_key_source_peek(wire->keys);
    wire->sign(&wire->setting, wire, keys);
    xcy_key_source_give(wire->keys, keys);
}

void xcy_wire_prepare_signed(struct xcy_wire *wire, struct xcy_key_source *keys,
                             xcy_wire_sign_fn *sign)
{
    wire->keys = keys;
    wire->sign = sign;
    sign_anew(wire);
}

void xcy_wire_refuse(struct xcy_wire *wire, const struct xcy_error *why)
{
    xcy_http_prepared_free(wire->request);
    wire->request = NULL;
    wire->why = *why;
}

void xcy_wire_close(void *state)
{
    struct xcy_wire *wire = state;
    xcy_http_prepared_free(wire->request);
    xcy_http_close(wire->client);
    for (struct flight *f = wire->free_flights; f;) {
        struct flight *next = f->next;
        free(f);
        f = next;
    }
    free(wire);
}

static struct flight *flight_take(struct xcy_wire *wire)
{
    struct flight *f = wire->free_flights;
    if (f) {
        wire->free_flights = f->next;
    } else {
        f = xcy_alloc(sizeof *f);
        f->wire = wire;
    }
    return f;
}

static void flight_give(struct flight *f)
{
    free(f->body);
    f->body = NULL;
    f->next = f->wire->free_flights;
    f->wire->free_flights = f;
}

static void on_sent(void *ctx, struct xcy_mono sent)
{
    struct flight *f = ctx;
    f->wire->setting.sent(f->wire->setting.ctx, f->call, sent);
}

static void on_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct flight *f = ctx;
    struct xcy_wire *wire = f->wire;
    struct xcy_call *call = f->call;
    wire->classify(&wire->setting, call, reply, &wire->answer);
    flight_give(f);
    wire->setting.done(wire->setting.ctx, call, &wire->answer);
}

enum xcy_status xcy_wire_start(void *state, struct xcy_call *call, struct xcy_error *err)
{
    struct xcy_wire *wire = state;
    if (wire->keys && wire->version != xcy_key_source_version(wire->keys)) {
        sign_anew(wire);
    }
    if (!wire->request) {
        *err = wire->why;
        return err->status;
    }
    struct flight *f = flight_take(wire);
    struct xcy_bytes body = wire->body;
    f->call = call;
    if (wire->format_body) {
        f->body = wire->format_body(call);
        body = xcy_bytes_of(f->body);
    }
    enum xcy_status status =
        xcy_http_start_prepared(wire->client, wire->request, body, on_sent, on_done, f, err);
    if (status != XCY_OK) {
        flight_give(f);
    }
    return status;
}

void xcy_wire_run(void *state, struct xcy_mono until, int wake_fd, bool once)
{
    struct xcy_wire *wire = state;
    xcy_http_run(wire->client, until, wake_fd, once);
}

void xcy_wire_cancel(void *state)
{
    struct xcy_wire *wire = state;
    xcy_http_cancel_all(wire->client);
    xcy_http_run(wire->client, xcy_mono_now(), -1, false);
}
