#include "common/deployment/deployment.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/builtin.h"
#include "common/deployment/layout.h"
#include "common/deployment/scalar.h"
#include "common/net/configured.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char local_file[] = "xcybench.yml";

static const char *environment_text(const char *name)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing here sets it */
    return text && text[0] ? text : NULL;
}

/* Where to read from; NULL is the built-in one. */
static const char *find_file(const char *path)
{
    if (path) {
        return path;
    }
    const char *named = environment_text("XCY_CONFIG");
    if (named) {
        return named;
    }
    return xcy_file_exists(local_file) ? local_file : NULL;
}

/* Paths in a deployment file are relative to it. */
static void resolve_path(char **path, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!*path || (*path)[0] == '/' || !slash) {
        return;
    }
    char *whole = xcy_format("%.*s/%s", (int)(slash - file), file, *path);
    free(*path);
    *path = whole;
}

static void server_delays(struct xcy_server_place *place, struct xcy_delay **to)
{
    to[0] = &place->writer_leg;
    to[1] = &place->link;
    to[2] = &place->reader_leg;
}

void xcy_deployment_delays(struct xcy_deployment *d, struct xcy_delay *to[XCY_DEPLOYMENT_DELAYS])
{
    struct xcy_delay *own[] = {
        &d->dynamo.writer_leg, &d->dynamo.replication, &d->dynamo.settle,
        &d->dynamo.reader_leg, &d->dynamo.stream,      &d->s3.writer_leg,
        &d->s3.replication,    &d->s3.reader_leg,      &d->sns.delivery,
    };
    enum { N_OWN = sizeof own / sizeof own[0] };
    memcpy(to, own, sizeof own);
    server_delays(&d->mysql, to + N_OWN);
    server_delays(&d->cache, to + N_OWN + 3);
    server_delays(&d->mq, to + N_OWN + 6);
    _Static_assert(N_OWN + 9 == XCY_DEPLOYMENT_DELAYS, "each delay of a deployment");
}

static void resolve_paths(struct xcy_deployment *d, const char *file)
{
    struct xcy_delay *delays[XCY_DEPLOYMENT_DELAYS];
    xcy_deployment_delays(d, delays);
    for (size_t n = 0; n < XCY_DEPLOYMENT_DELAYS; n++) {
        resolve_path(&delays[n]->file, file);
    }
    resolve_path(&d->writer.executable, file);
    resolve_path(&d->reader.executable, file);
}

static enum xcy_status override_endpoint(struct xcy_deployment *d, struct xcy_error *err)
{
    const char *text = xcy_configured_endpoint(NULL);
    char *endpoint = NULL;
    if (!text) {
        return XCY_OK;
    }
    if (xcy_endpoint_parse(text, &endpoint, err)) {
        return xcy_error_context(err, "AWS_ENDPOINT_URL");
    }
    free(d->endpoint);
    d->endpoint = endpoint;
    return XCY_OK;
}

enum xcy_status xcy_deployment_load(const char *path, struct xcy_deployment **deployment,
                                    struct xcy_error *err)
{
    static const char builtin[] = "built-in local deployment";
    const char *file = find_file(path);
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_deployment *d = xcy_alloc(sizeof *d);
    xcy_layout_defaults(d);
    d->source = xcy_strdup(file ? file : builtin);
    enum xcy_status status = file ? xcy_yaml_read(file, &doc, err)
                                  : xcy_yaml_parse(builtin, xcy_builtin_deployment(), &doc, err);
    if (status == XCY_ENOTFOUND) {
        err->status = XCY_EUSAGE; /* the command line, or $XCY_CONFIG, names it */
        status = err->status;
    }
    if (status) {
        goto out;
    }
    status = xcy_layout_read(doc, d, err);
    if (status) {
        goto out;
    }
    resolve_paths(d, d->source);
    status = override_endpoint(d, err);
    if (status) {
        goto out;
    }
    *deployment = d;
    d = NULL;
out:
    xcy_yaml_free(doc);
    xcy_deployment_free(d);
    return status;
}

static void clear_place(struct xcy_function_place *place)
{
    free(place->function);
    free(place->executable);
}

static void clear_server(struct xcy_server_place *place)
{
    free(place->writer_address);
    free(place->reader_address);
    free(place->user);
    free(place->password_variable);
}

void xcy_deployment_free(struct xcy_deployment *deployment)
{
    if (!deployment) {
        return;
    }
    struct xcy_deployment *d = deployment;
    free(d->source);
    free(d->endpoint);
    clear_place(&d->writer);
    clear_place(&d->reader);
    free(d->queue_name);
    free(d->ca_file);
    struct xcy_delay *delays[XCY_DEPLOYMENT_DELAYS];
    xcy_deployment_delays(d, delays);
    for (size_t n = 0; n < XCY_DEPLOYMENT_DELAYS; n++) {
        xcy_delay_clear(delays[n]);
    }
    free(d->dynamo.table);
    free(d->dynamo.notifications_table);
    free(d->s3.writer_bucket);
    free(d->s3.reader_bucket);
    clear_server(&d->mysql);
    clear_server(&d->cache);
    clear_server(&d->mq);
    free(d->mysql_database);
    free(d->mq_queue);
    free(d->sns.topic);
    free(d->sandbox.listen_address);
    free(d->sandbox.account);
    free(d);
}

