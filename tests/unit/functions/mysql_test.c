#include "common/base/mem.h"
#include "functions/posts/mysql.h"
#include "tests/support/mariadb.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct xcy_test_pair servers; /* for the whole group */
static char database[] = "xcydriver";

static int start_servers(void **state)
{
    (void)state;
    xcy_test_pair_open(&servers, &xcy_mariadb_pairs, 0);
    assert_ok(xcy_test_pair_start(&servers), &servers.err);
    return 0;
}

static int stop_servers(void **state)
{
    (void)state;
    xcy_test_pair_close(&servers);
    return 0;
}

struct fixture {
    struct xcy_environment environment;
    struct xcy_backend_place place;
    void *posts;
    struct xcy_error err;
};

static char *text(const char *borrowed)
{
    union {
        const char *borrowed;
        char *member; /* of an environment that nobody clears */
    } pointer = {.borrowed = borrowed};
    return pointer.member;
}

static void fill(struct fixture *f, enum xcy_side side)
{
    *f = (struct fixture){
        .environment = {.combination.post_bytes = 5,
                        .mysql = {.writer = text(servers.ends.writer),
                                  .reader = text(servers.ends.reader),
                                  .user = text(servers.ends.user),
                                  .password = text(servers.ends.password)},
                        .mysql_database = database},
        .place = {.side = side},
    };
    f->place.environment = &f->environment;
}

static void open_side(struct fixture *f, enum xcy_side side)
{
    fill(f, side);
    assert_ok(xcy_mysql_posts.open(&f->place, &f->posts, &f->err), &f->err);
}

/* A writer whose store is empty. */
static void open_empty(struct fixture *f)
{
    open_side(f, XCY_SIDE_WRITER);
    assert_ok(xcy_mysql_posts.clean(f->posts, &f->err), &f->err);
}

static void write_body(struct fixture *f, const char *key, struct xcy_bytes body, const char *cid)
{
    const struct xcy_metadata metadata = {.name = "cid", .value = cid};
    char version[XCY_KEY_BYTES] = "unset";
    assert_ok(xcy_mysql_posts.write(f->posts, key, body, &metadata, cid ? 1 : 0, version, &f->err),
              &f->err);
    assert_string_equal(version, "");
}

static void write_post(struct fixture *f, const char *key, const char *cid)
{
    write_body(f, key, xcy_bytes("hello there", 5), cid);
}

static bool is_visible(struct fixture *f, const char *key, const char *cid,
                       struct xcy_post_size *size)
{
    bool found = false;
    assert_ok(xcy_mysql_posts.visible(f->posts, key, "", cid, cid != NULL, &found, size, &f->err),
              &f->err);
    return found;
}

static const char a_cid[] = "0123456789abcdef0123456789abcdef";

/* First in the group: there is no database yet. */
static void a_reader_before_the_first_writer_finds_nothing(void **state)
{
    (void)state;
    struct fixture reader;
    struct fixture writer;
    struct xcy_post_size size = {-1, -1};
    open_side(&reader, XCY_SIDE_READER);
    assert_false(is_visible(&reader, "1ABCDEFGHI", NULL, NULL));
    assert_false(is_visible(&reader, "1ABCDEFGHI", a_cid, NULL));
    assert_false(is_visible(&reader, "1ABCDEFGHI", NULL, &size));
    assert_int_equal(size.stored_bytes, 0);
    open_side(&writer, XCY_SIDE_WRITER);
    write_post(&writer, "1ABCDEFGHI", a_cid);
    while (!is_visible(&reader, "1ABCDEFGHI", a_cid, NULL)) { /* once replicated */
    }
    assert_true(is_visible(&reader, "1ABCDEFGHI", NULL, &size));
    assert_int_equal(size.stored_bytes, 10 + 5 + 32);
    xcy_mysql_posts.close(reader.posts);
    xcy_mysql_posts.close(writer.posts);
}

