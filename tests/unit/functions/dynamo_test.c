#include "common/base/mem.h"
#include "common/net/server.h"
#include "functions/posts/dynamo.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 2 };

/* A DynamoDB of one table, in memory: items by key, pages of two, deletes half of a batch. */
struct table {
    struct xcy_server *server;
    char endpoint[64];
    pthread_mutex_t lock;
    struct xcy_json *items; /* key -> item as it came */
    bool is_missing;
    bool is_silent; /* takes requests and never answers GetItem */
    int n_batches;
    char last_get[512];
    struct xcy_exchange *held;

    struct xcy_credentials credentials;
    struct xcy_environment environment;
    struct xcy_aws aws;
    struct xcy_mono limit;
    struct xcy_backend_place place;
};

static void reply_json(struct xcy_exchange *x, int status, struct xcy_json *taken)
{
    char *text = xcy_json_text(taken);
    xcy_exchange_reply(x, status, NULL, 0, xcy_bytes_of(text));
    free(text);
    xcy_json_free(taken);
}

static void reply_text(struct xcy_exchange *x, int status, const char *text)
{
    xcy_exchange_reply(x, status, NULL, 0, xcy_bytes_of(text));
}

static void put_item(struct table *t, const struct xcy_json *input, struct xcy_exchange *x)
{
    const struct xcy_json *item = xcy_json_get(input, "Item");
    const char *key = xcy_json_get_string(xcy_json_get(item, "key"), "S", "");
    xcy_json_put(t->items, key, xcy_json_copy(item));
    reply_text(x, 200, "{}");
}

static void get_item(struct table *t, const struct xcy_json *input, struct xcy_exchange *x)
{
    char *text = xcy_json_text(input);
    snprintf(t->last_get, sizeof t->last_get, "%s", text);
    free(text);
    if (t->is_silent) {
        t->held = x;
        return;
    }
    const char *key = xcy_json_get_string(xcy_json_get(xcy_json_get(input, "Key"), "key"), "S", "");
    const struct xcy_json *item = xcy_json_get(t->items, key);
    struct xcy_json *answer = xcy_json_new_object();
    if (item && xcy_json_get(input, "ProjectionExpression")) {
        const char *name =
            xcy_json_get_string(xcy_json_get(input, "ExpressionAttributeNames"), "#p", "");
        struct xcy_json *part = xcy_json_put_object(answer, "Item");
        if (xcy_json_get(item, name)) {
            xcy_json_put(part, name, xcy_json_copy(xcy_json_get(item, name)));
        }
    } else if (item) {
        xcy_json_put(answer, "Item", xcy_json_copy(item));
    }
    reply_json(x, 200, answer);
}

static void scan(struct table *t, const struct xcy_json *input, struct xcy_exchange *x)
{
    const char *start = xcy_json_get_string(
        xcy_json_get(xcy_json_get(input, "ExclusiveStartKey"), "key"), "S", NULL);
    struct xcy_json *answer = xcy_json_new_object();
    struct xcy_json *items = xcy_json_put_array(answer, "Items");
    size_t n = 0;
    for (const struct xcy_json *i = xcy_json_first(t->items); i; i = xcy_json_next(i)) {
        if (start && strcmp(xcy_json_name(i), start) <= 0) {
            continue; /* the test's keys are put in ascending order */
        }
        if (n == PAGE) {
            const struct xcy_json *last = xcy_json_at(items, PAGE - 1);
            xcy_json_put(answer, "LastEvaluatedKey", xcy_json_copy(last));
            break;
        }
        struct xcy_json *item = xcy_json_append_object(items);
        xcy_json_put(item, "key", xcy_json_copy(xcy_json_get(i, "key")));
        n++;
    }
    reply_json(x, 200, answer);
}

