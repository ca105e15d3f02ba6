#include "tests/unit/plotconf/scratch.h"

#include "plotconf/arguments.h"

#define PAIR    "combinations: [{post_storage: cache, notification_storage: sns}]\n"
#define REGIONS "writer_region: eu\nreader_region: us\n"

/* The status of reading that text as a plot's arguments. */
static enum xcy_status read_of(const char *text, enum xcy_arguments_form form,
                               struct xcy_arguments *arguments, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    assert_ok(xcy_yaml_parse("plots.yml", xcy_bytes_of(text), &doc, err), err);
    enum xcy_status status = xcy_arguments_read(xcy_yaml_root(doc), form, arguments, err);
    arguments->gather_paths = NULL; /* it is the document's */
    xcy_yaml_free(doc);
    return status;
}

static void check_refused(const char *text, enum xcy_arguments_form form, const char *words)
{
    struct xcy_error err;
    struct xcy_arguments arguments = {.num_requests = 7};
    assert_status(read_of(text, form, &arguments, &err), XCY_EUSAGE, &err);
    assert_says(&err, words);
    assert_int_equal(arguments.num_requests, 7);
}

static void a_sweep_of_the_reference_is_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_arguments a;
    assert_ok(read_of("combinations:\n- {post_storage: 's3', notification_storage: 'sns'}\n"
                      "- {post_storage: mysql, notification_storage: mq}\n" REGIONS
                      "num_requests: '1000'\n",
                      XCY_ARGUMENTS_SWEEP, &a, &err),
              &err);
    assert_int_equal(a.n_pairs, 2);
    assert_int_equal(a.pairs[0].post_storage, XCY_POST_S3);
    assert_int_equal(a.pairs[1].notification_storage, XCY_NOTIFICATION_MQ);
    assert_string_equal(a.writer_region, "eu");
    assert_string_equal(a.reader_region, "us");
    assert_int_equal(a.num_requests, 1000);
    xcy_arguments_clear(&a);
}

static void wrong_arguments_are_named_with_line_key_and_the_nearest_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum xcy_arguments_form form;
        const char *words;
    } cases[] = {
        {"gather_paths: cache-sns\n", XCY_ARGUMENTS_RUNS,
         "plots.yml:1: gather_paths must be a list"},
        {"gather_paths: {a: b}\n", XCY_ARGUMENTS_RUNS, "plots.yml:1: gather_paths must be a list"},
        {"gather_paths:\n- [a]\n", XCY_ARGUMENTS_RUNS, "plots.yml:2: a gather path must be"},
        {"gather_paths:\n- ''\n", XCY_ARGUMENTS_RUNS, "plots.yml:2: a gather path must be"},
        {"gather_path: [a]\n", XCY_ARGUMENTS_RUNS, "did you mean 'gather_paths'?"},
        {"- cache-sns\n", XCY_ARGUMENTS_RUNS, "plots.yml:1: "},
        {"{}\n", XCY_ARGUMENTS_RUNS, "gather_paths"},
        {"gather_paths: [a]\n", XCY_ARGUMENTS_SWEEP, "combinations"},
        {PAIR REGIONS, XCY_ARGUMENTS_SWEEP, "num_requests"},
        {PAIR REGIONS "num_requests: many\n", XCY_ARGUMENTS_SWEEP,
         "plots.yml:4: num_requests must be a whole number"},
        {PAIR REGIONS "num_requests: [1]\n", XCY_ARGUMENTS_SWEEP,
         "plots.yml:4: num_requests must be"},
        {PAIR REGIONS "num_requests: 0\n", XCY_ARGUMENTS_SWEEP,
         "plots.yml:4: num_requests must be"},
        {PAIR "writer_regoin: eu\n", XCY_ARGUMENTS_SWEEP,
         "plots.yml:2: unknown key 'writer_regoin'; did you mean 'writer_region'?"},
        {"combinations: [{post_storage: cahce, notification_storage: sns}]\n" REGIONS,
         XCY_ARGUMENTS_SWEEP, "post_storage must be one of dynamo, s3, mysql, cache, got 'cahce'"},
        {"combinations: [{post_storage: cache, notification_storage: snss}]\n" REGIONS,
         XCY_ARGUMENTS_SWEEP, "plots.yml:1: notification_storage must be one of"},
        {"combinations: [{post_storage: cache}]\n" REGIONS, XCY_ARGUMENTS_SWEEP,
         "notification_storage"},
        {"combinations: [{post_storage: cache, storage: sns}]\n" REGIONS, XCY_ARGUMENTS_SWEEP,
         "plots.yml:1: unknown key 'storage'"},
        {"combinations: cache-sns\n" REGIONS, XCY_ARGUMENTS_SWEEP,
         "plots.yml:1: combinations must be a list"},
        {"combinations: []\n" REGIONS, XCY_ARGUMENTS_SWEEP, "combinations must be a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(cases[i].text, cases[i].form, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_of_the_reference_is_read),
        cmocka_unit_test(wrong_arguments_are_named_with_line_key_and_the_nearest_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