static void written_post_is_visible_and_weighs_its_columns(void **state)
{
    (void)state;
    const struct {
        const char *cid;
        int64_t stored_bytes;
        int64_t metadata_bytes;
    } cases[] = {{NULL, 10 + 5, 0}, {a_cid, 10 + 5 + 32, 32}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        struct xcy_post_size size = {-1, -1};
        open_empty(&f);
        write_post(&f, "1ABCDEFGHI", cases[i].cid);
        assert_true(is_visible(&f, "1ABCDEFGHI", NULL, NULL));
        assert_true(is_visible(&f, "1ABCDEFGHI", NULL, &size));
        assert_int_equal(size.stored_bytes, cases[i].stored_bytes);
        assert_int_equal(size.metadata_bytes, cases[i].metadata_bytes);
        assert_false(is_visible(&f, "2ABCDEFGHI", NULL, NULL));
        assert_false(is_visible(&f, "2ABCDEFGHI", NULL, &size));
        assert_int_equal(size.stored_bytes, 0);
        assert_int_equal(size.metadata_bytes, 0);
        xcy_mysql_posts.close(f.posts);
    }
}

static void a_megabyte_is_weighed_whole_whatever_was_expected(void **state)
{
    (void)state;
    enum { BYTES = 1000000 };
    const int64_t expected[] = {BYTES, 5};
    struct fixture writer;
    char *body = xcy_alloc(BYTES);
    open_empty(&writer);
    memset(body, 'x', BYTES);
    write_body(&writer, "1ABCDEFGHI", xcy_bytes(body, BYTES), NULL);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct fixture reader;
        struct xcy_post_size size = {0};
        fill(&reader, XCY_SIDE_READER);
        reader.environment.combination.post_bytes = expected[i];
        assert_ok(xcy_mysql_posts.open(&reader.place, &reader.posts, &reader.err), &reader.err);
        while (!is_visible(&reader, "1ABCDEFGHI", NULL, &size)) { /* once replicated */
        }
        assert_int_equal(size.stored_bytes, 10 + BYTES);
        xcy_mysql_posts.close(reader.posts);
    }
    free(body);
    xcy_mysql_posts.close(writer.posts);
}

static void barrier_wants_post_and_context_id(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_post_size size;
    open_empty(&f);
    write_post(&f, "1ABCDEFGHI", NULL);
    assert_false(is_visible(&f, "1ABCDEFGHI", a_cid, NULL));
    assert_false(is_visible(&f, "1ABCDEFGHI", a_cid, &size));
    write_post(&f, "2ABCDEFGHI", a_cid);
    assert_true(is_visible(&f, "2ABCDEFGHI", a_cid, NULL));
    assert_true(is_visible(&f, "2ABCDEFGHI", a_cid, &size));
    assert_false(is_visible(&f, "2ABCDEFGHI", "fedcba9876543210fedcba9876543210", NULL));
    assert_false(is_visible(&f, "3ABCDEFGHI", a_cid, NULL));
    xcy_mysql_posts.close(f.posts);
}

static void a_post_written_by_a_second_execution_is_its(void **state)
{
    (void)state;
    struct fixture f;
    open_empty(&f);
    write_post(&f, "1ABCDEFGHI", NULL);
    write_post(&f, "1ABCDEFGHI", a_cid);
    assert_true(is_visible(&f, "1ABCDEFGHI", a_cid, NULL));
    xcy_mysql_posts.close(f.posts);
}

static void size_is_of_keys_bodies_and_context_ids_and_clean_leaves_nothing(void **state)
{
    (void)state;
    struct fixture f;
    int64_t items = -1;
    int64_t bytes = -1;
    open_empty(&f);
    assert_ok(xcy_mysql_posts.size(f.posts, &items, &bytes, &f.err), &f.err);
    assert_int_equal(items, 0);
    assert_int_equal(bytes, 0);
    write_post(&f, "1ABCDEFGHI", NULL);
    write_post(&f, "2ABCDEFGHI", a_cid);
    assert_ok(xcy_mysql_posts.size(f.posts, &items, &bytes, &f.err), &f.err);
    assert_int_equal(items, 2);
    assert_int_equal(bytes, (10 + 5) + (10 + 5 + 32));
    assert_ok(xcy_mysql_posts.clean(f.posts, &f.err), &f.err);
    assert_false(is_visible(&f, "1ABCDEFGHI", NULL, NULL));
    assert_ok(xcy_mysql_posts.size(f.posts, &items, &bytes, &f.err), &f.err);
    assert_int_equal(items, 0);
    xcy_mysql_posts.close(f.posts);
}

