/* The driver against the sandbox's own S3: "posts-writer" is replicated to "posts-reader". */
#include "functions/posts/s3.h"

#include "common/aws/s3.h"
#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>

struct posts {
    struct stand *stand;
    struct xcy_environment environment;
    struct xcy_mono limit;
    struct xcy_backend_place places[2]; /* by side */
    void *sides[2];
};

static void open_side(struct posts *p, enum xcy_side side)
{
    struct xcy_error err;
    p->places[side] = (struct xcy_backend_place){.environment = &p->environment,
                                                 .aws = side == XCY_SIDE_WRITER ? &p->stand->writer
                                                                                : &p->stand->reader,
                                                 .side = side,
                                                 .limit = &p->limit};
    assert_ok(xcy_s3_posts.open(&p->places[side], &p->sides[side], &err), &err);
}

static struct posts *open_posts(const struct stand_lags *lags)
{
    struct posts *p = xcy_alloc(sizeof *p);
    p->stand = stand_open(lags);
    p->environment.s3_writer = xcy_strdup("posts-writer");
    p->environment.s3_reader = xcy_strdup("posts-reader");
    snprintf(p->environment.combination.reader_region,
             sizeof p->environment.combination.reader_region, "us-east-1");
    p->limit = xcy_mono_add(xcy_mono_now(), 60 * XCY_NS_PER_S);
    open_side(p, XCY_SIDE_WRITER);
    open_side(p, XCY_SIDE_READER);
    return p;
}

static int open_plain(void **state)
{
    *state = open_posts(NULL);
    return 0;
}

static int open_gated(void **state)
{
    *state = open_posts(&(struct stand_lags){.replication = -1});
    return 0;
}

static int close_posts(void **state)
{
    struct posts *p = *state;
    xcy_s3_posts.close(p->sides[XCY_SIDE_WRITER]);
    xcy_s3_posts.close(p->sides[XCY_SIDE_READER]);
    stand_close(p->stand);
    free(p->environment.s3_writer);
    free(p->environment.s3_reader);
    free(p);
    return 0;
}

static void write_post(const struct posts *p, const char *key, const char *cid,
                       char version[XCY_KEY_BYTES])
{
    struct xcy_error err;
    struct xcy_metadata metadata = {"cid", cid};
    assert_ok(xcy_s3_posts.write(p->sides[XCY_SIDE_WRITER], key, xcy_bytes_of("0123456789"),
                                 &metadata, cid ? 1 : 0, version, &err),
              &err);
}

static bool probe(const struct posts *p, const char *key, const char *version, const char *cid)
{
    struct xcy_error err;
    bool found = false;
    assert_ok(xcy_s3_posts.visible(p->sides[XCY_SIDE_READER], key, version, cid, true, &found, NULL,
                                   &err),
              &err);
    return found;
}

static bool read_post(const struct posts *p, const char *key, const char *version,
                      struct xcy_post_size *size)
{
    struct xcy_error err;
    bool found = false;
    assert_ok(xcy_s3_posts.visible(p->sides[XCY_SIDE_READER], key, version, NULL, false, &found,
                                   size, &err),
              &err);
    return found;
}

static void written_post_has_the_version_that_s3_gave_it(void **state)
{
    const struct posts *p = *state;
    char first[XCY_KEY_BYTES];
    char second[XCY_KEY_BYTES];
    write_post(p, "1A", "c1", first);
    write_post(p, "1A", "c2", second);
    assert_int_equal(strlen(first), 32);
    assert_string_not_equal(first, second);
    assert_true(probe(p, "1A", first, "c1"));
    assert_true(probe(p, "1A", second, "c2"));
}

static void stored_bytes_are_those_of_key_body_and_metadata(void **state)
{
    const struct posts *p = *state;
    char version[XCY_KEY_BYTES];
    struct xcy_post_size size = {0};
    write_post(p, "1A", "c123", version);
    assert_true(read_post(p, "1A", version, &size));
    assert_int_equal(size.stored_bytes, 2 + 10 + 3 + 4);
    assert_int_equal(size.metadata_bytes, 3 + 4);
    write_post(p, "2B", NULL, version);
    assert_true(read_post(p, "2B", version, &size));
    assert_int_equal(size.stored_bytes, 2 + 10);
    assert_int_equal(size.metadata_bytes, 0);
}

static void missing_post_is_not_found_and_weighs_nothing(void **state)
{
    const struct posts *p = *state;
    struct xcy_post_size size = {7, 7};
    assert_false(read_post(p, "none", "", &size));
    assert_int_equal(size.stored_bytes, 0);
    assert_int_equal(size.metadata_bytes, 0);
    assert_false(probe(p, "none", "x", "c"));
}

