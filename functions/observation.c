#include "functions/observation.h"

#include "common/base/random.h"
#include "functions/backoff.h"

#include <string.h>

struct observation {
    const struct xcy_application *app;
    const struct xcy_invocation *invocation;
    const struct xcy_event *event;
    struct xcy_evaluation *e;
    struct xcy_mono end; /* of everything but the report */
};

void xcy_evaluation_set_error(struct xcy_evaluation *evaluation, const struct xcy_error *err)
{
    size_t n = strnlen(err->text, sizeof evaluation->error - 1);
    memcpy(evaluation->error, err->text, n);
    evaluation->error[n] = '\0';
}

static void stamp(struct observation *o, enum xcy_point point, struct xcy_mono instant)
{
    o->e->points.us[point] = xcy_invocation_us(o->invocation, instant);
}

static struct xcy_mono earlier(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(a, b) ? a : b;
}

/* Without a protocol `ready` is `seen`: nothing stands between. */
static enum xcy_status pass_barrier(struct observation *o, struct xcy_error *err)
{
    const struct xcy_environment *environment = o->app->environment;
    struct xcy_mono seen = o->invocation->anchor.mono;
    if (environment->combination.consistency == XCY_CONSISTENCY_NONE) {
        stamp(o, XCY_POINT_READY, seen);
        return XCY_OK;
    }
    struct xcy_mono deadline =
        earlier(xcy_mono_add(seen, environment->barrier_deadline_ms * XCY_NS_PER_MS), o->end);
    struct xcy_barrier barrier = {0};
    enum xcy_status status = o->app->consistency->wait(o->event, o->app->post, o->app->post_state,
                                                       environment, deadline, &barrier, err);
    struct xcy_mono ready = xcy_mono_now();
    if (status != XCY_OK) {
        return status;
    }
    stamp(o, XCY_POINT_READY, ready);
    o->e->waited = barrier.waited;
    o->e->barrier_timed_out = barrier.timed_out;
    o->e->has_antipode_spent = true;
    int64_t spent_ms =
        xcy_mono_diff_ns(ready, seen) / XCY_NS_PER_MS; /* whole, as the reference's */
    o->e->antipode_spent_ms = (double)spent_ms;
    return XCY_OK;
}

static enum xcy_status look(struct observation *o, bool *found, struct xcy_error *err)
{
    struct xcy_post_size size = {0};
    enum xcy_status status = o->app->post->visible(
        o->app->post_state, o->event->id.key, o->event->version, NULL, false, found, &size, err);
    if (status == XCY_OK && *found) {
        o->e->post_stored_bytes = size.stored_bytes;
        o->e->post_metadata_bytes = size.metadata_bytes;
    }
    return status;
}

/* The dependent read: plain and eventual. One that got no answer at all (a kept connection that the
 * store had closed) has told nothing, and is made again, once, with a stamp of its own. */
static enum xcy_status first_read(struct observation *o, struct xcy_mono *asked,
                                  struct xcy_mono *read, struct xcy_error *err)
{
    bool found = false;
    *asked = xcy_mono_now();
    enum xcy_status status = look(o, &found, err);
    if (status == XCY_ENET && xcy_mono_before(xcy_mono_now(), o->end)) {
        *asked = xcy_mono_now();
        status = look(o, &found, err);
    }
    *read = xcy_mono_now();
    stamp(o, XCY_POINT_ASKED, *asked);
    if (status != XCY_OK) {
        return xcy_error_context(err, "reading the post");
    }
    stamp(o, XCY_POINT_READ, *read);
    o->e->has_read = true;
    o->e->found = found;
    return XCY_OK;
}

/* Visible within (missed, visible]. The first read is the first miss. A poll without an answer says
 * nothing and moves neither end. */
static void poll_until_visible(struct observation *o, struct xcy_mono asked, struct xcy_mono read)
{
    const struct xcy_environment *environment = o->app->environment;
    struct xcy_mono wanted =
        xcy_mono_add(read, environment->visibility_deadline_ms * XCY_NS_PER_MS);
    struct xcy_backoff backoff;
    xcy_backoff_init(&backoff, environment, earlier(wanted, o->end));
    o->e->is_polled = true;
    stamp(o, XCY_POINT_MISSED, asked);
    while (xcy_backoff_wait(&backoff)) {
        struct xcy_error ignored;
        bool found = false;
        struct xcy_mono sent = xcy_mono_now();
        enum xcy_status status = look(o, &found, &ignored);
        struct xcy_mono returned = xcy_mono_now();
        o->e->polls++;
        if (status == XCY_OK && found) {
            stamp(o, XCY_POINT_VISIBLE, returned);
            return;
        }
        if (status == XCY_OK) {
            stamp(o, XCY_POINT_MISSED, sent);
        }
    }
    o->e->is_censored = true;
}

static bool is_visibility_wanted(const struct xcy_combination *c)
{
    if (c->visibility == XCY_VISIBILITY_SAMPLE) {
        double drawn = (double)xcy_random_seed() * 0x1p-53; /* a seed has 53 bits */
        return drawn < c->visibility_share;
    }
    return c->visibility == XCY_VISIBILITY_INLINE;
}

void xcy_observe(const struct xcy_application *app, const struct xcy_invocation *invocation,
                 const struct xcy_event *event, struct xcy_evaluation *evaluation)
{
    struct observation o = {
        .app = app,
        .invocation = invocation,
        .event = event,
        .e = evaluation,
        .end = xcy_mono_add(invocation->deadline, -XCY_REPORT_RESERVE_MS * XCY_NS_PER_MS),
    };
    struct xcy_error err;
    enum xcy_status status = pass_barrier(&o, &err);
    if (status != XCY_OK) {
        xcy_evaluation_set_error(evaluation, &err);
        return;
    }
    struct xcy_mono asked;
    struct xcy_mono read;
    status = first_read(&o, &asked, &read, &err);
    if (status != XCY_OK) {
        xcy_evaluation_set_error(evaluation, &err);
        return;
    }
    if (!evaluation->found && is_visibility_wanted(&app->environment->combination)) {
        poll_until_visible(&o, asked, read);
    }
}
