#include "common/deployment/backends.h"

#include "common/deployment/key.h"
#include "common/deployment/scalar.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static enum xcy_status parse_dynamo(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("table", &d->dynamo.table, xcy_scalar_name, "in both regions (posts)"),
        key_text("notifications_table", &d->dynamo.notifications_table, xcy_scalar_name,
                 "in both regions; its stream invokes the reader (notifications)"),
        key_delay("writer_leg", &d->dynamo.writer_leg, "sandbox: writer to store and back (0)"),
        key_delay("replication", &d->dynamo.replication,
                  "sandbox: until strong reads there see a write (0)"),
        key_delay("settle", &d->dynamo.settle, "sandbox: until eventual reads see it too (0)"),
        key_delay("reader_leg", &d->dynamo.reader_leg, "sandbox: reader to store and back (0)"),
        key_delay("stream", &d->dynamo.stream,
                  "sandbox: from a notification's being applied in the reader's region (see "
                  "replication) to its record in the stream there (0)"),
        key_int("stream_batch", &d->dynamo.stream_batch, 1, 1000,
                "records an invocation takes at most (1)"),
        key_int("stream_shards", &d->dynamo.stream_shards, 1, 100,
                "shards of the stream, each with one invocation at a time (4)"),
    };
    d->dynamo.is_listed = true;
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_s3(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("writer_bucket", &d->s3.writer_bucket, xcy_scalar_name,
                 "versioned, replicated to the reader's (posts-writer)"),
        key_text("reader_bucket", &d->s3.reader_bucket, xcy_scalar_name, "(posts-reader)"),
        key_delay("writer_leg", &d->s3.writer_leg, "sandbox: writer to store and back (0)"),
        key_delay("replication", &d->s3.replication, "sandbox: until a version is there (0)"),
        key_delay("reader_leg", &d->s3.reader_leg, "sandbox: reader to store and back (0)"),
    };
    d->s3.is_listed = true;
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

enum { SERVER_KEYS = 9 };

/* The keys that every kind of server has. */
static void server_keys(struct xcy_server_place *place, struct xcy_key keys[SERVER_KEYS])
{
    const struct xcy_key all[SERVER_KEYS] = {
        key_text("writer_address", &place->writer_address, xcy_scalar_address,
                 "host:port of the one at the writer (the sandbox's own)"),
        key_text("reader_address", &place->reader_address, xcy_scalar_address,
                 "host:port of the one at the reader (the sandbox's own)"),
        key_text("user", &place->user, xcy_scalar_name, "(none; the sandbox's own)"),
        key_text("password_variable", &place->password_variable, xcy_scalar_name,
                 "environment variable that holds the password for deploy (none)"),
        key_bool("tls", &place->tls, "encrypt, and check the server's certificate (false)"),
        key_delay("writer_leg", &place->writer_leg, "sandbox: writer to server, one way (0)"),
        key_delay("link", &place->link, "sandbox: between the servers, one way (0)"),
        key_delay("reader_leg", &place->reader_leg, "sandbox: reader to server, one way (0)"),
        key_double("link_rate_mbit_per_s", &place->link_rate_mbit_per_s, 0, 1e6,
                   "sandbox: rate of the link; 0: no cap (0)"),
    };
    memcpy(keys, all, sizeof all);
}

static enum xcy_status bind_server(const struct xcy_yaml *node, struct xcy_server_place *place,
                                   const struct xcy_key *keys, size_t n, struct xcy_error *err)
{
    place->is_listed = true;
    enum xcy_status status = xcy_yaml_bind(node, keys, n, err);
    if (!status && !place->writer_address != !place->reader_address) {
        status = xcy_yaml_fail(node, err, "writer_address and reader_address go together");
    }
    if (!status && place->tls && !place->writer_address) {
        status = xcy_yaml_fail(node, err,
                               "tls needs writer_address and reader_address: the sandbox's own "
                               "servers speak without");
    }
    return status;
}

static enum xcy_status parse_mysql(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    struct xcy_key keys[SERVER_KEYS + 1];
    server_keys(&d->mysql, keys);
    keys[SERVER_KEYS] = key_text("database", &d->mysql_database, xcy_scalar_name,
                                 "that holds the table posts (xcybench)");
    return bind_server(node, &d->mysql, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_cache(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    struct xcy_key keys[SERVER_KEYS];
    server_keys(&d->cache, keys);
    return bind_server(node, &d->cache, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_mq(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    struct xcy_key keys[SERVER_KEYS + 3];
    server_keys(&d->mq, keys);
    keys[SERVER_KEYS] = key_text("queue", &d->mq_queue, xcy_scalar_name, "(notifications)");
    keys[SERVER_KEYS + 1] =
        key_int("batch", &d->mq_batch, 1, 10000, "messages an invocation takes at most (1)");
    keys[SERVER_KEYS + 2] =
        key_int("parallel", &d->mq_parallel, 1, 100, "invocations at a time (4)");
    return bind_server(node, &d->mq, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_sns(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("topic", &d->sns.topic, xcy_scalar_name, "name, or ARN (notifications)"),
        key_delay("delivery", &d->sns.delivery, "sandbox: publish to reader (0)"),
    };
    d->sns.is_listed = true;
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

enum xcy_status xcy_backends_parse(const struct xcy_yaml *node, void *deployment,
                                   struct xcy_error *err)
{
    const struct xcy_key keys[] = {
        key_custom("dynamo", deployment, parse_dynamo, "DynamoDB: posts, notifications"),
        key_custom("s3", deployment, parse_s3, "S3: posts"),
        key_custom("mysql", deployment, parse_mysql, "MySQL or MariaDB: posts"),
        key_custom("cache", deployment, parse_cache, "Redis: posts"),
        key_custom("sns", deployment, parse_sns, "SNS: notifications"),
        key_custom("mq", deployment, parse_mq, "ActiveMQ: notifications"),
    };
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}
