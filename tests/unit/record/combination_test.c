#include "tests/support/unit.h"

#include "common/record/combination.h"

#include <stdlib.h>
#include <string.h>

static const struct xcy_combination sample = {
    .post_storage = XCY_POST_CACHE,
    .notification_storage = XCY_NOTIFICATION_SNS,
    .consistency = XCY_CONSISTENCY_ANTIPODE,
    .delay_ms = 50,
    .post_bytes = 1000,
    .visibility = XCY_VISIBILITY_SAMPLE,
    .visibility_share = 0.1,
    .writer_region = "eu-central-1",
    .reader_region = "us-east-1",
};

static void folder_and_description_name_the_combination(void **state)
{
    (void)state;
    char folder[32];
    char text[160];
    xcy_combination_folder(&sample, folder);
    xcy_combination_describe(&sample, text);
    assert_string_equal(folder, "cache-sns");
    assert_string_equal(text, "cache-sns, antipode, delay 50 ms, eu-central-1 to us-east-1");
}

static void the_longest_description_fits(void **state)
{
    (void)state;
    struct xcy_combination c = sample;
    char text[160];
    c.post_storage = XCY_POST_DYNAMO;
    c.notification_storage = XCY_NOTIFICATION_DYNAMO;
    c.delay_ms = INT64_MIN;
    memset(c.writer_region, 'w', sizeof c.writer_region - 1);
    memset(c.reader_region, 'r', sizeof c.reader_region - 1);
    xcy_combination_describe(&c, text);
    assert_non_null(strstr(text, c.reader_region));
}

static void a_combination_survives_json(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_combination back;
    struct xcy_json *json = xcy_combination_to_json(&sample);
    assert_ok(xcy_combination_from_json(json, &back, &err), &err);
    assert_true(xcy_combination_equal(&sample, &back));
    xcy_json_free(json);
}

static void every_member_makes_a_difference(void **state)
{
    (void)state;
    struct xcy_combination c[9];
    for (int n = 0; n < 9; n++) {
        c[n] = sample;
    }
    c[0].post_storage = XCY_POST_DYNAMO;
    c[1].notification_storage = XCY_NOTIFICATION_MQ;
    c[2].consistency = XCY_CONSISTENCY_NONE;
    c[3].delay_ms = 51;
    c[4].post_bytes = 1001;
    c[5].visibility = XCY_VISIBILITY_INLINE;
    c[6].visibility_share = 0.2;
    strcpy(c[7].writer_region, "us-east-1");
    strcpy(c[8].reader_region, "ap-southeast-1");
    assert_true(xcy_combination_equal(&sample, &sample));
    for (int n = 0; n < 9; n++) {
        assert_false(xcy_combination_equal(&sample, &c[n]));
    }
}

static void wrong_json_names_the_member(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"post_storage", "\"dinamo\"", "post_storage: \"dinamo\" is not known"},
        {"post_storage", "7", "post_storage: missing, or not a string"},
        {"notification_storage", "null", "notification_storage: missing, or not a string"},
        {"consistency", "\"\"", "consistency: \"\" is not known"},
        {"delay_ms", "-1", "delay_ms: not a whole number of 0 or more"},
        {"delay_ms", "1.5", "delay_ms: not a whole number of 0 or more"},
        {"post_bytes", "null", "post_bytes: missing"},
        {"visibility", "\"sample:2\"", "visibility: \"sample:2\" is not off, inline"},
        {"visibility", "1", "visibility: missing, or not a string"},
        {"writer_region", "\"a-region-that-is-far-too-long-to-be-one\"",
         "writer_region: 39 characters, at most 31"},
        {"reader_region", "\"\"", "reader_region: empty"},
        {"reader_region", "\"us east\"", "reader_region: holds a blank"},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_combination untouched = {.delay_ms = 77};
        struct xcy_json *value = NULL;
        struct xcy_json *json = xcy_combination_to_json(&sample);
        assert_ok(xcy_json_parse(xcy_bytes_of(cases[n][1]), &value, &err), &err);
        xcy_json_put(json, cases[n][0], value);
        assert_status(xcy_combination_from_json(json, &untouched, &err), XCY_EPARSE, &err);
        if (strncmp(err.text, cases[n][2], strlen(cases[n][2])) != 0) {
            fail_msg("%s", err.text);
        }
        assert_int_equal(untouched.delay_ms, 77);
        xcy_json_free(json);
    }
}

static void visibility_has_three_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {"off", "inline", "sample:0.1", "sample:1.0"};
    static const double shares[] = {0, 1, 0.1, 1};
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
        struct xcy_error err;
        struct xcy_combination c = {0};
        char text[XCY_VISIBILITY_BYTES];
        assert_ok(xcy_visibility_parse(texts[n], &c, &err), &err);
        assert_true(c.visibility_share == shares[n]);
        xcy_visibility_format(&c, text);
        assert_string_equal(text, texts[n]);
    }
}

static void other_visibilities_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "on",  "sample",    "sample:",      "sample:0", "sample:1.1", "sample:-0.1",
        "sample:nan", "OFF", "sample: 1", "sample:0.1.2", "inline "};
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
        struct xcy_error err;
        struct xcy_combination c = {.visibility_share = 5};
        assert_status(xcy_visibility_parse(texts[n], &c, &err), XCY_EPARSE, &err);
        assert_true(c.visibility_share == 5);
    }
}

static void visibility_defaults_to_inline_for_sns_only(void **state)
{
    (void)state;
    struct xcy_combination c = {.notification_storage = XCY_NOTIFICATION_SNS};
    xcy_visibility_set_default(&c);
    assert_int_equal(c.visibility, XCY_VISIBILITY_INLINE);
    assert_true(c.visibility_share == 1);
    c.notification_storage = XCY_NOTIFICATION_MQ;
    xcy_visibility_set_default(&c);
    assert_int_equal(c.visibility, XCY_VISIBILITY_OFF);
    assert_true(c.visibility_share == 0);
}

static void aliases_stand_for_regions(void **state)
{
    (void)state;
    assert_string_equal(xcy_region_of_alias("eu"), "eu-central-1");
    assert_string_equal(xcy_region_of_alias("us"), "us-east-1");
    assert_string_equal(xcy_region_of_alias("sg"), "ap-southeast-1");
    assert_string_equal(xcy_region_of_alias("eu-west-3"), "eu-west-3");
    assert_string_equal(xcy_alias_of_region("ap-southeast-1"), "sg");
    assert_string_equal(xcy_alias_of_region("eu-west-3"), "eu-west-3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folder_and_description_name_the_combination),
        cmocka_unit_test(the_longest_description_fits),
        cmocka_unit_test(a_combination_survives_json),
        cmocka_unit_test(every_member_makes_a_difference),
        cmocka_unit_test(wrong_json_names_the_member),
        cmocka_unit_test(visibility_has_three_forms),
        cmocka_unit_test(other_visibilities_are_refused),
        cmocka_unit_test(visibility_defaults_to_inline_for_sns_only),
        cmocka_unit_test(aliases_stand_for_regions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
