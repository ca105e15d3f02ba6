#include "tests/unit/plotconf/scratch.h"

#include "plotconf/gathered.h"

#include <math.h>

#define TAGS                                                                                       \
    "'%_INCONSISTENCIES': 0.5\nANTIPODE_ENABLED: false\nAVG_NOTIFICATION_SIZE_BYTES: 1982\n"       \
    "AVG_POST_STORAGE_SIZE_BYTES: 350012\nDELAY: 250\nNOTIFICATION_STORAGE: sns\n"                 \
    "NUM_RESULTS: 2/2\nPOST_STORAGE: dynamo\nREADER_REGION: us\n"

static enum xcy_status read_of(const char *tags, struct xcy_gathered *g, struct xcy_error *err)
{
    char *folder = folder_new();
    if (tags) {
        scratch_file(folder, "tags.yml", tags);
    }
    enum xcy_status status = xcy_gathered_read(folder, g, err);
    folder_free(folder);
    return status;
}

static void the_tags_of_the_reference_are_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    assert_ok(read_of(TAGS, &g, &err), &err);
    assert_int_equal(g.post_storage, XCY_POST_DYNAMO);
    assert_int_equal(g.notification_storage, XCY_NOTIFICATION_SNS);
    assert_int_equal(g.side, XCY_SIDE_ORIGINAL);
    assert_true(g.n_results == 2 && g.n_asked == 2);
    assert_true(g.delay_ms == 250);
    assert_string_equal(g.reader_region, "us-east-1"); /* the full name */
    assert_string_equal(g.writer_region, "");
    assert_true(g.inconsistent_share == 0.5);
    assert_true(g.post_avg_bytes == 350012 && g.notification_avg_bytes == 1982);
    assert_true(isnan(g.post_total_bytes) && isnan(g.prevented_share));
    xcy_gathered_clear(&g);
}

static void those_of_its_rendezvous_branch_too(void **state)
{
    (void)state;
    static const struct {
        const char *antipode;
        const char *rendezvous;
        enum xcy_side side;
    } cases[] = {{"false", "true", XCY_SIDE_RENDEZVOUS},
                 {"false", "false", XCY_SIDE_ORIGINAL},
                 {"true", "true", XCY_SIDE_ANTIPODE}}; /* as the reference decides */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_gathered g;
        char *tags =
            xcy_format("'%%_INCONSISTENCIES': 0.0\n'%%_PREVENTED_INCONSISTENCIES': 0.25\n"
                       "ANTIPODE_ENABLED: %s\nNOTIFICATION_STORAGE: sns\nPOST_STORAGE: s3\n"
                       "RENDEZVOUS_ENABLED: %s\nRENDEZVOUS_NCC: %s\n",
                       cases[i].antipode, cases[i].rendezvous, i == 0 ? "true" : "null");
        assert_ok(read_of(tags, &g, &err), &err);
        assert_int_equal(g.side, cases[i].side);
        assert_true(g.prevented_share == 0.25);
        assert_true(g.has_ncc == (i == 0));
        assert_true(g.n_results == 0);
        xcy_gathered_clear(&g);
        free(tags);
    }
}

static void a_share_is_counted_only_where_it_is_a_whole_number_of_results(void **state)
{
    (void)state;
    const struct xcy_gathered g = {.n_results = 824, .inconsistent_share = 0.08616504854368932};
    const struct xcy_gathered unknown = {.inconsistent_share = 0.5};
    int64_t events = 0;
    assert_true(xcy_gathered_count(&g, g.inconsistent_share, &events));
    assert_int_equal(events, 71);
    assert_false(xcy_gathered_count(&g, 0.0862, &events));
    assert_false(xcy_gathered_count(&g, 1.5, &events));
    assert_false(xcy_gathered_count(&g, NAN, &events));
    assert_false(xcy_gathered_count(&unknown, 0.5, &events));
    assert_false(xcy_gathered_count(&g, -1, &events));
    assert_false(xcy_gathered_count(&g, 2, &events));
    assert_int_equal(events, 71); /* as it was */
}

