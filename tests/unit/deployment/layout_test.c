#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/deployment/layout.h"

#include <stdlib.h>
#include <string.h>

/* The least that a deployment can say. */
static const char least[] = "writer: {region: eu, function: w}\n"
                            "reader: {region: sg, function: r}\n"
                            "backends: {dynamo: {}, sns: {}}\n";

static struct xcy_deployment *new_deployment(void)
{
    struct xcy_deployment *d = xcy_alloc(sizeof *d);
    xcy_layout_defaults(d);
    d->source = xcy_strdup("a.yml");
    return d;
}

static enum xcy_status read_text(const char *text, struct xcy_deployment *d, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    enum xcy_status status = xcy_yaml_parse("a.yml", xcy_bytes_of(text), &doc, err);
    if (!status) {
        status = xcy_layout_read(doc, d, err);
    }
    xcy_yaml_free(doc);
    return status;
}

static void assert_refused(const char *text, const char *expected)
{
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    enum xcy_status status = read_text(text, d, &err);
    xcy_deployment_free(d);
    if (status == XCY_OK) {
        fail_msg("accepted: %s", text);
    }
    if (strncmp(err.text, expected, strlen(expected)) != 0) {
        fail_msg("%s: %s", text, err.text);
    }
}

static void what_is_left_out_has_a_default(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    assert_ok(read_text(least, d, &err), &err);
    assert_null(d->endpoint);
    assert_string_equal(d->queue_name, "evaluations");
    assert_string_equal(d->dynamo.table, "posts");
    assert_string_equal(d->sns.topic, "notifications");
    assert_false(d->cache.is_listed);
    assert_int_equal(d->writer.timeout_ms, 5000);
    assert_int_equal(d->reader.concurrency_limit, 1000);
    assert_int_equal(d->reader.slots, 1);
    assert_int_equal(d->combination.visibility, XCY_VISIBILITY_INLINE);
    assert_int_equal(d->combination.post_bytes, 1000);
    assert_string_equal(d->combination.reader_region, "ap-southeast-1");
    assert_string_equal(d->sandbox.listen_address, "127.0.0.1");
    assert_true(d->sandbox.time_scale == 1);
    xcy_deployment_free(d);
}

/* Every key, no value twice. */
static const char full[] =
    "endpoint: https://host:1/\n"
    "queue: q\n"
    "writer: {region: us, function: w, timeout_ms: 101, concurrency_limit: 102, slots: 103,\n"
    "         executable: bin/w}\n"
    "reader: {region: eu-west-3, function: r, timeout_ms: 111, concurrency_limit: 112, slots: "
    "113,\n"
    "         executable: bin/r}\n"
    "post_storage: cache\n"
    "notification_storage: sns\n"
    "consistency: antipode\n"
    "delay_ms: 7\n"
    "post_bytes: 8\n"
    "visibility: sample:0.5\n"
    "visibility_deadline_ms: 121\n"
    "barrier_deadline_ms: 122\n"
    "poll_first_ms: 123\n"
    "poll_max_ms: 124\n"
    "backends:\n"
    "  dynamo: {table: t, writer_leg: 1, replication: 2, settle: 3, reader_leg: 4,\n"
    "           notifications_table: u, stream: 10, stream_batch: 11, stream_shards: 12}\n"
    "  s3: {writer_bucket: v, reader_bucket: w, writer_leg: 13, replication: 14, reader_leg: 15}\n"
    "  mysql: {writer_address: 'c:3', reader_address: 'd:4', user: x, password_variable: P,\n"
    "          tls: true, database: y, writer_leg: 16, link: 17, reader_leg: 18}\n"
    "  cache: {writer_address: 'a:1', reader_address: 'b:2', link: 5, link_rate_mbit_per_s: 6.5}\n"
    "  mq: {queue: z, batch: 19, parallel: 20, link: 21}\n"
    "  sns: {topic: s, delivery: 9}\n"
    "ca_file: ca.pem\n"
    "sandbox: {wan: true, listen_address: '::1', port: 131, seed: 132, time_scale: 1.5, idle_s: "
    "133,\n"
    "          account: 012345678901}\n";

