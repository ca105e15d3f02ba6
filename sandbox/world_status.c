#include "common/base/log.h"
#include "common/base/mem.h"
#include "sandbox/world_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct xcy_json *xcy_world_places(const struct xcy_world *w)
{
    struct xcy_json *places = xcy_json_new_object();
    xcy_json_put_string(places, "endpoint", w->endpoint);
    xcy_json_put_int64(places, "pid", getpid());
    struct xcy_json *stores = xcy_json_put_object(places, "stores");
    if (w->hosts) {
        xcy_world_hosts_list(w->hosts, stores);
    }
    return places;
}

void xcy_world_reply_status(struct xcy_world *w, struct xcy_exchange *exchange)
{
    pthread_mutex_lock(&w->hosts_lock);
    struct xcy_json *status = xcy_world_places(w);
    struct xcy_json *links = xcy_json_put_object(status, "links");
    if (w->hosts) {
        xcy_world_hosts_links(w->hosts, links);
    }
    pthread_mutex_unlock(&w->hosts_lock);
    xcy_json_put_string(status, "version", XCY_VERSION);
    xcy_json_put_string(status, "deployment", w->deployment->source);
    xcy_json_put_int64(status, "seed", (int64_t)w->seed);
    xcy_json_put_number(status, "time_scale", w->deployment->sandbox.time_scale);
    xcy_json_put(status, "functions", xcy_lambda_service_status(w->lambda));
    xcy_json_put(status, "faults", xcy_faults_to_json(w->faults, true));
    if (xcy_truth_is_on(w->truth)) {
        xcy_json_put_int64(status, "truth_lines", (int64_t)xcy_truth_count(w->truth));
    }
    char *text = xcy_json_text(status);
    const struct xcy_reply_header header = {"Content-Type", "application/json"};
    xcy_exchange_reply(exchange, 200, &header, 1, xcy_bytes_of(text));
    free(text);
    xcy_json_free(status);
}

static void describe_function(const char *role, const struct xcy_function_place *place)
{
    xcy_log(XCY_LOG_INFO,
            "%s: function %s in %s, timeout %g s, at most %" PRId64 " at a time, %" PRId64
            " a process",
            role, xcy_world_function_name(place), place->region, (double)place->timeout_ms / 1000.0,
            place->concurrency_limit, place->slots);
}

static void describe_dynamo(const struct xcy_deployment *d)
{
    char *replication = xcy_delay_describe(&d->dynamo.replication);
    char *settle = xcy_delay_describe(&d->dynamo.settle);
    xcy_log(XCY_LOG_INFO, "dynamo: table %s in %s and %s; replication %s; eventual reads %s later",
            d->dynamo.table, d->writer.region, d->reader.region, replication, settle);
    char *stream = xcy_delay_describe(&d->dynamo.stream);
    xcy_log(
        XCY_LOG_INFO,
        "dynamo: table %s, replicated alike; its stream in %s, after %s more, invokes %s: %" PRId64
        " shards, up to %" PRId64 " records at a time",
        d->dynamo.notifications_table, d->reader.region, stream,
        xcy_world_function_name(&d->reader), d->dynamo.stream_shards, d->dynamo.stream_batch);
    free(stream);
    free(replication);
    free(settle);
}

static void describe_s3(const struct xcy_deployment *d)
{
    char *replication = xcy_delay_describe(&d->s3.replication);
    xcy_log(XCY_LOG_INFO, "s3: bucket %s in %s, replicated to %s in %s after %s",
            d->s3.writer_bucket, d->writer.region, d->s3.reader_bucket, d->reader.region,
            replication);
    free(replication);
}

static void describe_sns(const struct xcy_deployment *d)
{
    char *delivery = xcy_delay_describe(&d->sns.delivery);
    xcy_log(XCY_LOG_INFO, "sns: topic %s in %s, delivered to %s after %s", d->sns.topic,
            d->writer.region, xcy_world_function_name(&d->reader), delivery);
    free(delivery);
}

static void describe_faults(const struct xcy_world *w)
{
    char *faults = xcy_faults_describe(w->faults);
    if (strcmp(faults, "none") != 0) {
        xcy_log(XCY_LOG_WARNING, "faults are injected on demand: %s", faults);
    }
    free(faults);
}

void xcy_world_describe(const struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    char combination[160];
    xcy_combination_describe(&d->combination, combination);
    xcy_log(XCY_LOG_INFO, "deployment: %s, seed %" PRIu64 ", every delay times %g", d->source,
            w->seed, d->sandbox.time_scale);
    describe_function("writer", &d->writer);
    describe_function("reader", &d->reader);
    if (d->dynamo.is_listed) {
        describe_dynamo(d);
    }
    if (d->s3.is_listed) {
        describe_s3(d);
    }
    xcy_world_hosts_describe(w->hosts);
    if (d->sns.is_listed) {
        describe_sns(d);
    }
    xcy_log(XCY_LOG_INFO, "queue: %s in %s", d->queue_name, d->reader.region);
    xcy_log(XCY_LOG_INFO, "functions run: %s", combination);
    describe_faults(w);
}
