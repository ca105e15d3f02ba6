#include "functions/slot.h"

#include "common/aws/sqs.h"
#include "functions/writer_handler.h"

/* Kept back from the backends' calls at the end of an invocation, so that the answer, or the
 * evaluation of a store that hangs, still gets out. */
enum { ANSWER_RESERVE_MS = 200, OPEN_LIMIT_S = 9 /* a Lambda may take 10 s to start */ };

static enum xcy_status open_backends(struct xcy_slot *slot, struct xcy_error *err)
{
    const struct xcy_combination *c = &slot->setup->environment.combination;
    struct xcy_application *app = &slot->app;
    app->environment = &slot->setup->environment;
    app->instance = slot->setup->instance;
    app->post = xcy_post_backend_find(c->post_storage);
    app->notification = xcy_notification_backend_find(c->notification_storage);
    app->consistency = xcy_consistency_find(c->consistency);
    enum xcy_status status = app->post->open(&slot->place, &app->post_state, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "post storage %s", app->post->name);
    }
    status = app->notification->open(&slot->place, &app->notification_state, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "notification storage %s", app->notification->name);
    }
    return XCY_OK;
}

enum xcy_status xcy_slot_open(const struct xcy_setup *setup, struct xcy_slot *slot,
                              struct xcy_error *err)
{
    *slot = (struct xcy_slot){
        .setup = setup,
        .aws = {.http = xcy_http_open(NULL),
                .endpoint = setup->endpoint,
                .region = setup->region,
                .keys = setup->keys},
        .limit = xcy_mono_add(xcy_mono_now(), OPEN_LIMIT_S * XCY_NS_PER_S),
        .place = {.environment = &setup->environment,
                  .aws = &slot->aws,
                  .side = setup->side,
                  .limit = &slot->limit},
    };
    enum xcy_status status = open_backends(slot, err);
    if (status != XCY_OK) {
        xcy_slot_close(slot);
        return status;
    }
    if (setup->side == XCY_SIDE_WRITER) {
        size_t n_bytes = (size_t)setup->environment.combination.post_bytes;
        xcy_buf_init(&slot->post_body, n_bytes + 1);
        xcy_post_fill(&slot->post_body, n_bytes);
    }
    return XCY_OK;
}

void xcy_slot_close(struct xcy_slot *slot)
{
    struct xcy_application *app = &slot->app;
    if (app->notification_state) {
        app->notification->close(app->notification_state);
    }
    if (app->post_state) {
        app->post->close(app->post_state);
    }
    xcy_http_close(slot->aws.http);
    xcy_buf_clear(&slot->post_body);
    *slot = (struct xcy_slot){0};
}

static void bound_calls(struct xcy_slot *slot, const struct xcy_invocation *invocation)
{
    slot->limit = xcy_mono_add(invocation->deadline, -ANSWER_RESERVE_MS * XCY_NS_PER_MS);
}

enum xcy_status xcy_slot_write(void *slot, const struct xcy_invocation *invocation,
                               struct xcy_buf *reply, struct xcy_error *err)
{
    struct xcy_slot *s = slot;
    bound_calls(s, invocation);
    return xcy_writer_handle(&s->app, xcy_buf_bytes(&s->post_body), invocation, reply, err);
}

struct reporter {
    const struct xcy_slot *slot;
    struct xcy_mono deadline;
};

static enum xcy_status report(void *ctx, const char *text, struct xcy_error *err)
{
    const struct reporter *reporter = ctx;
    struct xcy_aws aws = reporter->slot->aws;
    int64_t left_ns = xcy_mono_diff_ns(reporter->deadline, xcy_mono_now());
    aws.total_timeout_ns = left_ns > XCY_NS_PER_MS ? left_ns : XCY_NS_PER_MS;
    return xcy_sqs_send(&aws, reporter->slot->setup->queue_url, text, err);
}

enum xcy_status xcy_slot_read(void *slot, const struct xcy_invocation *invocation,
                              struct xcy_buf *reply, struct xcy_error *err)
{
    struct xcy_slot *s = slot;
    bound_calls(s, invocation);
    struct reporter reporter = {.slot = s, .deadline = invocation->deadline};
    struct xcy_reader reader = {.app = &s->app, .report = report, .report_ctx = &reporter};
    return xcy_reader_handle(&reader, invocation, reply, err);
}