static void every_key_reaches_its_function(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    assert_ok(read_text(full, d, &err), &err);
    const struct xcy_function_place *w = &d->writer;
    const struct xcy_function_place *r = &d->reader;
    assert_string_equal(w->region, "us-east-1");
    assert_string_equal(r->region, "eu-west-3");
    assert_string_equal(w->function, "w");
    assert_string_equal(r->function, "r");
    assert_string_equal(w->executable, "bin/w");
    assert_string_equal(r->executable, "bin/r");
    assert_true(w->timeout_ms == 101 && w->concurrency_limit == 102 && w->slots == 103);
    assert_true(r->timeout_ms == 111 && r->concurrency_limit == 112 && r->slots == 113);
    xcy_deployment_free(d);
}

static void every_key_reaches_its_combination(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    static const struct xcy_combination expected = {
        .post_storage = XCY_POST_CACHE,
        .notification_storage = XCY_NOTIFICATION_SNS,
        .consistency = XCY_CONSISTENCY_ANTIPODE,
        .delay_ms = 7,
        .post_bytes = 8,
        .visibility = XCY_VISIBILITY_SAMPLE,
        .visibility_share = 0.5,
        .writer_region = "us-east-1",
        .reader_region = "eu-west-3",
    };
    assert_ok(read_text(full, d, &err), &err);
    assert_true(xcy_combination_equal(&d->combination, &expected));
    xcy_deployment_free(d);
}

static void every_other_key_reaches_its_member(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    assert_ok(read_text(full, d, &err), &err);
    assert_string_equal(d->endpoint, "https://host:1");
    assert_string_equal(d->queue_name, "q");
    assert_true(d->visibility_deadline_ms == 121 && d->barrier_deadline_ms == 122);
    assert_true(d->poll_first_ms == 123 && d->poll_max_ms == 124);
    assert_string_equal(d->dynamo.table, "t");
    assert_true(d->dynamo.writer_leg.a_ms == 1 && d->dynamo.replication.a_ms == 2);
    assert_true(d->dynamo.settle.a_ms == 3 && d->dynamo.reader_leg.a_ms == 4);
    assert_string_equal(d->cache.writer_address, "a:1");
    assert_string_equal(d->cache.reader_address, "b:2");
    assert_true(d->cache.link.a_ms == 5 && d->cache.link_rate_mbit_per_s == 6.5);
    assert_string_equal(d->sns.topic, "s");
    assert_true(d->sns.delivery.a_ms == 9);
    assert_string_equal(d->sandbox.listen_address, "::1");
    assert_true(d->sandbox.port == 131 && d->sandbox.seed == 132);
    assert_true(d->sandbox.time_scale == 1.5 && d->sandbox.idle_s == 133);
    assert_string_equal(d->sandbox.account, "012345678901");
    xcy_deployment_free(d);
}

static void every_key_of_a_backend_reaches_its_member(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    assert_ok(read_text(full, d, &err), &err);
    assert_string_equal(d->dynamo.notifications_table, "u");
    assert_true(d->dynamo.stream.a_ms == 10);
    assert_true(d->dynamo.stream_batch == 11 && d->dynamo.stream_shards == 12);
    assert_string_equal(d->s3.writer_bucket, "v");
    assert_string_equal(d->s3.reader_bucket, "w");
    assert_true(d->s3.writer_leg.a_ms == 13 && d->s3.replication.a_ms == 14);
    assert_true(d->s3.reader_leg.a_ms == 15);
    assert_string_equal(d->mysql.writer_address, "c:3");
    assert_string_equal(d->mysql.reader_address, "d:4");
    assert_string_equal(d->mysql.user, "x");
    assert_string_equal(d->mysql.password_variable, "P");
    assert_true(d->mysql.tls && !d->cache.tls && !d->mq.tls);
    assert_string_equal(d->mysql_database, "y");
    assert_true(d->mysql.writer_leg.a_ms == 16 && d->mysql.link.a_ms == 17);
    assert_true(d->mysql.reader_leg.a_ms == 18);
    assert_string_equal(d->mq_queue, "z");
    assert_true(d->mq_batch == 19 && d->mq_parallel == 20 && d->mq.link.a_ms == 21);
    assert_string_equal(d->ca_file, "ca.pem");
    assert_true(d->sandbox.wan);
    xcy_deployment_free(d);
}