static void calls_end_by_the_places_limit(void **state)
{
    (void)state;
    enum { WAIT_MS = 120 };
    struct fixture f;
    struct xcy_mono limit;
    char version[XCY_KEY_BYTES];
    open_empty(&f);
    struct xcy_mysql *holder = xcy_test_mariadb_connect(&servers, servers.ends.writer);
    assert_ok(xcy_mysql_execute(holder, "BEGIN", xcy_test_soon(), &f.err), &f.err);
    assert_ok(xcy_mysql_execute(holder, "INSERT INTO xcydriver.posts VALUES ('held', NULL, '')",
                                xcy_test_soon(), &f.err),
              &f.err);
    struct xcy_mono start = xcy_mono_now();
    limit = xcy_mono_add(start, WAIT_MS * XCY_NS_PER_MS);
    f.place.limit = &limit;
    assert_status(
        xcy_mysql_posts.write(f.posts, "held", xcy_bytes_of("x"), NULL, 0, version, &f.err),
        XCY_ETIMEOUT, &f.err);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= WAIT_MS * XCY_NS_PER_MS);
    assert_ok(xcy_mysql_execute(holder, "ROLLBACK", xcy_test_soon(), &f.err), &f.err);
    limit = xcy_test_soon();
    write_post(&f, "held", NULL);
    xcy_mysql_close(holder);
    xcy_mysql_posts.close(f.posts);
}

static void what_is_missing_in_the_environment_is_told(void **state)
{
    (void)state;
    static char nowhere[] = "127.0.0.1:1";
    static char quoted[] = "a`b";
    static char none[] = "";
    const struct {
        enum xcy_side side;
        char *writer;
        char *reader;
        char *database;
        int64_t post_bytes;
        enum xcy_status status;
        const char *told;
    } cases[] = {
        {XCY_SIDE_WRITER, none, nowhere, database, 5, XCY_EUSAGE, "no MySQL server for the writer"},
        {XCY_SIDE_READER, nowhere, NULL, database, 5, XCY_EUSAGE, "no MySQL server for the reader"},
        {XCY_SIDE_WRITER, nowhere, NULL, none, 5, XCY_EUSAGE, "XCY_MYSQL_DATABASE"},
        {XCY_SIDE_WRITER, nowhere, NULL, quoted, 5, XCY_EUSAGE, "got 'a`b'"},
        {XCY_SIDE_WRITER, nowhere, NULL, database, 67108865, XCY_EUSAGE, "post_bytes 67108865"},
        {XCY_SIDE_WRITER, nowhere, NULL, database, 5, XCY_ENET, "127.0.0.1:1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        fill(&f, cases[i].side);
        f.environment.mysql.writer = cases[i].writer;
        f.environment.mysql.reader = cases[i].reader;
        f.environment.mysql_database = cases[i].database;
        f.environment.combination.post_bytes = cases[i].post_bytes;
        assert_status(xcy_mysql_posts.open(&f.place, &f.posts, &f.err), cases[i].status, &f.err);
        assert_non_null(strstr(f.err.text, cases[i].told));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_before_the_first_writer_finds_nothing),
        cmocka_unit_test(written_post_is_visible_and_weighs_its_columns),
        cmocka_unit_test(a_megabyte_is_weighed_whole_whatever_was_expected),
        cmocka_unit_test(barrier_wants_post_and_context_id),
        cmocka_unit_test(a_post_written_by_a_second_execution_is_its),
        cmocka_unit_test(size_is_of_keys_bodies_and_context_ids_and_clean_leaves_nothing),
        cmocka_unit_test(calls_end_by_the_places_limit),
        cmocka_unit_test(what_is_missing_in_the_environment_is_told),
    };
    return cmocka_run_group_tests(tests, start_servers, stop_servers);
}
