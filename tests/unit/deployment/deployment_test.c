#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES "../../../samples/"

/* NULL takes the variable away. Tests have one thread. */
static void set_variable(const char *name, const char *value)
{
    if (value) {
        setenv(name, value, 1); /* NOLINT(concurrency-mt-unsafe) */
    } else {
        unsetenv(name); /* NOLINT(concurrency-mt-unsafe) */
    }
}

/* A folder of its own for each test, made the current one, so that no xcybench.yml is near. */
struct place {
    char folder[64];
    char old[512];
};

static int enter(void **state)
{
    struct place *place = xcy_alloc(sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/xcy-deployment-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    assert_non_null(getcwd(place->old, sizeof place->old));
    assert_int_equal(chdir(place->folder), 0);
    set_variable("XCY_CONFIG", NULL);
    set_variable("AWS_ENDPOINT_URL", NULL);
    *state = place;
    return 0;
}

static int leave(void **state)
{
    struct place *place = *state;
    struct xcy_error err;
    set_variable("XCY_CONFIG", NULL);
    set_variable("AWS_ENDPOINT_URL", NULL);
    assert_int_equal(chdir(place->old), 0);
    assert_ok(xcy_dir_remove(place->folder, &err), &err);
    free(place);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    struct xcy_error err;
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
}

static struct xcy_deployment *load_sample(const struct place *place, const char *name)
{
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    char *path = xcy_format("%s/" SAMPLES "%s", place->old, name);
    assert_ok(xcy_deployment_load(path, &d, &err), &err);
    assert_string_equal(d->source, path);
    free(path);
    return d;
}

static void assert_text_equal(const char *a, const char *b)
{
    if (!a || !b) {
        assert_true(a == b);
        return;
    }
    assert_string_equal(a, b);
}

static void assert_place_equal(const struct xcy_function_place *a,
                               const struct xcy_function_place *b)
{
    assert_string_equal(a->region, b->region);
    assert_text_equal(a->function, b->function);
    assert_text_equal(a->executable, b->executable);
    assert_int_equal(a->timeout_ms, b->timeout_ms);
    assert_int_equal(a->concurrency_limit, b->concurrency_limit);
    assert_int_equal(a->slots, b->slots);
}

static void assert_delay_equal(const struct xcy_delay *a, const struct xcy_delay *b)
{
    assert_int_equal(a->model, b->model);
    assert_true(a->a_ms == b->a_ms && a->b_ms == b->b_ms);
    assert_text_equal(a->file, b->file);
}

static void assert_server_equal(const struct xcy_server_place *a, const struct xcy_server_place *b)
{
    assert_int_equal(a->is_listed, b->is_listed);
    assert_text_equal(a->writer_address, b->writer_address);
    assert_text_equal(a->reader_address, b->reader_address);
    assert_text_equal(a->user, b->user);
    assert_text_equal(a->password_variable, b->password_variable);
    assert_int_equal(a->tls, b->tls);
    assert_true(a->link_rate_mbit_per_s == b->link_rate_mbit_per_s);
}

static void assert_backends_equal(struct xcy_deployment *a, struct xcy_deployment *b)
{
    struct xcy_delay *of_a[XCY_DEPLOYMENT_DELAYS];
    struct xcy_delay *of_b[XCY_DEPLOYMENT_DELAYS];
    xcy_deployment_delays(a, of_a);
    xcy_deployment_delays(b, of_b);
    for (size_t n = 0; n < XCY_DEPLOYMENT_DELAYS; n++) {
        assert_delay_equal(of_a[n], of_b[n]);
    }
    assert_int_equal(a->dynamo.is_listed, b->dynamo.is_listed);
    assert_text_equal(a->dynamo.table, b->dynamo.table);
    assert_text_equal(a->dynamo.notifications_table, b->dynamo.notifications_table);
    assert_int_equal(a->dynamo.stream_batch, b->dynamo.stream_batch);
    assert_int_equal(a->dynamo.stream_shards, b->dynamo.stream_shards);
    assert_int_equal(a->s3.is_listed, b->s3.is_listed);
    assert_text_equal(a->s3.writer_bucket, b->s3.writer_bucket);
    assert_text_equal(a->s3.reader_bucket, b->s3.reader_bucket);
    assert_server_equal(&a->mysql, &b->mysql);
    assert_text_equal(a->mysql_database, b->mysql_database);
    assert_server_equal(&a->cache, &b->cache);
    assert_server_equal(&a->mq, &b->mq);
    assert_text_equal(a->mq_queue, b->mq_queue);
    assert_int_equal(a->sns.is_listed, b->sns.is_listed);
    assert_text_equal(a->sns.topic, b->sns.topic);
}

static void the_built_in_deployment_is_the_local_sample(void **state)
{
    struct xcy_error err;
    struct xcy_deployment *a = load_sample(*state, "local.yml");
    struct xcy_deployment *b = NULL;
    assert_ok(xcy_deployment_load(NULL, &b, &err), &err);
    assert_string_equal(b->source, "built-in local deployment");
    assert_text_equal(a->endpoint, b->endpoint);
    assert_place_equal(&a->writer, &b->writer);
    assert_place_equal(&a->reader, &b->reader);
    assert_text_equal(a->queue_name, b->queue_name);
    assert_true(xcy_combination_equal(&a->combination, &b->combination));
    assert_int_equal(a->visibility_deadline_ms, b->visibility_deadline_ms);
    assert_int_equal(a->barrier_deadline_ms, b->barrier_deadline_ms);
    assert_int_equal(a->poll_first_ms, b->poll_first_ms);
    assert_int_equal(a->poll_max_ms, b->poll_max_ms);
    assert_backends_equal(a, b);
    assert_text_equal(a->sandbox.listen_address, b->sandbox.listen_address);
    assert_int_equal(a->sandbox.port, b->sandbox.port);
    assert_int_equal(a->sandbox.seed, b->sandbox.seed);
    assert_true(a->sandbox.time_scale == b->sandbox.time_scale);
    assert_int_equal(a->sandbox.idle_s, b->sandbox.idle_s);
    assert_text_equal(a->sandbox.account, b->sandbox.account);
    xcy_deployment_free(a);
    xcy_deployment_free(b);
}

static void the_local_sample_says_what_it_says(void **state)
{
    struct xcy_deployment *d = load_sample(*state, "local.yml");
    assert_string_equal(d->endpoint, "http://127.0.0.1:4566");
    assert_string_equal(d->writer.region, "eu-central-1");
    assert_string_equal(d->reader.region, "us-east-1");
    assert_string_equal(d->combination.writer_region, "eu-central-1");
    assert_string_equal(d->combination.reader_region, "us-east-1");
    assert_string_equal(d->writer.function, "writer");
    assert_int_equal(d->combination.post_storage, XCY_POST_DYNAMO);
    assert_int_equal(d->combination.visibility, XCY_VISIBILITY_INLINE);
    assert_int_equal(d->combination.post_bytes, 1000);
    assert_true(d->dynamo.is_listed && d->cache.is_listed && d->sns.is_listed);
    assert_int_equal(d->dynamo.replication.model, XCY_DELAY_LOGNORMAL);
    assert_true(d->dynamo.replication.a_ms == 120 && d->dynamo.replication.b_ms == 600);
    assert_int_equal(d->dynamo.settle.model, XCY_DELAY_CONSTANT);
    assert_int_equal(d->cache.link.model, XCY_DELAY_UNIFORM);
    assert_int_equal(d->sandbox.port, 4566);
    xcy_deployment_free(d);
}

static void the_aws_sample_has_no_endpoint(void **state)
{
    struct xcy_deployment *d = load_sample(*state, "aws-eu-us.yml");
    assert_null(d->endpoint);
    assert_string_equal(d->cache.writer_address, "writer-cache.example.com:6379");
    char *arn = xcy_deployment_topic_arn(d);
    assert_string_equal(arn, "arn:aws:sns:eu-central-1:123456789012:notifications");
    free(arn);
    xcy_deployment_free(d);
}

/* The least that a deployment can say. */
static const char least[] = "writer: {region: eu, function: w}\n"
                            "reader: {region: sg, function: r}\n"
                            "backends: {dynamo: {}, sns: {}}\n";

static void the_named_file_comes_before_the_environment_before_the_folder(void **state)
{
    (void)state;
    struct xcy_error err;
    static const char *const expected[] = {"c.yml", "b.yml", "xcybench.yml"};
    write_file("c.yml", least);
    write_file("b.yml", least);
    write_file("xcybench.yml", least);
    set_variable("XCY_CONFIG", "b.yml");
    for (int n = 0; n < 3; n++) {
        struct xcy_deployment *d = NULL;
        assert_ok(xcy_deployment_load(n == 0 ? "c.yml" : NULL, &d, &err), &err);
        assert_string_equal(d->source, expected[n]);
        xcy_deployment_free(d);
        if (n == 1) {
            set_variable("XCY_CONFIG", "");
        }
    }
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    set_variable("XCY_CONFIG", "nowhere.yml");
    assert_int_not_equal(xcy_deployment_load(NULL, &d, &err), XCY_OK);
    assert_null(d);
    assert_non_null(strstr(err.text, "nowhere.yml"));
}

static void the_environments_endpoint_wins(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    set_variable("AWS_ENDPOINT_URL", "http://127.0.0.1:5000/");
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    assert_string_equal(d->endpoint, "http://127.0.0.1:5000");
    xcy_deployment_free(d);
    d = NULL;
    set_variable("AWS_ENDPOINT_URL", "127.0.0.1:5000");
    assert_status(xcy_deployment_load(NULL, &d, &err), XCY_EUSAGE, &err);
    assert_null(d);
    assert_non_null(strstr(err.text, "AWS_ENDPOINT_URL: must be http://"));
    set_variable("AWS_ENDPOINT_URL", "http://u:HUSH@127.0.0.1:5000");
    assert_status(xcy_deployment_load(NULL, &d, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "got \"...\""));
}

static void paths_in_a_file_are_relative_to_it(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_dir_make("sub", 0755, &err), &err);
    write_file("sub/a.yml", "writer: {region: eu, function: w, executable: bin/writer}\n"
                            "reader: {region: us, function: r, executable: /bin/reader}\n"
                            "backends:\n"
                            "  dynamo: {replication: {model: empirical, file: lags.txt}}\n"
                            "  sns:\n");
    assert_ok(xcy_deployment_load("sub/a.yml", &d, &err), &err);
    assert_string_equal(d->dynamo.replication.file, "sub/lags.txt");
    assert_string_equal(d->writer.executable, "sub/bin/writer");
    assert_string_equal(d->reader.executable, "/bin/reader");
    assert_true(d->sns.is_listed);
    xcy_deployment_free(d);
}

