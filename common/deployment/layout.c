#include "common/deployment/layout.h"

#include "common/base/mem.h"
#include "common/deployment/backends.h"
#include "common/deployment/key.h"
#include "common/deployment/scalar.h"

#include <inttypes.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const double max_deadline_ms = 900000; /* Lambda's own limit: 15 minutes */
static const double max_poll_ms = 60000;
static const double max_post_bytes = 67108864;   /* 64 MiB */
static const double max_seed = 9007199254740991; /* 2^53 - 1: exact in JSON and YAML */

static enum xcy_status parse_place(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_function_place *p = to;
    const struct xcy_key keys[] = {
        key_required(key_custom("region", p->region, xcy_scalar_region,
                                "eu, us, sg, or a region's full name")),
        key_required(key_text("function", &p->function, xcy_scalar_name, "name, or ARN")),
        key_int("timeout_ms", &p->timeout_ms, 100, max_deadline_ms,
                "the function's own limit (5000)"),
        key_int("concurrency_limit", &p->concurrency_limit, 1, 100000,
                "executions at a time (1000)"),
        key_int("slots", &p->slots, 1, 1024,
                "sandbox: invocations that one process serves at a time (1)"),
        key_text("executable", &p->executable, xcy_scalar_path,
                 "sandbox: path of the program (the one beside the sandbox)"),
    };
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

static enum xcy_status parse_sandbox(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_deployment *d = to;
    const struct xcy_key keys[] = {
        key_text("listen_address", &d->sandbox.listen_address, xcy_scalar_name, "(127.0.0.1)"),
        key_int("port", &d->sandbox.port, 0, 65535, "0: chosen by the kernel (4566)"),
        key_int("seed", &d->sandbox.seed, 0, max_seed, "0: a new one each start, printed (0)"),
        key_double("time_scale", &d->sandbox.time_scale, 0.001, 1000,
                   "every delay is multiplied by it (1)"),
        key_int("idle_s", &d->sandbox.idle_s, 1, 86400,
                "function processes idle this long are ended (60)"),
        key_bool("wan", &d->sandbox.wan,
                 "links between servers through network namespaces, with the kernel's TCP (false)"),
        key_text("account", &d->sandbox.account, xcy_scalar_account,
                 "12 digits, in ARNs (000000000000)"),
    };
    return xcy_yaml_bind(node, keys, COUNT_OF(keys), err);
}

struct choices {
    int post_storage;
    int notification_storage;
    int consistency;
};

static enum xcy_status bind_root(const struct xcy_yaml *root, struct xcy_deployment *d,
                                 struct choices *choices, struct xcy_error *err)
{
    struct xcy_combination *c = &d->combination;
    const struct xcy_key keys[] = {
        key_text("endpoint", &d->endpoint, xcy_scalar_endpoint, "http://host:port (AWS)"),
        key_text("ca_file", &d->ca_file, xcy_scalar_path,
                 "whom functions trust with TLS: a file where they run (as the system does)"),
        key_text("queue", &d->queue_name, xcy_scalar_name,
                 "SQS queue of the evaluations, in the reader's region (evaluations)"),
        key_required(key_custom("writer", &d->writer, parse_place, "the writer function")),
        key_required(key_custom("reader", &d->reader, parse_place, "the reader function")),
        key_choice("post_storage", &choices->post_storage, xcy_post_storage_names, "(dynamo)"),
        key_choice("notification_storage", &choices->notification_storage,
                   xcy_notification_storage_names, "(sns)"),
        key_choice("consistency", &choices->consistency, xcy_consistency_names, "(none)"),
        key_int("delay_ms", &c->delay_ms, 0, max_deadline_ms,
                "slept by the writer before it notifies (0)"),
        key_int("post_bytes", &c->post_bytes, 1, max_post_bytes, "size of a post's body (1000)"),
        key_bool("as_published", &d->as_published,
                 "posts as large as in the published evaluation: 350000 bytes in dynamo, 1000000 "
                 "in s3 and mysql, 2900000 in cache; instead of post_bytes (false)"),
        key_custom("visibility", c, xcy_scalar_visibility,
                   "off, inline or sample:P (inline for sns, else off)"),
        key_int("visibility_deadline_ms", &d->visibility_deadline_ms, 0, max_deadline_ms,
                "how long the reader polls after a miss (4000)"),
        key_int("barrier_deadline_ms", &d->barrier_deadline_ms, 0, max_deadline_ms,
                "how long a barrier waits (4000)"),
        key_int("poll_first_ms", &d->poll_first_ms, 1, max_poll_ms, "first poll interval (2)"),
        key_int("poll_max_ms", &d->poll_max_ms, 1, max_poll_ms,
                "what it grows to, by half each time (20)"),
        key_required(key_custom("backends", d, xcy_backends_parse, "stores and their addresses")),
        key_custom("sandbox", d, parse_sandbox, "of the sandbox only"),
        key_custom("faults", &d->faults, xcy_fault_settings_parse,
                   "of the sandbox only: what it injects from its start on (nothing)"),
    };
    return xcy_yaml_bind(root, keys, COUNT_OF(keys), err);
}

static void resolve_combination(const struct xcy_yaml *root, const struct choices *choices,
                                struct xcy_deployment *d)
{
    struct xcy_combination *c = &d->combination;
    c->post_storage = (enum xcy_post_storage)choices->post_storage;
    c->notification_storage = (enum xcy_notification_storage)choices->notification_storage;
    c->consistency = (enum xcy_consistency)choices->consistency;
    memcpy(c->writer_region, d->writer.region, sizeof c->writer_region);
    memcpy(c->reader_region, d->reader.region, sizeof c->reader_region);
    if (d->as_published) {
        c->post_bytes = xcy_post_published_bytes(c->post_storage);
    }
    if (!xcy_yaml_get(root, "visibility")) {
        xcy_visibility_set_default(c);
    }
}

void xcy_layout_defaults(struct xcy_deployment *d)
{
    const struct xcy_function_place place = {
        .timeout_ms = 5000, .concurrency_limit = 1000, .slots = 1};
    *d = (struct xcy_deployment){.writer = place, .reader = place};
    d->queue_name = xcy_strdup("evaluations");
    d->combination.post_bytes = XCY_POST_BYTES_DEFAULT;
    d->visibility_deadline_ms = 4000;
    d->barrier_deadline_ms = 4000;
    d->poll_first_ms = 2;
    d->poll_max_ms = 20;
    d->dynamo.table = xcy_strdup("posts");
    d->dynamo.notifications_table = xcy_strdup("notifications");
    d->dynamo.stream_batch = 1;
    d->dynamo.stream_shards = 4;
    d->s3.writer_bucket = xcy_strdup("posts-writer");
    d->s3.reader_bucket = xcy_strdup("posts-reader");
    d->mysql_database = xcy_strdup("xcybench");
    d->mq_queue = xcy_strdup("notifications");
    d->mq_batch = 1;
    d->mq_parallel = 4;
    d->sns.topic = xcy_strdup("notifications");
    xcy_fault_settings_preset(&d->faults);
    d->sandbox.listen_address = xcy_strdup("127.0.0.1");
    d->sandbox.port = 4566;
    d->sandbox.time_scale = 1;
    d->sandbox.idle_s = 60;
    d->sandbox.account = xcy_strdup("000000000000");
}

enum xcy_status xcy_layout_read(const struct xcy_yaml_doc *doc, struct xcy_deployment *d,
                                struct xcy_error *err)
{
    const struct xcy_yaml *root = xcy_yaml_root(doc);
    struct choices choices = {XCY_POST_DYNAMO, XCY_NOTIFICATION_SNS, XCY_CONSISTENCY_NONE};
    if (!root) {
        return xcy_fail(err, XCY_EUSAGE, "%s: is empty; see samples/local.yml", d->source);
    }
    enum xcy_status status = bind_root(root, d, &choices, err);
    if (status) {
        return status;
    }
    if (d->as_published && xcy_yaml_get(root, "post_bytes")) {
        return xcy_yaml_fail(xcy_yaml_get(root, "as_published"), err,
                             "as_published and post_bytes exclude each other");
    }
    resolve_combination(root, &choices, d);
    if (d->poll_max_ms < d->poll_first_ms) {
        const struct xcy_yaml *node = xcy_yaml_get(root, "poll_max_ms");
        return xcy_yaml_fail(node ? node : xcy_yaml_get(root, "poll_first_ms"), err,
                             "poll_max_ms (%" PRId64 ") must not be below poll_first_ms (%" PRId64
                             ")",
                             d->poll_max_ms, d->poll_first_ms);
    }
    struct xcy_error why;
    if (xcy_deployment_check(d, &d->combination, &why)) {
        const struct xcy_yaml *node = xcy_yaml_get(root, "post_storage");
        return xcy_yaml_fail(node ? node : root, err, "%s", why.text);
    }
    return XCY_OK;
}