/* Deletes only the first of a batch, as a throttled table may. */
static void batch_write(struct table *t, const struct xcy_json *input, struct xcy_exchange *x)
{
    t->n_batches++;
    const struct xcy_json *requests = xcy_json_get(xcy_json_get(input, "RequestItems"), "posts");
    const struct xcy_json *key =
        xcy_json_get(xcy_json_get(xcy_json_at(requests, 0), "DeleteRequest"), "Key");
    const char *deleted = xcy_json_get_string(xcy_json_get(key, "key"), "S", "");
    struct xcy_json *rest = xcy_json_new_object();
    for (const struct xcy_json *i = xcy_json_first(t->items); i; i = xcy_json_next(i)) {
        if (strcmp(xcy_json_name(i), deleted) != 0) {
            xcy_json_put(rest, xcy_json_name(i), xcy_json_copy(i));
        }
    }
    xcy_json_free(t->items);
    t->items = rest;
    reply_text(x, 200, "{\"UnprocessedItems\": {}}");
}

static void describe(struct table *t, const struct xcy_json *input, struct xcy_exchange *x)
{
    (void)input;
    if (t->is_missing) {
        reply_text(x, 400,
                   "{\"__type\": \"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\","
                   " \"message\": \"no such table\"}");
    } else {
        reply_text(x, 200, "{\"Table\": {\"ItemCount\": 7, \"TableSizeBytes\": 7007}}");
    }
}

static const struct {
    const char *target;
    void (*handle)(struct table *t, const struct xcy_json *input, struct xcy_exchange *x);
} operations[] = {
    {"DynamoDB_20120810.PutItem", put_item},
    {"DynamoDB_20120810.GetItem", get_item},
    {"DynamoDB_20120810.Scan", scan},
    {"DynamoDB_20120810.BatchWriteItem", batch_write},
    {"DynamoDB_20120810.DescribeTable", describe},
};

static void handle(void *ctx, struct xcy_exchange *x)
{
    struct table *t = ctx;
    struct xcy_json *input = NULL;
    struct xcy_error err;
    const char *target = xcy_exchange_header(x, "X-Amz-Target");
    xcy_assert(xcy_json_parse(xcy_exchange_body(x), &input, &err) == XCY_OK);
    pthread_mutex_lock(&t->lock);
    for (size_t o = 0; o < sizeof operations / sizeof operations[0]; o++) {
        if (strcmp(operations[o].target, target) == 0) {
            operations[o].handle(t, input, x);
        }
    }
    pthread_mutex_unlock(&t->lock);
    xcy_json_free(input);
}

static void start_table(struct table *t)
{
    *t = (struct table){
        .items = xcy_json_new_object(),
        .credentials = {.access_key = xcy_strdup("XCYSANDBOXKEY"),
                        .secret_key = xcy_strdup("a-secret")},
        .environment = {.dynamo_table = xcy_strdup("posts"), .combination = {.post_bytes = 100}},
    };
    pthread_mutex_init(&t->lock, NULL);
    struct xcy_error err;
    struct xcy_server_options options = {.handle = handle, .ctx = t};
    assert_ok(xcy_server_start(&options, &t->server, &err), &err);
    snprintf(t->endpoint, sizeof t->endpoint, "http://127.0.0.1:%u", xcy_server_port(t->server));
    t->aws = (struct xcy_aws){.http = xcy_http_open(NULL),
                              .endpoint = t->endpoint,
                              .region = "eu-central-1",
                              .credentials = &t->credentials};
    t->limit = xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
    t->place = (struct xcy_backend_place){.environment = &t->environment,
                                          .aws = &t->aws,
                                          .side = XCY_SIDE_WRITER,
                                          .limit = &t->limit};
}

static void stop_table(struct table *t, void *posts)
{
    xcy_dynamo_posts.close(posts);
    xcy_http_close(t->aws.http);
    xcy_server_stop(t->server);
    xcy_json_free(t->items);
    xcy_credentials_clear(&t->credentials);
    xcy_environment_clear(&t->environment);
    pthread_mutex_destroy(&t->lock);
}