static void a_topics_arn_is_made_of_region_and_account(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    char *arn = xcy_deployment_topic_arn(d);
    assert_string_equal(arn, "arn:aws:sns:eu-central-1:000000000000:notifications");
    free(arn);
    xcy_deployment_free(d);
}

static void a_reader_is_busy_as_long_as_its_deadlines_allow(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    struct xcy_combination c = d->combination;
    assert_int_equal(xcy_deployment_reader_longest_ms(d, &c), 4000);
    c.consistency = XCY_CONSISTENCY_ANTIPODE;
    assert_int_equal(xcy_deployment_reader_longest_ms(d, &c), 5000);
    c.visibility = XCY_VISIBILITY_OFF;
    assert_int_equal(xcy_deployment_reader_longest_ms(d, &c), 4000);
    c.consistency = XCY_CONSISTENCY_NONE;
    assert_int_equal(xcy_deployment_reader_longest_ms(d, &c), 0);
    xcy_deployment_free(d);
}

static void few_readers_run_at_a_time_over_a_stream_or_a_queue(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    d->dynamo.stream_shards = 5;
    d->dynamo.stream_batch = 20;
    d->mq_parallel = 3;
    d->mq_batch = 7;
    static const struct {
        enum xcy_notification_storage storage;
        int64_t readers;
        int64_t batch;
    } cases[] = {{XCY_NOTIFICATION_SNS, 1000, 1},
                 {XCY_NOTIFICATION_DYNAMO, 5, 20},
                 {XCY_NOTIFICATION_MQ, 3, 7}};
    struct xcy_combination c = d->combination;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        c.notification_storage = cases[n].storage;
        assert_int_equal(xcy_deployment_readers_at_a_time(d, &c), cases[n].readers);
        assert_int_equal(xcy_deployment_reader_batch(d, &c), cases[n].batch);
    }
    d->reader.concurrency_limit = 2;
    c.notification_storage = XCY_NOTIFICATION_DYNAMO;
    assert_int_equal(xcy_deployment_readers_at_a_time(d, &c), 2);
    xcy_deployment_free(d);
}