static void results_that_make_no_sense_are_not_known(void **state)
{
    (void)state;
    static const char *const cases[] = {"9/8", "0/8", "8", "a/b", "8/", "-1/8"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_gathered g;
        char *tags = xcy_format("ANTIPODE_ENABLED: false\nNOTIFICATION_STORAGE: sns\n"
                                "NUM_RESULTS: %s\nPOST_STORAGE: s3\n",
                                cases[i]);
        assert_ok(read_of(tags, &g, &err), &err);
        assert_int_equal(g.n_results, 0);
        xcy_gathered_clear(&g);
        free(tags);
    }
}

static void malformed_tags_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *tags;
        const char *words;
    } cases[] = {
        {"", "tags.yml: no key POST_STORAGE"},
        {"NOTIFICATION_STORAGE: sns\n", "tags.yml: no key POST_STORAGE"},
        {"POST_STORAGE: [s3]\n", "tags.yml: no key POST_STORAGE"},
        {"DELAY: 0\nPOST_STORAGE: redis\n", "tags.yml:2: POST_STORAGE: 'redis' is not known"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sqs\n",
         "tags.yml:2: NOTIFICATION_STORAGE: 'sqs'"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: 1\n",
         "tags.yml:3: ANTIPODE_ENABLED: '1'"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: true\n"
         "RENDEZVOUS_ENABLED: yes\n",
         "tags.yml:4: RENDEZVOUS_ENABLED: 'yes' is not known"},
        {"POST_STORAGE: s3\nNOTIFICATION_STORAGE: sns\nANTIPODE_ENABLED: true\n"
         "AVG_POST_STORAGE_SIZE_BYTES: many\n",
         "tags.yml:4: AVG_POST_STORAGE_SIZE_BYTES: 'many' is not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_gathered g = {.n_results = 7};
        assert_true(read_of(cases[i].tags, &g, &err) == XCY_EPARSE);
        assert_says(&err, cases[i].words);
        assert_int_equal(g.n_results, 7);
    }
}

/* As a sweep reads it, whose folder names the stores. */
static void a_share_is_read_without_what_it_does_not_need(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    char *folder = folder_new();
    scratch_file(folder, "tags.yml",
                 "'%_INCONSISTENCIES': 0.25\nAVG_POST_STORAGE_SIZE_BYTES: many\n"
                 "NOTIFICATION_STORAGE: null\nNUM_RESULTS: 4/5\n");
    assert_ok(xcy_gathered_read_share(folder, &g, &err), &err);
    assert_true(g.inconsistent_share == 0.25);
    assert_true(g.n_results == 4 && g.n_asked == 5);
    assert_true(g.is_side_guessed && g.side == XCY_SIDE_ORIGINAL);
    xcy_gathered_clear(&g);
    scratch_file(folder, "tags.yml", "ANTIPODE_ENABLED: true\n");
    assert_ok(xcy_gathered_read_share(folder, &g, &err), &err);
    assert_true(isnan(g.inconsistent_share));
    assert_true(!g.is_side_guessed && g.side == XCY_SIDE_ANTIPODE);
    xcy_gathered_clear(&g);
    scratch_file(folder, "tags.yml", "'%_INCONSISTENCIES': many\n");
    assert_status(xcy_gathered_read_share(folder, &g, &err), XCY_EPARSE, &err);
    assert_says(&err, "tags.yml:1: %_INCONSISTENCIES: 'many' is not a number");
    folder_free(folder);
}

static void the_file_that_is_missing_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_gathered g;
    assert_status(read_of(NULL, &g, &err), XCY_ENOTFOUND, &err);
    assert_says(&err, "/tags.yml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tags_of_the_reference_are_read),
        cmocka_unit_test(those_of_its_rendezvous_branch_too),
        cmocka_unit_test(a_share_is_counted_only_where_it_is_a_whole_number_of_results),
        cmocka_unit_test(results_that_make_no_sense_are_not_known),
        cmocka_unit_test(malformed_tags_are_named),
        cmocka_unit_test(a_share_is_read_without_what_it_does_not_need),
        cmocka_unit_test(the_file_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