static void *open_posts(struct table *t)
{
    void *posts = NULL;
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.open(&t->place, &posts, &err), &err);
    return posts;
}

static void write_post(void *posts, const char *key, const char *cid)
{
    const struct xcy_metadata metadata = {.name = "cid", .value = cid};
    char version[XCY_KEY_BYTES] = "unset";
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.write(posts, key, xcy_bytes("hello there", 5), &metadata,
                                     cid ? 1 : 0, version, &err),
              &err);
    assert_string_equal(version, "");
}

struct look {
    bool found;
    struct xcy_post_size size;
};

static struct look look_at(void *posts, const char *key, const char *cid, bool strong)
{
    struct look look = {.size = {-1, -1}};
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.visible(posts, key, "", cid, strong, &look.found, &look.size, &err),
              &err);
    return look;
}

static void written_post_is_one_item_with_its_context_id(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    write_post(posts, "1ABCDEFGHI", "a-cid");
    const struct xcy_json *item = xcy_json_get(t.items, "1ABCDEFGHI");
    assert_int_equal(xcy_json_size(item), 3);
    assert_string_equal(xcy_json_get_string(xcy_json_get(item, "body"), "S", ""), "hello");
    assert_string_equal(xcy_json_get_string(xcy_json_get(item, "cid"), "S", ""), "a-cid");
    write_post(posts, "2ABCDEFGHI", NULL);
    assert_int_equal(xcy_json_size(xcy_json_get(t.items, "2ABCDEFGHI")), 2);
    stop_table(&t, posts);
}

static void stored_bytes_are_those_of_names_and_values(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    write_post(posts, "1ABCDEFGHI", "a-cid");
    struct look look = look_at(posts, "1ABCDEFGHI", NULL, false);
    assert_true(look.found);
    assert_int_equal(look.size.stored_bytes, (3 + 10) + (4 + 5) + (3 + 5));
    assert_int_equal(look.size.metadata_bytes, 3 + 5);
    stop_table(&t, posts);
}

static void missing_post_is_not_found_and_weighs_nothing(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    struct look look = look_at(posts, "1ABCDEFGHI", NULL, false);
    assert_false(look.found);
    assert_int_equal(look.size.stored_bytes, 0);
    assert_int_equal(look.size.metadata_bytes, 0);
    stop_table(&t, posts);
}

static void dependent_read_is_eventual_and_of_the_whole_item(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    look_at(posts, "1ABCDEFGHI", NULL, false);
    assert_null(strstr(t.last_get, "\"ConsistentRead\":true"));
    assert_null(strstr(t.last_get, "ProjectionExpression"));
    stop_table(&t, posts);
}

static void barrier_probe_is_strong_and_wants_only_the_context_id(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    write_post(posts, "1ABCDEFGHI", "a-cid");
    bool found = false;
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.visible(posts, "1ABCDEFGHI", "", "a-cid", true, &found, NULL, &err),
              &err);
    assert_true(found);
    assert_non_null(strstr(t.last_get, "\"ConsistentRead\":true"));
    assert_non_null(strstr(t.last_get, "\"#p\":\"cid\""));
    stop_table(&t, posts);
}

static void item_of_another_context_does_not_open_the_barrier(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    write_post(posts, "1ABCDEFGHI", "an-older-cid");
    write_post(posts, "2ABCDEFGHI", NULL);
    assert_false(look_at(posts, "1ABCDEFGHI", "a-cid", true).found);
    assert_false(look_at(posts, "2ABCDEFGHI", "a-cid", true).found);
    stop_table(&t, posts);
}

static void clean_goes_on_until_a_whole_scan_finds_nothing(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    const char *const keys[] = {"1A", "2A", "3A", "4A", "5A"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        write_post(posts, keys[k], NULL);
    }
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.clean(posts, &err), &err);
    assert_int_equal(xcy_json_size(t.items), 0);
    assert_int_equal(t.n_batches, 5);
    stop_table(&t, posts);
}

