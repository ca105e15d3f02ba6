#include "common/deployment/backends.h"

#include "common/deployment/key.h"
#include "common/deployment/scalar.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static enum xcy_status parse_dynamo(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("table", &d->dynamo.table, xcy_scalar_name, "in both regions (posts)"),
        key_delay("writer_leg", &d->dynamo.writer_leg, "sandbox: writer to store and back (0)"),
        key_delay("replication", &d->dynamo.replication,
                  "sandbox: until strong reads there see a write (0)"),
        key_delay("settle", &d->dynamo.settle, "sandbox: until eventual reads see it too (0)"),
        key_delay("reader_leg", &d->dynamo.reader_leg, "sandbox: reader to store and back (0)"),
    };
    d->dynamo.is_listed = true;
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_cache(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("writer_address", &d->cache.writer_address, xcy_scalar_address,
                 "host:port of the primary (the sandbox's own)"),
        key_text("reader_address", &d->cache.reader_address, xcy_scalar_address,
                 "host:port of the replica (the sandbox's own)"),
        key_delay("link", &d->cache.link, "sandbox: replication link, one way (0)"),
        key_double("link_rate_mbit_per_s", &d->cache.link_rate_mbit_per_s, 0, 1e6,
                   "sandbox: rate of that link; 0: no cap (0)"),
    };
    d->cache.is_listed = true;
    enum xcy_status status = xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
    if (!status && !d->cache.writer_address != !d->cache.reader_address) {
        status = xcy_yaml_fail(node, err, "writer_address and reader_address go together");
    }
    return status;
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
        key_custom("dynamo", deployment, parse_dynamo, "DynamoDB: posts"),
        key_custom("cache", deployment, parse_cache, "Redis: posts"),
        key_custom("sns", deployment, parse_sns, "SNS: notifications"),
    };
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}
