#include "sandbox/services/mq_poller.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/stores/stomp.h"
#include "sandbox/services/mq_event.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BEAT_MS = 10000,
    LOOK_MS = 100, /* how long a receive does not look whether the end was asked for */
    CALL_LIMIT_S = 10,
    FIRST_PAUSE_MS = 100,
    MAX_PAUSE_MS = 5000,
    MAX_TEXTS = 8
};

struct consumer {
    struct xcy_mq_poller *poller;
    pthread_t thread;
    struct xcy_stomp *stomp; /* NULL: not connected */
    bool has_ended;          /* its invocation; under the poller's lock, as is_ok */
    bool is_ok;
};

struct xcy_mq_poller {
    struct xcy_mq_poller_options options; /* its texts: `texts` */
    char *texts[MAX_TEXTS];               /* owned */
    size_t n_texts;
    const char *destination;
    const char *arn;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopping;
    bool is_lost; /* the broker, and that was said */
    struct consumer *consumers;
};

static bool is_stopping(struct xcy_mq_poller *p)
{
    pthread_mutex_lock(&p->lock);
    bool is = p->is_stopping;
    pthread_mutex_unlock(&p->lock);
    return is;
}

static struct xcy_mono in_ms(int64_t ms)
{
    return xcy_mono_add(xcy_mono_now(), ms * XCY_NS_PER_MS);
}

/* With the lock held. */
static void wait_until(struct xcy_mq_poller *p, struct xcy_mono when)
{
    struct timespec at = {.tv_sec = when.ns / XCY_NS_PER_S, .tv_nsec = when.ns % XCY_NS_PER_S};
    pthread_cond_timedwait(&p->changed, &p->lock, &at);
}

/* The next of a row of growing pauses; false: the end was asked for. */
static bool pause_more(struct xcy_mq_poller *p, int64_t *pause_ms)
{
    int64_t ns = (int64_t)((double)(*pause_ms * XCY_NS_PER_MS) * p->options.time_scale);
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), ns);
    *pause_ms = 2 * *pause_ms < MAX_PAUSE_MS ? 2 * *pause_ms : MAX_PAUSE_MS;
    pthread_mutex_lock(&p->lock);
    while (!p->is_stopping && xcy_mono_before(xcy_mono_now(), until)) {
        wait_until(p, until);
    }
    bool goes_on = !p->is_stopping;
    pthread_mutex_unlock(&p->lock);
    return goes_on;
}

/* Says it for the first consumer that notices. */
static void note_broker(struct xcy_mq_poller *p, const struct xcy_error *lost)
{
    pthread_mutex_lock(&p->lock);
    bool is_news = p->is_lost != (lost != NULL) && !p->is_stopping;
    p->is_lost = lost != NULL;
    pthread_mutex_unlock(&p->lock);
    if (is_news && lost) {
        xcy_log(XCY_LOG_WARNING, "mq: %s; trying again until it is back", lost->text);
    } else if (is_news) {
        xcy_log(XCY_LOG_INFO, "mq: %s: connected again", p->options.address);
    }
}

static enum xcy_status connect_once(struct consumer *c, struct xcy_error *err)
{
    const struct xcy_mq_poller_options *o = &c->poller->options;
    struct xcy_stomp_options options = {.address = o->address,
                                        .user = o->user,
                                        .password = o->password,
                                        .tls = o->tls,
                                        .ca_file = o->ca_file,
                                        .beat_ms = BEAT_MS};
    struct xcy_mono limit = in_ms(CALL_LIMIT_S * INT64_C(1000));
    enum xcy_status status = xcy_stomp_open(&options, limit, &c->stomp, err);
    return status == XCY_OK
               ? xcy_stomp_subscribe(c->stomp, c->poller->destination, o->batch, limit, err)
               : status;
}

static void lose_broker(struct consumer *c, const struct xcy_error *err)
{
    xcy_stomp_close(c->stomp);
    c->stomp = NULL;
    note_broker(c->poller, err);
}