static void dependent_read_takes_the_latest_whatever_version_it_was_told(void **state)
{
    const struct posts *p = *state;
    char version[XCY_KEY_BYTES];
    struct xcy_post_size size;
    write_post(p, "1A", "c1", version);
    assert_true(read_post(p, "1A", "another", &size));
    struct xcy_json *reads = stand_truth(p->stand, "read");
    assert_int_equal(xcy_json_size(reads), 1);
    assert_false(xcy_json_get_bool(xcy_json_at(reads, 0), "strong", true));
    xcy_json_free(reads);
}

static void barrier_probe_asks_for_the_very_version(void **state)
{
    const struct posts *p = *state;
    char first[XCY_KEY_BYTES];
    char second[XCY_KEY_BYTES];
    write_post(p, "1A", "c1", first);
    assert_false(probe(p, "1A", first, "c1")); /* the gate opens */
    write_post(p, "1A", "c2", second);
    assert_true(probe(p, "1A", first, "c1"));
    assert_false(probe(p, "1A", second, "c2")); /* an older version is not this one */
    assert_true(probe(p, "1A", second, "c2"));
}

static void version_of_another_context_does_not_open_the_barrier(void **state)
{
    const struct posts *p = *state;
    char version[XCY_KEY_BYTES];
    write_post(p, "1A", "c1", version);
    assert_false(probe(p, "1A", version, "c2"));
    assert_true(probe(p, "1A", version, NULL));
    write_post(p, "2B", NULL, version);
    assert_false(probe(p, "2B", version, "c1"));
}

static int64_t count_versions(const struct xcy_aws *aws, const char *bucket)
{
    struct xcy_error err;
    struct xcy_s3_page page = {0};
    assert_ok(xcy_s3_list_versions(aws, bucket, NULL, NULL, &page, &err), &err);
    int64_t n = (int64_t)page.n + (page.next_key != NULL);
    xcy_s3_page_clear(&page);
    return n;
}

static void writers_clean_empties_both_buckets(void **state)
{
    const struct posts *p = *state;
    struct xcy_error err;
    char version[XCY_KEY_BYTES];
    for (int i = 0; i < 12; i++) {
        char key[16];
        snprintf(key, sizeof key, "%dK", i % 10);
        write_post(p, key, "c", version);
    }
    char key[] = "0K";
    const struct xcy_s3_listed marker = {.key = key};
    assert_ok(xcy_s3_delete(&p->stand->writer, "posts-writer", &marker, 1, &err), &err);
    assert_int_equal(count_versions(&p->stand->writer, "posts-writer"), 13);
    assert_int_equal(count_versions(&p->stand->reader, "posts-reader"), 12);
    assert_ok(xcy_s3_posts.clean(p->sides[XCY_SIDE_WRITER], &err), &err);
    assert_int_equal(count_versions(&p->stand->writer, "posts-writer"), 0);
    assert_int_equal(count_versions(&p->stand->reader, "posts-reader"), 0);
    assert_ok(xcy_s3_posts.clean(p->sides[XCY_SIDE_WRITER], &err), &err);
}

static void readers_clean_leaves_the_writers_bucket_alone(void **state)
{
    const struct posts *p = *state;
    struct xcy_error err;
    char version[XCY_KEY_BYTES];
    write_post(p, "1A", "c", version);
    assert_ok(xcy_s3_posts.clean(p->sides[XCY_SIDE_READER], &err), &err);
    assert_int_equal(count_versions(&p->stand->writer, "posts-writer"), 1);
    assert_int_equal(count_versions(&p->stand->reader, "posts-reader"), 0);
}

static void clean_of_more_than_a_page_goes_on_to_the_end(void **state)
{
    const struct posts *p = *state;
    struct xcy_error err;
    char version[XCY_KEY_BYTES];
    struct xcy_s3_listed markers[XCY_S3_DELETE_MAX];
    for (int i = 0; i < XCY_S3_DELETE_MAX; i++) {
        markers[i] = (struct xcy_s3_listed){.key = xcy_format("m%d", i)};
    }
    assert_ok(xcy_s3_delete(&p->stand->writer, "posts-writer", markers, XCY_S3_DELETE_MAX, &err),
              &err);
    for (int i = 0; i < XCY_S3_DELETE_MAX; i++) {
        free(markers[i].key);
    }
    write_post(p, "z", "c", version);
    assert_ok(xcy_s3_posts.clean(p->sides[XCY_SIDE_WRITER], &err), &err);
    assert_int_equal(count_versions(&p->stand->writer, "posts-writer"), 0);
    assert_int_equal(count_versions(&p->stand->reader, "posts-reader"), 0);
}

