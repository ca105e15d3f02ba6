#include "common/base/mem.h"
#include "functions/posts/cache.h"
#include "tests/support/redis_server.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct xcy_test_redis redis; /* for the whole group */

static int start_redis(void **state)
{
    (void)state;
    xcy_test_redis_open(&redis);
    return xcy_test_redis_start(&redis) ? 0 : -1;
}

static int stop_redis(void **state)
{
    (void)state;
    xcy_test_redis_close(&redis);
    return 0;
}

struct fixture {
    struct xcy_environment environment;
    struct xcy_backend_place place;
    void *posts;
};

static void open_posts(struct fixture *f, enum xcy_consistency consistency)
{
    *f = (struct fixture){
        .environment = {.combination = {.consistency = consistency, .post_bytes = 5},
                        .cache.writer = redis.address},
        .place = {.side = XCY_SIDE_WRITER},
    };
    f->place.environment = &f->environment;
    struct xcy_error err;
    assert_ok(xcy_cache_posts.open(&f->place, &f->posts, &err), &err);
    assert_ok(xcy_cache_posts.clean(f->posts, &err), &err);
}

static void write_post(const struct fixture *f, const char *key, const char *cid)
{
    const struct xcy_metadata metadata = {.name = "cid", .value = cid};
    char version[XCY_KEY_BYTES] = "unset";
    struct xcy_error err;
    assert_ok(xcy_cache_posts.write(f->posts, key, xcy_bytes("hello there", 5), &metadata,
                                    cid ? 1 : 0, version, &err),
              &err);
    assert_string_equal(version, "");
}

static bool is_visible(const struct fixture *f, const char *key, const char *cid,
                       struct xcy_post_size *size)
{
    bool found = false;
    struct xcy_error err;
    assert_ok(xcy_cache_posts.visible(f->posts, key, "", cid, cid != NULL, &found, size, &err),
              &err);
    return found;
}

static const char a_cid[] = "0123456789abcdef0123456789abcdef";

static void written_post_is_visible_and_weighs_key_and_body(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_post_size size = {-1, -1};
    open_posts(&f, XCY_CONSISTENCY_NONE);
    write_post(&f, "1ABCDEFGHI", NULL);
    assert_true(is_visible(&f, "1ABCDEFGHI", NULL, NULL));
    assert_true(is_visible(&f, "1ABCDEFGHI", NULL, &size));
    assert_int_equal(size.stored_bytes, 10 + 5);
    assert_int_equal(size.metadata_bytes, 0);
    xcy_cache_posts.close(f.posts);
}

static void context_id_is_weighed_with_the_post(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_post_size size = {-1, -1};
    open_posts(&f, XCY_CONSISTENCY_ANTIPODE);
    write_post(&f, "1ABCDEFGHI", a_cid);
    assert_true(is_visible(&f, "1ABCDEFGHI", NULL, &size));
    assert_int_equal(size.stored_bytes, (10 + 5) + (4 + 32 + 10));
    assert_int_equal(size.metadata_bytes, 4 + 32 + 10);
    xcy_cache_posts.close(f.posts);
}

static void missing_post_is_not_found_and_weighs_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_post_size size = {-1, -1};
    open_posts(&f, XCY_CONSISTENCY_NONE);
    assert_false(is_visible(&f, "1ABCDEFGHI", NULL, NULL));
    assert_false(is_visible(&f, "1ABCDEFGHI", NULL, &size));
    assert_int_equal(size.stored_bytes, 0);
    assert_int_equal(size.metadata_bytes, 0);
    xcy_cache_posts.close(f.posts);
}

static void barrier_wants_post_and_context_id(void **state)
{
    (void)state;
    struct fixture f;
    open_posts(&f, XCY_CONSISTENCY_ANTIPODE);
    write_post(&f, "1ABCDEFGHI", NULL);
    assert_false(is_visible(&f, "1ABCDEFGHI", a_cid, NULL));
    write_post(&f, "1ABCDEFGHI", a_cid);
    assert_true(is_visible(&f, "1ABCDEFGHI", a_cid, NULL));
    assert_false(is_visible(&f, "2ABCDEFGHI", a_cid, NULL));
    xcy_cache_posts.close(f.posts);
}

