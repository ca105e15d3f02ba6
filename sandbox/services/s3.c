#include "sandbox/services/s3.h"

#include "common/base/mem.h"
#include "sandbox/services/journey.h"
#include "sandbox/services/s3_operations.h"

#include <stdlib.h>
#include <string.h>

struct xcy_s3_service {
    struct xcy_journeys journeys;
    struct xcy_s3_store *store;
    struct xcy_s3_folder *folder;
    struct xcy_lag *replication;
    struct {
        char *region;
        struct xcy_lag *leg;
    } places[2]; /* the writer's, the reader's */
};

struct xcy_s3_service *xcy_s3_service_new(const struct xcy_s3_service_options *options)
{
    struct xcy_s3_service *s = xcy_alloc(sizeof *s);
    xcy_journeys_init(&s->journeys, options->timers);
    s->store = xcy_s3_store_new(options->truth, options->stall);
    s->folder = xcy_s3_folder_new(options->folder);
    s->replication = options->replication;
    s->places[0].region = xcy_strdup(options->writer_region);
    s->places[0].leg = options->writer_leg;
    s->places[1].region = xcy_strdup(options->reader_region);
    s->places[1].leg = options->reader_leg;
    return s;
}

void xcy_s3_service_stop(struct xcy_s3_service *s)
{
    xcy_journeys_stop(&s->journeys);
}

void xcy_s3_service_free(struct xcy_s3_service *s)
{
    if (!s) {
        return;
    }
    xcy_s3_store_free(s->store);
    xcy_s3_folder_free(s->folder);
    xcy_journeys_clear(&s->journeys);
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

static void decide(void *request)
{
    struct xcy_s3_request *r = request;
    if (!r->fault.code) {
        r->operation->decide(r);
    }
}

static void answer(void *request)
{
    xcy_s3_request_answer(request);
}

static void request_free(void *request)
{
    xcy_s3_request_free(request);
}

static const struct xcy_journey_stages stages = {decide, answer, request_free};

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

void xcy_s3_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_s3_service *s = service;
    struct xcy_mono arrival = xcy_mono_now();
    struct xcy_s3_request *r = xcy_alloc(sizeof *r);
    r->store = s->store;
    r->folder = s->folder;
    r->call = call;
    r->operation = xcy_s3_request_open(r) ? xcy_s3_operation_find(r) : NULL;
    bool is_right = r->operation && r->operation->prepare(r);
    xcy_assert(is_right == !r->fault.code);
    xcy_journeys_travel(&s->journeys, &stages, call, r, arrival, leg_ns(s, r));
}