/* False: the end was asked for. */
static bool connect_consumer(struct consumer *c)
{
    int64_t pause_ms = FIRST_PAUSE_MS;
    while (!is_stopping(c->poller)) {
        struct xcy_error err;
        if (connect_once(c, &err) == XCY_OK) {
            note_broker(c->poller, NULL);
            return true;
        }
        lose_broker(c, &err);
        if (!pause_more(c->poller, &pause_ms)) {
            return false;
        }
    }
    return false;
}

/* The first message whenever it comes, and what is there behind it. None: the end was asked for. */
static enum xcy_status collect(struct consumer *c, struct xcy_mq_event *event,
                               struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    while (event->n < (size_t)c->poller->options.batch && !is_stopping(c->poller)) {
        struct xcy_stomp_frame message;
        struct xcy_mono limit = in_ms(event->n == 0 ? LOOK_MS : 0);
        status = xcy_stomp_receive(c->stomp, &message, limit, err);
        if (status == XCY_OK) {
            status = xcy_mq_event_add(event, &message, xcy_wall_now(), err);
        } else if (status == XCY_ETIMEOUT && event->n == 0) {
            continue;
        }
        if (status != XCY_OK) {
            break;
        }
    }
    return status == XCY_ETIMEOUT ? XCY_OK : status;
}

static void on_ended(void *ctx, bool is_ok)
{
    struct consumer *c = ctx;
    pthread_mutex_lock(&c->poller->lock);
    c->has_ended = true;
    c->is_ok = is_ok;
    pthread_cond_broadcast(&c->poller->changed);
    pthread_mutex_unlock(&c->poller->lock);
}

/* Keeps up the beats meanwhile. True: the function ended well. */
static bool await_end(struct consumer *c)
{
    struct xcy_mq_poller *p = c->poller;
    struct xcy_error ignored; /* a lost connection is told by what uses it next */
    bool has_beats = true;
    bool is_done = false;
    while (!is_done) {
        struct xcy_mono due;
        has_beats = has_beats && xcy_stomp_beat_due(c->stomp, &due);
        pthread_mutex_lock(&p->lock);
        if (!c->has_ended && !p->is_stopping) {
            wait_until(p, has_beats ? due : in_ms(BEAT_MS));
        }
        is_done = c->has_ended || p->is_stopping;
        pthread_mutex_unlock(&p->lock);
        has_beats = has_beats && xcy_stomp_beat(c->stomp, &ignored) == XCY_OK;
    }
    pthread_mutex_lock(&p->lock);
    bool is_ok = c->has_ended && c->is_ok;
    pthread_mutex_unlock(&p->lock);
    return is_ok;
}

static void log_truth(const struct xcy_mq_poller *p, const struct xcy_mq_event *event,
                      struct xcy_wall at)
{
    for (size_t i = 0; i < event->n && xcy_truth_is_on(p->options.truth); i++) {
        struct xcy_json *line = xcy_json_new_object();
        xcy_json_put_string(line, "op", "deliver");
        xcy_json_put_string(line, "service", "mq");
        xcy_json_put_int64(line, "at_us", xcy_wall_us(at));
        xcy_json_put_string(line, "message", xcy_mq_event_id(event, i));
        xcy_json_put_int64(line, "bytes", (int64_t)event->items[i].body_bytes);
        xcy_json_put_int64(line, "batch", (int64_t)event->n);
        xcy_truth_add(p->options.truth, line);
    }
}

/* One try. False: refused, or it did not end well. */
static bool invoke(struct consumer *c, const struct xcy_mq_event *event, const char *payload)
{
    const struct xcy_mq_poller_options *o = &c->poller->options;
    struct xcy_wall at = xcy_wall_now();
    c->has_ended = false; /* nobody else looks before it is invoked */
    if (!o->invoke(o->invoke_ctx, o->region, o->function, xcy_bytes_of(payload), on_ended, c)) {
        return false;
    }
    log_truth(c->poller, event, at);
    return await_end(c);
}