static void a_post_must_fit_into_its_storage(void **state)
{
    (void)state;
    const struct {
        enum xcy_post_storage storage;
        int64_t most_bytes;
        const char *told;
    } cases[] = {
        {XCY_POST_DYNAMO, 409000, "post_bytes must be at most 409000 for dynamo, got 409001"},
        {XCY_POST_S3, 16777216, "post_bytes must be at most 16777216 for s3, got 16777217"},
        {XCY_POST_MYSQL, 67108864, "post_bytes must be at most 67108864 for mysql, got 67108865"},
        {XCY_POST_CACHE, 67108864, "post_bytes must be at most 67108864 for cache, got 67108865"},
    };
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_combination c = d->combination;
        c.post_storage = cases[n].storage;
        c.post_bytes = cases[n].most_bytes;
        assert_ok(xcy_deployment_check(d, &c, &err), &err);
        c.post_bytes++;
        assert_status(xcy_deployment_check(d, &c, &err), XCY_EUSAGE, &err);
        assert_string_equal(err.text, cases[n].told);
    }
    xcy_deployment_free(d);
}

static void a_combination_must_be_listed(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    assert_ok(xcy_deployment_load(NULL, &d, &err), &err);
    struct xcy_combination c = d->combination;
    assert_ok(xcy_deployment_check(d, &c, &err), &err);
    c.post_storage = XCY_POST_CACHE;
    c.post_bytes = 1000000;
    assert_ok(xcy_deployment_check(d, &c, &err), &err);
    d->cache.is_listed = false;
    assert_status(xcy_deployment_check(d, &c, &err), XCY_EUSAGE, &err);
    assert_string_equal(err.text, "post_storage cache is not listed under `backends:` of "
                                  "built-in local deployment");
    c = d->combination;
    c.notification_storage = XCY_NOTIFICATION_MQ;
    d->mq.is_listed = false;
    assert_status(xcy_deployment_check(d, &c, &err), XCY_EUSAGE, &err);
    xcy_deployment_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_built_in_deployment_is_the_local_sample, enter, leave),
        cmocka_unit_test_setup_teardown(the_local_sample_says_what_it_says, enter, leave),
        cmocka_unit_test_setup_teardown(the_aws_sample_has_no_endpoint, enter, leave),
        cmocka_unit_test_setup_teardown(
            the_named_file_comes_before_the_environment_before_the_folder, enter, leave),
        cmocka_unit_test_setup_teardown(a_missing_file_is_named, enter, leave),
        cmocka_unit_test_setup_teardown(the_environments_endpoint_wins, enter, leave),
        cmocka_unit_test_setup_teardown(paths_in_a_file_are_relative_to_it, enter, leave),
        cmocka_unit_test_setup_teardown(a_topics_arn_is_made_of_region_and_account, enter, leave),
        cmocka_unit_test_setup_teardown(few_readers_run_at_a_time_over_a_stream_or_a_queue, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(a_reader_is_busy_as_long_as_its_deadlines_allow, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(a_post_must_fit_into_its_storage, enter, leave),
        cmocka_unit_test_setup_teardown(a_combination_must_be_listed, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