static void count_looks_into_the_table(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    struct xcy_error err;
    int64_t items = -1;
    assert_ok(xcy_dynamo_posts.count(posts, &items, &err), &err);
    assert_int_equal(items, 0);
    write_post(posts, "1A", NULL);
    assert_ok(xcy_dynamo_posts.count(posts, &items, &err), &err);
    assert_true(items > 0);
    stop_table(&t, posts);
}

static void clean_of_an_empty_table_deletes_nothing(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.clean(posts, &err), &err);
    assert_int_equal(t.n_batches, 0);
    stop_table(&t, posts);
}

static void clean_that_runs_out_of_time_says_to_clean_again(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    write_post(posts, "1A", NULL);
    t.limit = xcy_mono_add(xcy_mono_now(), 299 * XCY_NS_PER_MS);
    struct xcy_error err;
    assert_status(xcy_dynamo_posts.clean(posts, &err), XCY_ETIMEOUT, &err);
    assert_non_null(strstr(err.text, "clean again"));
    assert_int_equal(t.n_batches, 0);
    stop_table(&t, posts);
}

static void size_is_what_the_table_says(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    int64_t items = 0;
    int64_t bytes = 0;
    struct xcy_error err;
    assert_ok(xcy_dynamo_posts.size(posts, &items, &bytes, &err), &err);
    assert_int_equal(items, 7);
    assert_int_equal(bytes, 7007);
    stop_table(&t, posts);
}

static void missing_table_shows_when_opening(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    t.is_missing = true;
    void *posts = NULL;
    struct xcy_error err;
    assert_status(xcy_dynamo_posts.open(&t.place, &posts, &err), XCY_ENOTFOUND, &err);
    assert_null(posts);
    stop_table(&t, posts);
}

static void post_larger_than_an_item_is_refused_when_opening(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    t.environment.combination.post_bytes = 409600;
    void *posts = NULL;
    struct xcy_error err;
    assert_status(xcy_dynamo_posts.open(&t.place, &posts, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "409600"));
    stop_table(&t, posts);
}

static void silent_table_is_given_up_at_the_limit(void **state)
{
    (void)state;
    struct table t;
    start_table(&t);
    void *posts = open_posts(&t);
    t.is_silent = true;
    t.limit = xcy_mono_add(xcy_mono_now(), 5 * XCY_NS_PER_MS);
    bool found = false;
    struct xcy_error err;
    assert_status(xcy_dynamo_posts.visible(posts, "1A", "", NULL, false, &found, NULL, &err),
                  XCY_ENET, &err);
    pthread_mutex_lock(&t.lock);
    if (t.held) {
        xcy_exchange_drop(t.held);
    }
    t.held = NULL;
    pthread_mutex_unlock(&t.lock);
    stop_table(&t, posts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_post_is_one_item_with_its_context_id),
        cmocka_unit_test(stored_bytes_are_those_of_names_and_values),
        cmocka_unit_test(missing_post_is_not_found_and_weighs_nothing),
        cmocka_unit_test(dependent_read_is_eventual_and_of_the_whole_item),
        cmocka_unit_test(barrier_probe_is_strong_and_wants_only_the_context_id),
        cmocka_unit_test(item_of_another_context_does_not_open_the_barrier),
        cmocka_unit_test(clean_goes_on_until_a_whole_scan_finds_nothing),
        cmocka_unit_test(count_looks_into_the_table),
        cmocka_unit_test(clean_of_an_empty_table_deletes_nothing),
        cmocka_unit_test(clean_that_runs_out_of_time_says_to_clean_again),
        cmocka_unit_test(size_is_what_the_table_says),
        cmocka_unit_test(missing_table_shows_when_opening),
        cmocka_unit_test(post_larger_than_an_item_is_refused_when_opening),
        cmocka_unit_test(silent_table_is_given_up_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