static void size_counts_posts_and_not_keys(void **state)
{
    (void)state;
    const enum xcy_consistency consistencies[] = {XCY_CONSISTENCY_NONE, XCY_CONSISTENCY_ANTIPODE};
    for (size_t c = 0; c < 2; c++) {
        struct fixture f;
        open_posts(&f, consistencies[c]);
        write_post(&f, "1ABCDEFGHI", c == 1 ? a_cid : NULL);
        write_post(&f, "2ABCDEFGHI", c == 1 ? "fedcba9876543210fedcba9876543210" : NULL);
        int64_t items = 0;
        int64_t bytes = 0;
        struct xcy_error err;
        assert_ok(xcy_cache_posts.size(f.posts, &items, &bytes, &err), &err);
        assert_int_equal(items, 2);
        assert_true(bytes > 0);
        xcy_cache_posts.close(f.posts);
    }
}

static void a_key_without_its_other_half_is_counted(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_error err;
    int64_t items = -1;
    open_posts(&f, XCY_CONSISTENCY_ANTIPODE);
    write_post(&f, "1ABCDEFGHI", NULL); /* as a run without a barrier left it */
    assert_ok(xcy_cache_posts.count(f.posts, &items, &err), &err);
    assert_int_equal(items, 1);
    assert_ok(xcy_cache_posts.clean(f.posts, &err), &err);
    assert_ok(xcy_cache_posts.count(f.posts, &items, &err), &err);
    assert_int_equal(items, 0);
    xcy_cache_posts.close(f.posts);
}

static void clean_leaves_nothing(void **state)
{
    (void)state;
    struct fixture f;
    open_posts(&f, XCY_CONSISTENCY_NONE);
    write_post(&f, "1ABCDEFGHI", NULL);
    struct xcy_error err;
    assert_ok(xcy_cache_posts.clean(f.posts, &err), &err);
    assert_false(is_visible(&f, "1ABCDEFGHI", NULL, NULL));
    xcy_cache_posts.close(f.posts);
}

static void each_side_has_its_own_server(void **state)
{
    (void)state;
    const struct {
        enum xcy_side side;
        char *writer;
        char *reader;
        const char *told; /* NULL: opens */
    } cases[] = {
        {XCY_SIDE_WRITER, redis.address, NULL, NULL},
        {XCY_SIDE_READER, NULL, redis.address, NULL},
        {XCY_SIDE_WRITER, NULL, redis.address, "no Redis for the writer"},
        {XCY_SIDE_READER, redis.address, NULL, "no Redis for the reader"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct xcy_environment environment = {.cache.writer = cases[i].writer,
                                                    .cache.reader = cases[i].reader};
        const struct xcy_backend_place place = {.environment = &environment, .side = cases[i].side};
        void *posts = NULL;
        struct xcy_error err;
        enum xcy_status status = xcy_cache_posts.open(&place, &posts, &err);
        assert_status(status, cases[i].told ? XCY_EUSAGE : XCY_OK, &err);
        assert_true(!cases[i].told || strstr(err.text, cases[i].told));
        xcy_cache_posts.close(posts);
    }
}

static void server_that_is_not_there_shows_when_opening(void **state)
{
    (void)state;
    char nowhere[] = "127.0.0.1:1";
    const struct xcy_environment environment = {.cache.writer = nowhere};
    const struct xcy_backend_place place = {.environment = &environment, .side = XCY_SIDE_WRITER};
    void *posts = NULL;
    struct xcy_error err;
    assert_status(xcy_cache_posts.open(&place, &posts, &err), XCY_ENET, &err);
    assert_non_null(strstr(err.text, "127.0.0.1:1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_post_is_visible_and_weighs_key_and_body),
        cmocka_unit_test(context_id_is_weighed_with_the_post),
        cmocka_unit_test(missing_post_is_not_found_and_weighs_nothing),
        cmocka_unit_test(barrier_wants_post_and_context_id),
        cmocka_unit_test(size_counts_posts_and_not_keys),
        cmocka_unit_test(a_key_without_its_other_half_is_counted),
        cmocka_unit_test(clean_leaves_nothing),
        cmocka_unit_test(each_side_has_its_own_server),
        cmocka_unit_test(server_that_is_not_there_shows_when_opening),
    };
    return cmocka_run_group_tests(tests, start_redis, stop_redis);
}