char *xcy_deployment_topic_arn(const struct xcy_deployment *d)
{
    if (strncmp(d->sns.topic, "arn:", 4) == 0) {
        return xcy_strdup(d->sns.topic);
    }
    return xcy_format("arn:aws:sns:%s:%s:%s", d->writer.region, d->sandbox.account, d->sns.topic);
}

int64_t xcy_deployment_reader_longest_ms(const struct xcy_deployment *d,
                                         const struct xcy_combination *c)
{
    int64_t ms = 0;
    if (c->consistency != XCY_CONSISTENCY_NONE) {
        ms += d->barrier_deadline_ms;
    }
    if (c->visibility != XCY_VISIBILITY_OFF) {
        ms += d->visibility_deadline_ms;
    }
    return ms < d->reader.timeout_ms ? ms : d->reader.timeout_ms;
}

int64_t xcy_deployment_readers_at_a_time(const struct xcy_deployment *d,
                                         const struct xcy_combination *c)
{
    const int64_t limit = d->reader.concurrency_limit;
    const int64_t at_a_time[] = {
        [XCY_NOTIFICATION_SNS] = limit,
        [XCY_NOTIFICATION_DYNAMO] = d->dynamo.stream_shards,
        [XCY_NOTIFICATION_MQ] = d->mq_parallel,
    };
    int64_t n = at_a_time[c->notification_storage];
    return n < limit ? n : limit;
}

int64_t xcy_deployment_reader_batch(const struct xcy_deployment *d, const struct xcy_combination *c)
{
    const int64_t batch[] = {
        [XCY_NOTIFICATION_SNS] = 1,
        [XCY_NOTIFICATION_DYNAMO] = d->dynamo.stream_batch,
        [XCY_NOTIFICATION_MQ] = d->mq_batch,
    };
    return batch[c->notification_storage];
}

static bool is_post_listed(const struct xcy_deployment *d, enum xcy_post_storage storage)
{
    const bool listed[] = {
        [XCY_POST_DYNAMO] = d->dynamo.is_listed,
        [XCY_POST_S3] = d->s3.is_listed,
        [XCY_POST_MYSQL] = d->mysql.is_listed,
        [XCY_POST_CACHE] = d->cache.is_listed,
    };
    return listed[storage];
}

static bool is_notification_listed(const struct xcy_deployment *d,
                                   enum xcy_notification_storage storage)
{
    const bool listed[] = {
        [XCY_NOTIFICATION_SNS] = d->sns.is_listed,
        [XCY_NOTIFICATION_DYNAMO] = d->dynamo.is_listed,
        [XCY_NOTIFICATION_MQ] = d->mq.is_listed,
    };
    return listed[storage];
}

enum xcy_status xcy_deployment_check(const struct xcy_deployment *d,
                                     const struct xcy_combination *c, struct xcy_error *err)
{
    /* DynamoDB's items are at most 400 KB with their names, the key and the context id; an HTTP call
     * carries 16 MiB; the others are bound by their drivers' buffers. */
    static const int64_t max_bytes[] = {
        [XCY_POST_DYNAMO] = 409000,
        [XCY_POST_S3] = 16 << 20,
        [XCY_POST_MYSQL] = 64 << 20,
        [XCY_POST_CACHE] = 64 << 20,
    };
    if (!is_post_listed(d, c->post_storage)) {
        return xcy_fail(err, XCY_EUSAGE, "post_storage %s is not listed under `backends:` of %s",
                        xcy_post_storage_names[c->post_storage], d->source);
    }
    if (!is_notification_listed(d, c->notification_storage)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "notification_storage %s is not listed under `backends:` of %s",
                        xcy_notification_storage_names[c->notification_storage], d->source);
    }
    if (d->dynamo.is_listed && strcmp(d->dynamo.table, d->dynamo.notifications_table) == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "backends.dynamo: table and notifications_table must be two tables, both "
                        "are %s",
                        d->dynamo.table);
    }
    if (c->post_bytes > max_bytes[c->post_storage]) {
        return xcy_fail(
            err, XCY_EUSAGE, "post_bytes must be at most %" PRId64 " for %s, got %" PRId64,
            max_bytes[c->post_storage], xcy_post_storage_names[c->post_storage], c->post_bytes);
    }
    if (c->delay_ms >= d->writer.timeout_ms) {
        return xcy_fail(err, XCY_EUSAGE,
                        "delay_ms (%" PRId64 ") must be below the writer's timeout_ms (%" PRId64
                        "), or no invocation can end",
                        c->delay_ms, d->writer.timeout_ms);
    }
    return XCY_OK;
}
