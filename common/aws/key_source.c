#include "common/aws/key_source.h"

#include "common/aws/chain.h"
#include "common/aws/key_times.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* The machine may sleep while the refresher waits: it looks at both clocks so often. */
#define LOOK_NS (60 * XCY_NS_PER_S)
/* Between two refreshes, though the keys that came end at once. */
#define LEAST_NS (XCY_NS_PER_S / 10)

/* Keys and who uses them: the source, and each who took them. */
struct holder {
    struct xcy_credentials keys; /* first: what is taken points here */
    int n_users;
};

struct xcy_key_source {
    char *endpoint;
    const struct xcy_provider *provider;
    char origin[256];
    atomic_uint_fast64_t version;
    int ending_fd; /* readable once is_ending; -1: nobody refreshes */

    pthread_mutex_t lock; /* of all below; the refresher alone changes keys, times and failures */
    pthread_cond_t changed;
    struct holder *current;
    struct xcy_key_times times;
    struct xcy_error failure;   /* of the last refresh, if n_failures > 0 */
    unsigned n_failures;        /* one after another */
    struct xcy_mono not_before; /* the next refresh */
    uint64_t n_refreshes;       /* ended, well or not */
    bool is_wanted;             /* somebody waits for one */
    bool is_ending;
    bool has_thread;
    pthread_t thread;
};

static struct holder *holder_new(struct xcy_credentials *taken)
{
    struct holder *h = xcy_alloc(sizeof *h);
    h->keys = *taken;
    h->n_users = 1;
    *taken = (struct xcy_credentials){0};
    return h;
}

/* With the lock. */
static void release(struct holder *h)
{
    h->n_users--;
    if (h->n_users == 0) {
        xcy_credentials_clear(&h->keys);
        free(h);
    }
}

/* With the lock. */
static void replace(struct xcy_key_source *s, struct xcy_found *found)
{
    struct holder *old = s->current;
    s->current = holder_new(&found->credentials);
    xcy_key_times_set(&s->times, s->current->keys.expires, xcy_random_seed());
    if (old) {
        release(old);
    }
    atomic_fetch_add_explicit(&s->version, 1, memory_order_release);
}

static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static struct xcy_key_source *source_new(struct xcy_found *found)
{
    struct xcy_key_source *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    condition_init(&s->changed);
    s->provider = found->provider;
    s->ending_fd = -1;
    memcpy(s->origin, found->origin, sizeof s->origin);
    replace(s, found);
    return s;
}

/* Without the lock: stderr may be slow, and nobody else changes what is read here. */
static void tell(const struct xcy_key_source *s, enum xcy_status status,
                 const struct xcy_error *err)
{
    int64_t left_s = xcy_key_times_left_ns(&s->times) / XCY_NS_PER_S;
    if (status == XCY_OK && s->n_failures > 0) {
        xcy_log(XCY_LOG_INFO, "the credentials are refreshed again");
    } else if (status != XCY_OK && status != XCY_ESTOPPED && s->n_failures == 0 && left_s > 0) {
        xcy_log(XCY_LOG_WARNING,
                "the credentials could not be refreshed and hold for another %" PRId64 " s: %s",
                left_s, err->text);
    }
}

/* With the lock, which is not held while it is asked. */
static void refresh(struct xcy_key_source *s)
{
    struct xcy_found found;
    struct xcy_error err = {.status = XCY_OK};
    int64_t pause_ns = LEAST_NS;
    pthread_mutex_unlock(&s->lock);
    const struct xcy_refresh again = {.provider = s->provider, .abandoned_fd = s->ending_fd};
    enum xcy_status status = xcy_chain_find(s->endpoint, &again, &found, &err);
    tell(s, status, &err);
    pthread_mutex_lock(&s->lock);
    s->failure = err;
    s->n_failures = status == XCY_OK ? 0 : s->n_failures + 1;
    if (status == XCY_OK) {
        replace(s, &found);
    } else {
        pause_ns = xcy_key_times_retry_ns(&s->times, s->n_failures);
    }
    s->not_before = xcy_mono_add(xcy_mono_now(), pause_ns);
    s->n_refreshes++;
    s->is_wanted = false;
    pthread_cond_broadcast(&s->changed);
}

/* With the lock; <= 0: now. */
static int64_t wait_ns(const struct xcy_key_source *s)
{
    int64_t wait = xcy_mono_diff_ns(s->not_before, xcy_mono_now());
    int64_t life = s->n_failures > 0 ? 0 : xcy_key_times_wait_ns(&s->times);
    return wait > life ? wait : life;
}

static void wait_for(struct xcy_key_source *s, int64_t ns)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), ns < LOOK_NS ? ns : LOOK_NS);
    struct timespec at = {.tv_sec = (time_t)(until.ns / XCY_NS_PER_S),
                          .tv_nsec = (long)(until.ns % XCY_NS_PER_S)};
    pthread_cond_timedwait(&s->changed, &s->lock, &at);
}