static void clean_that_runs_out_of_time_says_to_clean_again(void **state)
{
    struct posts *p = *state;
    struct xcy_error err;
    char version[XCY_KEY_BYTES];
    write_post(p, "1A", "c", version);
    p->limit = xcy_mono_add(xcy_mono_now(), 299 * XCY_NS_PER_MS);
    enum xcy_status status = xcy_s3_posts.clean(p->sides[XCY_SIDE_WRITER], &err);
    assert_true(status == XCY_ETIMEOUT || status == XCY_ENET); /* the latter on a slow machine */
    assert_non_null(strstr(err.text, "emptying bucket posts-writer"));
    assert_int_equal(count_versions(&p->stand->writer, "posts-writer"), 1);
}

static void size_is_that_of_what_this_side_sees(void **state)
{
    const struct posts *p = *state;
    struct xcy_error err;
    char version[XCY_KEY_BYTES];
    int64_t items = -1;
    int64_t bytes = -1;
    write_post(p, "1A", "c", version);
    write_post(p, "2B", "c", version);
    assert_ok(xcy_s3_posts.size(p->sides[XCY_SIDE_WRITER], &items, &bytes, &err), &err);
    assert_int_equal(items, 2);
    assert_int_equal(bytes, 20);
    assert_ok(xcy_s3_posts.size(p->sides[XCY_SIDE_READER], &items, &bytes, &err), &err);
    assert_int_equal(items, 0);
    assert_int_equal(bytes, 0);
}

static void what_cannot_work_shows_when_opening(void **state)
{
    struct posts *p = *state;
    struct xcy_error err;
    void *opened = NULL;
    struct xcy_backend_place place = p->places[XCY_SIDE_WRITER];
    struct xcy_environment e = p->environment;
    char none[] = "no-such-bucket";
    char empty[] = "";
    place.environment = &e;
    e.s3_writer = none;
    assert_status(xcy_s3_posts.open(&place, &opened, &err), XCY_ENOTFOUND, &err);
    assert_non_null(strstr(err.text, "NoSuchBucket"));
    e.s3_writer = empty;
    assert_status(xcy_s3_posts.open(&place, &opened, &err), XCY_EUSAGE, &err);
    e.s3_writer = p->environment.s3_writer;
    e.combination.post_bytes = (16 << 20) + 1;
    assert_status(xcy_s3_posts.open(&place, &opened, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "16777217"));
    assert_null(opened);
}

static void refused_signature_is_an_error_and_not_a_missing_post(void **state)
{
    struct posts *p = *state;
    struct xcy_error err;
    struct xcy_aws aws = p->stand->reader;
    struct xcy_credentials wrong = p->stand->credentials;
    char secret[] = "wrong";
    wrong.secret_key = secret;
    aws.credentials = &wrong;
    p->places[XCY_SIDE_READER].aws = &aws;
    bool found = true;
    struct xcy_post_size size = {0};
    void *reader = p->sides[XCY_SIDE_READER];
    assert_status(xcy_s3_posts.visible(reader, "1A", "v", "c", true, &found, NULL, &err), XCY_EAUTH,
                  &err);
    assert_status(xcy_s3_posts.visible(reader, "1A", "v", NULL, false, &found, &size, &err),
                  XCY_EAUTH, &err);
    assert_true(found); /* as it was */
}

#define WITH(how, test) cmocka_unit_test_setup_teardown(test, open_##how, close_posts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(plain, written_post_has_the_version_that_s3_gave_it),
        WITH(plain, stored_bytes_are_those_of_key_body_and_metadata),
        WITH(plain, missing_post_is_not_found_and_weighs_nothing),
        WITH(plain, dependent_read_takes_the_latest_whatever_version_it_was_told),
        WITH(gated, barrier_probe_asks_for_the_very_version),
        WITH(plain, version_of_another_context_does_not_open_the_barrier),
        WITH(plain, writers_clean_empties_both_buckets),
        WITH(plain, readers_clean_leaves_the_writers_bucket_alone),
        WITH(gated, clean_of_more_than_a_page_goes_on_to_the_end),
        WITH(plain, clean_that_runs_out_of_time_says_to_clean_again),
        WITH(gated, size_is_that_of_what_this_side_sees),
        WITH(plain, what_cannot_work_shows_when_opening),
        WITH(plain, refused_signature_is_an_error_and_not_a_missing_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
