#include "tests/unit/loadgen/scripted.h"

#include "common/base/mem.h"
#include "tests/support/keys.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *writer_reply(const struct scripted *s, const struct xcy_request_id *id)
{
    struct xcy_event event = {
        .id = *id, .exec = "exec", .instance = "instance", .combination = s->combination};
    for (int p = XCY_POINT_START; p <= XCY_POINT_ENDED; p++) {
        event.points.us[p] = 1700000000000000 + p;
    }
    struct xcy_json *body = xcy_event_to_json(&event);
    struct xcy_json *reply = xcy_json_new_object();
    char *text = xcy_json_text(body);
    xcy_json_put_int64(reply, "statusCode", 200);
    xcy_json_put_string(reply, "body", text);
    char *whole = xcy_json_text(reply);
    free(text);
    xcy_json_free(body);
    xcy_json_free(reply);
    return whole;
}

static void answer(struct scripted *s, struct xcy_exchange *x, const struct xcy_request_id *id)
{
    if (s->is_event[id->i]) {
        xcy_exchange_reply(x, 202, NULL, 0, xcy_bytes_of(""));
        return;
    }
    char *text = writer_reply(s, id);
    xcy_exchange_reply(x, 200, NULL, 0, xcy_bytes_of(text));
    free(text);
}

static void act(struct scripted *s, struct xcy_exchange *x, const struct xcy_request_id *id)
{
    static const char throttled[] =
        "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded"
        "\",\"message\":\"Rate Exceeded.\"}";
    switch (s->decide(s, id->i)) {
    case SCRIPTED_REPLY:
        answer(s, x, id);
        break;
    case SCRIPTED_DROP:
        xcy_exchange_drop(x);
        break;
    case SCRIPTED_THROTTLE:
        xcy_exchange_reply(x, 429, NULL, 0, xcy_bytes_of(throttled));
        break;
    case SCRIPTED_HOLD:
        s->held[s->n_held] = x;
        s->held_ids[s->n_held++] = *id;
        break;
    }
}

static void wake(const struct scripted *s)
{
    uint64_t one = 1;
    ssize_t n = write(s->wake_fd, &one, sizeof one);
    assert_int_equal(n, sizeof one);
}

static void on_invoke(void *ctx, struct xcy_exchange *x)
{
    struct scripted *s = ctx;
    struct xcy_json *payload = NULL;
    struct xcy_request_id id = {0};
    struct xcy_error err;
    const char *type = xcy_exchange_header(x, "X-Amz-Invocation-Type");
    bool is_event = type && strcmp(type, "Event") == 0;
    bool is_known = xcy_json_parse(xcy_exchange_body(x), &payload, &err) == XCY_OK &&
                    xcy_payload_parse(payload, &id, &err) == XCY_OK && id.i < SCRIPTED_MAX;
    xcy_json_free(payload);
    if (!is_known) {
        xcy_exchange_reply(x, 400, NULL, 0, xcy_bytes_of(""));
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->invocations[id.i]++;
    s->is_event[id.i] = is_event;
    s->received++;
    act(s, x, &id);
    if (s->release_at > 0 && s->received >= s->release_at) {
        while (s->n_held > 0) {
            s->n_held--;
            answer(s, s->held[s->n_held], &s->held_ids[s->n_held]);
        }
    }
    if (s->wake_fd >= 0 && s->received == s->wake_at) {
        wake(s);
    }
    pthread_mutex_unlock(&s->lock);
}

void scripted_start(struct scripted *s)
{
    struct xcy_server_options options = {.handle = on_invoke, .ctx = s};
    struct xcy_error err;
    pthread_mutex_init(&s->lock, NULL);
    assert_ok(xcy_server_start(&options, &s->server, &err), &err);
}

void scripted_stop(struct scripted *s)
{
    xcy_server_stop(s->server);
    pthread_mutex_destroy(&s->lock);
}

void scripted_target(struct scripted *s, struct xcy_target *target)
{
    struct xcy_error err;
    assert_ok(xcy_target_load("../../../samples/local.yml", target, &err), &err);
    free(target->deployment->endpoint);
    target->deployment->endpoint =
        xcy_format("http://127.0.0.1:%u", (unsigned)xcy_server_port(s->server));
    target->keys = keys_of("XCYSANDBOXKEY", "not a secret");
    s->combination = target->combination;
}
