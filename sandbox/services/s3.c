#include "sandbox/services/s3.h"

#include "common/base/mem.h"
#include "sandbox/services/s3_operations.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct xcy_s3_service {
    struct xcy_timers *timers;
    struct xcy_s3_store *store;
    struct xcy_s3_folder *folder;
    struct xcy_lag *replication;
    struct {
        char *region;
        struct xcy_lag *leg;
    } places[2]; /* the writer's, the reader's */
    pthread_mutex_t lock;
    bool is_stopping;
};

/* A request on its way to the store and back. */
struct journey {
    struct xcy_s3_service *service;
    const struct xcy_s3_operation *operation;
    struct xcy_s3_request *request;
    struct xcy_mono arrives_back;
};

struct xcy_s3_service *xcy_s3_service_new(const struct xcy_s3_service_options *options)
{
    struct xcy_s3_service *s = xcy_alloc(sizeof *s);
    s->timers = options->timers;
    s->store = xcy_s3_store_new(options->truth);
    s->folder = xcy_s3_folder_new(options->folder);
    s->replication = options->replication;
    s->places[0].region = xcy_strdup(options->writer_region);
    s->places[0].leg = options->writer_leg;
    s->places[1].region = xcy_strdup(options->reader_region);
    s->places[1].leg = options->reader_leg;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void xcy_s3_service_stop(struct xcy_s3_service *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    pthread_mutex_unlock(&s->lock);
}

void xcy_s3_service_free(struct xcy_s3_service *s)
{
    if (!s) {
        return;
    }
    xcy_s3_store_free(s->store);
    xcy_s3_folder_free(s->folder);
    pthread_mutex_destroy(&s->lock);
    free(s->places[0].region);
    free(s->places[1].region);
    free(s);
}

void xcy_s3_service_add_buckets(struct xcy_s3_service *s, const char *writer, const char *reader)
{
    struct xcy_s3_bucket *from = xcy_s3_store_add(s->store, writer, s->places[0].region);
    struct xcy_s3_bucket *to = xcy_s3_store_add(s->store, reader, s->places[1].region);
    if (from && to) {
        xcy_s3_store_replicate(s->store, from, to, s->replication);
    }
}

static void journey_free(struct journey *j)
{
    xcy_s3_request_free(j->request);
    free(j);
}

static void journey_drop(void *ctx)
{
    struct journey *j = ctx;
    xcy_call_drop(j->request->call);
    journey_free(j);
}

static void answer(void *ctx)
{
    struct journey *j = ctx;
    xcy_s3_request_answer(j->request);
    journey_free(j);
}

static void decide(const struct journey *j)
{
    if (j->operation && !j->request->fault.code) {
        j->operation->decide(j->request);
    }
}

static void reaches_store(void *ctx)
{
    struct journey *j = ctx;
    decide(j);
    xcy_timers_add(j->service->timers, j->arrives_back, answer, journey_drop, j);
}

/* False: the sandbox is ending. */
static bool set_out(struct xcy_s3_service *s, struct xcy_mono at_store, struct journey *j)
{
    pthread_mutex_lock(&s->lock);
    bool is_open = !s->is_stopping;
    if (is_open) {
        xcy_timers_add(s->timers, at_store, reaches_store, journey_drop, j);
    }
    pthread_mutex_unlock(&s->lock);
    return is_open;
}

/* To where the bucket is. */
static int64_t leg_ns(const struct xcy_s3_service *s, const struct xcy_s3_request *r)
{
    const char *region = r->bucket ? xcy_s3_bucket_region(r->bucket) : "";
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(s->places[i].region, region) == 0) {
            return xcy_lag_draw_ns(s->places[i].leg);
        }
    }
    return 0;
}

static void travel(struct xcy_s3_service *s, struct xcy_mono arrival, struct journey *j)
{
    int64_t leg = leg_ns(s, j->request);
    if (leg == 0) {
        decide(j);
        answer(j);
        return;
    }
    j->arrives_back = xcy_mono_add(arrival, leg);
    if (!set_out(s, xcy_mono_add(arrival, leg / 2), j)) {
        xcy_call_fail_stopping(j->request->call);
        journey_free(j);
    }
}

void xcy_s3_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_s3_service *s = service;
    struct xcy_mono arrival = xcy_mono_now();
    struct journey *j = xcy_alloc(sizeof *j);
    struct xcy_s3_request *r = xcy_alloc(sizeof *r);
    j->service = s;
    j->request = r;
    r->store = s->store;
    r->folder = s->folder;
    r->call = call;
    j->operation = xcy_s3_request_open(r) ? xcy_s3_operation_find(r) : NULL;
    bool is_right = j->operation && j->operation->prepare(r);
    xcy_assert(is_right == !r->fault.code);
    travel(s, arrival, j);
}