/* Until it ends well. False: the end was asked for. */
static bool deliver(struct consumer *c, const struct xcy_mq_event *event)
{
    int64_t pause_ms = FIRST_PAUSE_MS;
    char *payload = xcy_json_text(event->root);
    bool is_done = invoke(c, event, payload);
    while (!is_done && pause_more(c->poller, &pause_ms)) {
        is_done = invoke(c, event, payload);
    }
    free(payload);
    return is_done;
}

static enum xcy_status acknowledge(struct consumer *c, const struct xcy_mq_event *event,
                                   struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    struct xcy_mono limit = in_ms(CALL_LIMIT_S * INT64_C(1000));
    for (size_t i = 0; i < event->n && status == XCY_OK; i++) {
        status = xcy_stomp_ack(c->stomp, event->items[i].ack, limit, err);
    }
    return status;
}

static enum xcy_status take_batch(struct consumer *c, struct xcy_error *err)
{
    struct xcy_mq_event event;
    xcy_mq_event_init(&event, c->poller->arn);
    enum xcy_status status = collect(c, &event, err);
    if (status == XCY_OK && event.n > 0 && deliver(c, &event)) {
        status = acknowledge(c, &event, err);
    }
    xcy_mq_event_clear(&event);
    return status;
}

static void *run_consumer(void *arg)
{
    struct consumer *c = arg;
    while (connect_consumer(c)) {
        struct xcy_error err;
        enum xcy_status status = XCY_OK;
        while (status == XCY_OK && !is_stopping(c->poller)) {
            status = take_batch(c, &err);
        }
        if (status != XCY_OK) {
            lose_broker(c, &err);
        }
    }
    xcy_stomp_close(c->stomp);
    return NULL;
}

/* The poller's from now on; NULL stays NULL. */
static const char *keep(struct xcy_mq_poller *p, char *text)
{
    xcy_assert(p->n_texts < MAX_TEXTS);
    p->texts[p->n_texts++] = text;
    return text;
}

static void copy_options(const struct xcy_mq_poller_options *from, struct xcy_mq_poller *p)
{
    p->options = *from;
    p->options.address = keep(p, xcy_strdup(from->address));
    p->options.user = keep(p, xcy_strdup(from->user));
    p->options.password = keep(p, xcy_strdup(from->password));
    p->options.ca_file = keep(p, xcy_strdup(from->ca_file));
    p->options.region = keep(p, xcy_strdup(from->region));
    p->options.function = keep(p, xcy_strdup(from->function));
    p->destination = keep(p, xcy_format("/queue/%s", from->queue));
    p->arn = keep(
        p, xcy_format("arn:aws:mq:%s:%s:broker:%s:b-1", from->region, from->account, from->queue));
}

struct xcy_mq_poller *xcy_mq_poller_start(const struct xcy_mq_poller_options *options)
{
    struct xcy_mq_poller *p = xcy_alloc(sizeof *p);
    pthread_condattr_t monotonic;
    copy_options(options, p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    p->consumers = xcy_alloc_array((size_t)options->parallel, sizeof *p->consumers);
    for (int64_t i = 0; i < options->parallel; i++) {
        p->consumers[i].poller = p;
        int code = pthread_create(&p->consumers[i].thread, NULL, run_consumer, &p->consumers[i]);
        xcy_assert(code == 0);
    }
    return p;
}

void xcy_mq_poller_stop(struct xcy_mq_poller *p)
{
    if (!p) {
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->is_stopping = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    for (int64_t i = 0; i < p->options.parallel; i++) {
        pthread_join(p->consumers[i].thread, NULL);
    }
}

void xcy_mq_poller_free(struct xcy_mq_poller *p)
{
    if (!p) {
        return;
    }
    for (size_t i = 0; i < p->n_texts; i++) {
        free(p->texts[i]);
    }
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p->consumers);
    free(p);
}