static void a_backend_without_keys_is_listed(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = new_deployment();
    assert_ok(read_text("writer: {region: eu, function: w}\n"
                        "reader: {region: us, function: r}\n"
                        "visibility: off\n"
                        "post_storage: cache\n"
                        "backends:\n"
                        "  cache:\n"
                        "  sns:\n",
                        d, &err),
              &err);
    assert_true(d->cache.is_listed && d->sns.is_listed);
    assert_false(d->dynamo.is_listed);
    assert_int_equal(d->combination.visibility, XCY_VISIBILITY_OFF);
    xcy_deployment_free(d);
}

/* A line 4 (and on) behind `least`, and what is said about it. */
static const char *const wrong_lines[][2] = {
    {"quue: evaluations", "a.yml:4: unknown key 'quue'; did you mean 'queue'?"},
    {"queue: ''", "a.yml:4: expected a name without blanks"},
    {"queue: [a]", "a.yml:4: expected a name without blanks"},
    {"endpoint: localhost:4566", "a.yml:4: endpoint must be http://host:port"},
    {"endpoint: http://", "a.yml:4: endpoint must be http://host:port"},
    {"endpoint: http://host/path", "a.yml:4: endpoint must be http://host:port"},
    {"endpoint: http://user@host", "a.yml:4: endpoint must be http://host:port"},
    {"endpoint: {}", "a.yml:4: endpoint must be a URL"},
    {"post_storage: dinamo", "a.yml:4: post_storage must be one of dynamo, s3, mysql, cache"},
    {"post_storage: cache", "a.yml:4: post_storage cache is not listed under `backends:`"},
    {"notification_storage: mq",
     "a.yml:1: notification_storage mq is not listed under `backends:`"},
    {"consistency: strong", "a.yml:4: consistency must be one of none, antipode"},
    {"delay_ms: -1", "a.yml:4: delay_ms must be 0..900000, got -1"},
    {"delay_ms: soon", "a.yml:4: delay_ms must be a whole number, got 'soon'"},
    {"delay_ms: 5000", "a.yml:1: delay_ms (5000) must be below the writer's timeout_ms (5000)"},
    {"post_bytes: 0", "a.yml:4: post_bytes must be 1..67108864, got 0"},
    {"post_bytes: 500000", "a.yml:1: post_bytes must be at most 409000 for dynamo"},
    {"as_published: true\npost_bytes: 5", "a.yml:4: as_published and post_bytes exclude each"},
    {"as_published: maybe", "a.yml:4: as_published must be true or false"},
    {"visibility: sometimes", "a.yml:4: visibility: \"sometimes\" is not off, inline"},
    {"visibility: sample:0", "a.yml:4: visibility: \"sample:0\" is not off, inline"},
    {"visibility: {}", "a.yml:4: visibility must be off, inline or sample:P"},
    {"visibility_deadline_ms: 1.5", "a.yml:4: visibility_deadline_ms must be a whole number"},
    {"poll_first_ms: 0", "a.yml:4: poll_first_ms must be 1..60000, got 0"},
    {"poll_max_ms: 1", "a.yml:4: poll_max_ms (1) must not be below poll_first_ms (2)"},
    {"poll_first_ms: 30", "a.yml:4: poll_max_ms (20) must not be below poll_first_ms (30)"},
    {"sandbox: {port: 70000}", "a.yml:4: port must be 0..65535, got 70000"},
    {"sandbox:\n  time_scale: 0", "a.yml:5: time_scale must be 0.001..1000, got 0"},
    {"sandbox: {account: 12345}", "a.yml:4: account must be 12 digits"},
    {"sandbox: {acount: 12345}", "a.yml:4: unknown key 'acount'; did you mean 'account'?"},
    {"sandbox: 5", "a.yml:4: expected keys with values"},
    {"queue: a\nqueue: b", "a.yml:5: "},
};

static void wrong_lines_are_named(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof wrong_lines / sizeof wrong_lines[0]; n++) {
        char *text = xcy_format("%s%s\n", least, wrong_lines[n][0]);
        assert_refused(text, wrong_lines[n][1]);
        free(text);
    }
}