static void *keep_fresh(void *ctx)
{
    struct xcy_key_source *s = ctx;
    pthread_mutex_lock(&s->lock);
    while (!s->is_ending) {
        int64_t ns = wait_ns(s);
        if (s->is_wanted || ns <= 0) {
            refresh(s);
        } else {
            wait_for(s, ns);
        }
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static enum xcy_status start_refresher(struct xcy_key_source *s, struct xcy_error *err)
{
    s->ending_fd = eventfd(0, EFD_CLOEXEC);
    int code = s->ending_fd >= 0 ? pthread_create(&s->thread, NULL, keep_fresh, s) : errno;
    s->has_thread = code == 0;
    return code == 0 ? XCY_OK : xcy_fail_errno(err, code, "no thread to refresh the credentials");
}

enum xcy_status xcy_key_source_open(const char *endpoint, struct xcy_key_source **source,
                                    struct xcy_error *err)
{
    struct xcy_found found;
    enum xcy_status status = xcy_chain_find(endpoint, NULL, &found, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_key_source *s = source_new(&found);
    s->endpoint = xcy_strdup(endpoint);
    status = s->current->keys.expires.ns != 0 ? start_refresher(s, err) : XCY_OK;
    if (status != XCY_OK) {
        xcy_key_source_close(s);
        return status;
    }
    *source = s;
    return XCY_OK;
}

struct xcy_key_source *xcy_key_source_of(const struct xcy_credentials *credentials)
{
    struct xcy_found found = {.credentials = xcy_credentials_copy(credentials)};
    found.credentials.expires = (struct xcy_wall){0};
    return source_new(&found);
}

void xcy_key_source_close(struct xcy_key_source *source)
{
    struct xcy_key_source *s = source;
    if (!s) {
        return;
    }
    if (s->has_thread) {
        pthread_mutex_lock(&s->lock);
        s->is_ending = true;
        pthread_cond_broadcast(&s->changed);
        pthread_mutex_unlock(&s->lock);
        (void)eventfd_write(s->ending_fd, 1);
        pthread_join(s->thread, NULL);
    }
    if (s->ending_fd >= 0) {
        close(s->ending_fd);
    }
    xcy_assert(s->current->n_users == 1);
    release(s->current);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s->endpoint);
    free(s);
}

static enum xcy_status fail_expired(const struct xcy_key_source *s, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EAUTH, "the credentials have expired and could not be refreshed: %s",
                    s->failure.text);
}

/* With the lock: for one refresh at most. */
static void wait_for_refresh(struct xcy_key_source *s)
{
    uint64_t before = s->n_refreshes;
    s->is_wanted = true;
    pthread_cond_broadcast(&s->changed);
    while (s->n_refreshes == before && !s->is_ending) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
}

static const struct xcy_credentials *take_current(struct xcy_key_source *s)
{
    s->current->n_users++;
    return &s->current->keys;
}

enum xcy_status xcy_key_source_take(struct xcy_key_source *source,
                                    const struct xcy_credentials **keys, struct xcy_error *err)
{
    struct xcy_key_source *s = source;
    enum xcy_status status = XCY_OK;
    pthread_mutex_lock(&s->lock);
    if (s->has_thread && xcy_key_times_left_ns(&s->times) <= 0) {
        wait_for_refresh(s);
        if (s->n_failures > 0) {
            status = fail_expired(s, err);
        }
    }
    if (status == XCY_OK) {
        *keys = take_current(s);
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

const struct xcy_credentials *xcy_key_source_peek(struct xcy_key_source *source)
{
    pthread_mutex_lock(&source->lock);
    const struct xcy_credentials *keys = take_current(source);
    pthread_mutex_unlock(&source->lock);
    return keys;
}

void xcy_key_source_give(struct xcy_key_source *source, const struct xcy_credentials *keys)
{
    if (!keys) {
        return;
    }
    union { /* what was taken is a holder's first member, and that is ours */
        const struct xcy_credentials *keys;
        struct holder *holder;
    } taken = {.keys = keys};
    pthread_mutex_lock(&source->lock);
    release(taken.holder);
    pthread_mutex_unlock(&source->lock);
}

uint64_t xcy_key_source_version(const struct xcy_key_source *source)
{
    return atomic_load_explicit(&source->version, memory_order_acquire);
}

enum xcy_status xcy_key_source_check(struct xcy_key_source *source, struct xcy_error *err)
{
    struct xcy_key_source *s = source;
    pthread_mutex_lock(&s->lock);
    bool is_lost = s->n_failures > 0 && xcy_key_times_left_ns(&s->times) <= 0;
    enum xcy_status status = is_lost ? fail_expired(s, err) : XCY_OK;
    pthread_mutex_unlock(&s->lock);
    return status;
}

const char *xcy_key_source_origin(const struct xcy_key_source *source)
{
    return source && source->origin[0] ? source->origin : NULL;
}