static const char *const wrong_files[][2] = {
    {"", "a.yml: is empty"},
    {"- a\n", "a.yml:1: expected keys with values"},
    {"reader: {region: us, function: r}\nbackends: {}\n", "a.yml:1: key 'writer' is missing"},
    {"writer: {region: eu}\n", "a.yml:1: key 'function' is missing"},
    {"writer: {function: w}\n", "a.yml:1: key 'region' is missing"},
    {"writer: {region: mars, function: w}\n", "a.yml:1: region must be eu, us, sg or"},
    {"writer: {region: [eu], function: w}\n", "a.yml:1: region must be eu, us, sg or"},
    {"writer: {region: eu-central-, function: w}\n", "a.yml:1: region must be eu, us, sg or"},
    {"writer:\n  region: eu\n  function: my writer\n", "a.yml:3: expected a name without blanks"},
    {"writer: {region: eu, function: w, timeout_ms: 0}\n", "a.yml:1: timeout_ms must be 100.."},
    {"writer: {region: eu, function: w, slots: 0}\n", "a.yml:1: slots must be 1..1024, got 0"},
    {"writer: {region: eu, function: w, concurrency_limit: 0}\n",
     "a.yml:1: concurrency_limit must be 1..100000"},
    {"backends: {dynamodb: {}}\n", "a.yml:1: unknown key 'dynamodb'; did you mean 'dynamo'?"},
    {"backends:\n  dynamo:\n    replication: {model: lognormal, p50_ms: 1}\n",
     "a.yml:3: key 'p99_ms' is missing"},
    {"backends:\n  cache: {writer_address: 'host:6379'}\n",
     "a.yml:2: writer_address and reader_address go together"},
    {"backends:\n  cache: {tls: true}\n", "a.yml:2: tls needs writer_address and reader_address"},
    {"backends:\n  cache: {writer_address: host}\n", "a.yml:2: expected host:port"},
    {"backends:\n  cache: {writer_address: 'host:70000'}\n", "a.yml:2: expected host:port"},
    {"backends:\n  cache: {writer_address: ':6379'}\n", "a.yml:2: expected host:port"},
    {"backends:\n  cache: {link_rate_mbit_per_s: -1}\n",
     "a.yml:2: link_rate_mbit_per_s must be 0..1000000"},
    {"backends:\n  sns: {topic: 'a b'}\n", "a.yml:2: expected a name without blanks"},
};

static void wrong_files_are_named(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof wrong_files / sizeof wrong_files[0]; n++) {
        assert_refused(wrong_files[n][0], wrong_files[n][1]);
    }
}

static void posts_as_published_have_the_size_of_their_store(void **state)
{
    (void)state;
    static const struct {
        const char *storage;
        int64_t bytes;
    } sizes[] = {{"dynamo", 350000}, {"s3", 1000000}, {"mysql", 1000000}, {"cache", 2900000}};
    for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
        struct xcy_error err;
        struct xcy_deployment *d = new_deployment();
        char *text = xcy_format("writer: {region: eu, function: w}\n"
                                "reader: {region: us, function: r}\n"
                                "backends: {dynamo: {}, s3: {}, mysql: {}, cache: {}, sns: {}}\n"
                                "as_published: true\npost_storage: %s\n",
                                sizes[n].storage);
        assert_ok(read_text(text, d, &err), &err);
        assert_int_equal(d->combination.post_bytes, sizes[n].bytes);
        free(text);
        xcy_deployment_free(d);
    }
}

static void posts_and_notifications_need_two_tables(void **state)
{
    (void)state;
    assert_refused("writer: {region: eu, function: w}\nreader: {region: us, function: r}\n"
                   "backends: {dynamo: {table: one, notifications_table: one}, sns: {}}\n",
                   "a.yml:1: backends.dynamo: table and notifications_table must be two tables, "
                   "both are one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_has_a_default),
        cmocka_unit_test(every_key_reaches_its_function),
        cmocka_unit_test(every_key_reaches_its_combination),
        cmocka_unit_test(every_other_key_reaches_its_member),
        cmocka_unit_test(every_key_of_a_backend_reaches_its_member),
        cmocka_unit_test(a_backend_without_keys_is_listed),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(wrong_files_are_named),
        cmocka_unit_test(posts_as_published_have_the_size_of_their_store),
        cmocka_unit_test(posts_and_notifications_need_two_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
