#include "tests/unit/plotconf/scratch.h"

#include "plotconf/paths.h"

/* What resolving gave: the paths joined by blanks, without the folder, and the notes as text. */
struct resolved {
    enum xcy_status status;
    struct xcy_error err;
    char *paths;
    char *notes;
};

static struct resolved resolve(const char *folder, const char *list)
{
    struct resolved r = {.status = XCY_OK};
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_notes notes;
    struct xcy_paths paths = {0};
    struct xcy_buf joined;
    xcy_notes_init(&notes);
    xcy_buf_init(&joined, 4096);
    assert_ok(xcy_yaml_parse("plots.yml", xcy_bytes_of(list), &doc, &r.err), &r.err);
    r.status = xcy_paths_resolve(xcy_yaml_root(doc), folder, &notes, &paths, &r.err);
    for (size_t i = 0; i < paths.n; i++) {
        assert_int_equal(strncmp(paths.items[i], folder, strlen(folder)), 0);
        xcy_buf_addf(&joined, "%s%s", i > 0 ? " " : "", paths.items[i] + strlen(folder) + 1);
    }
    struct xcy_json *told = xcy_notes_take(&notes);
    r.notes = xcy_json_text(told);
    r.paths = xcy_buf_take(&joined);
    xcy_json_free(told);
    xcy_paths_clear(&paths);
    xcy_yaml_free(doc);
    return r;
}

static void resolved_clear(struct resolved *r)
{
    free(r->paths);
    free(r->notes);
}

static void check_found(const char *folder, const char *list, const char *expected)
{
    struct resolved r = resolve(folder, list);
    assert_int_equal(r.status, XCY_OK);
    assert_string_equal(r.paths, expected);
    assert_string_equal(r.notes, "[]");
    resolved_clear(&r);
}

static void check_noted(const char *folder, const char *list, const char *expected,
                        const char *words)
{
    struct resolved r = resolve(folder, list);
    assert_int_equal(r.status, XCY_OK);
    assert_string_equal(r.paths, expected);
    assert_has(r.notes, words);
    resolved_clear(&r);
}

static char *folder_with_runs(void)
{
    char *folder = folder_new();
    scratch_dir(folder, "cache-sns/eu-us__10__delay-0ms-2");
    scratch_dir(folder, "cache-sns/eu-us__10__delay-0ms-1");
    scratch_dir(folder, "dynamo-sns/antipode__eu-us__10__delay-0ms-3");
    scratch_file(folder, "cache-sns/eu-us__note", "not a run");
    return folder;
}

static void paths_keep_the_order_of_the_config(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_found(folder,
                "- dynamo-sns/antipode__eu-us__10__delay-0ms-3\n"
                "- cache-sns/eu-us__10__delay-0ms-2\n",
                "dynamo-sns/antipode__eu-us__10__delay-0ms-3 cache-sns/eu-us__10__delay-0ms-2");
    folder_free(folder);
}

static void a_wildcard_gives_its_directories_in_alphabetical_order(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_found(folder, "['cache-sns/eu-us__*']\n",
                "cache-sns/eu-us__10__delay-0ms-1 cache-sns/eu-us__10__delay-0ms-2");
    check_found(folder, "['*-sns/*-[13]']\n",
                "cache-sns/eu-us__10__delay-0ms-1 dynamo-sns/antipode__eu-us__10__delay-0ms-3");
    folder_free(folder);
}

static void a_directory_that_is_there_is_taken_by_its_name(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    char *root = xcy_format("%s/root [1]*", folder);
    scratch_dir(root, "run[12]");
    scratch_dir(root, "run1");
    scratch_dir(root, "b\\c");
    check_found(root, "['run[12]', 'b\\c', 'run?']\n", "run[12] b\\c run1");
    check_noted(root, "[run1, run7]\n", "run1", "did you mean");
    check_noted(root, "[run1, 'z*']\n", "run1", "no_match");
    char *list = xcy_format("['%s/run[12]']\n", root);
    check_found(root, list, "run[12]");
    free(list);
    free(root);
    folder_free(folder);
}

static void an_absolute_path_does_not_depend_on_the_root(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    char *list = xcy_format("[%s/cache-sns]\n", folder);
    check_found(folder, list, "cache-sns");
    free(list);
    folder_free(folder);
}

static void what_is_missing_is_noted_and_the_rest_is_found(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_noted(folder, "- 's3-*/*'\n- dynamo-sns/*\n",
                "dynamo-sns/antipode__eu-us__10__delay-0ms-3", "plots.yml:1: nothing matches ");
    check_noted(folder, "- cache-sns\n- cache-sns/eu-us__99\n", "cache-sns",
                "plots.yml:2: no directory ");
    folder_free(folder);
}

static void the_nearest_name_there_is_is_told(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_noted(folder, "[cache-sns, cache-sns/eu-us__10__delay-0ms-7]\n", "cache-sns",
                "/cache-sns/eu-us__10__delay-0ms-1'?");
    check_noted(folder, "[cache-sns, dynmo-sns/eu-us__10__delay-0ms-1]\n", "cache-sns",
                "/dynamo-sns'?");
    folder_free(folder);
}

static void nothing_at_all_is_a_failure_that_names_the_first(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    struct resolved r = resolve(folder, "- mq/a\n- 's3-*'\n");
    assert_int_equal(r.status, XCY_ENOTFOUND);
    assert_says(&r.err, "plots.yml:1: no directory ");
    resolved_clear(&r);
    folder_free(folder);
}

static void what_is_named_twice_counts_twice_and_is_noted(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_noted(folder, "[dynamo-sns/, dynamo-sns//]\n", "dynamo-sns dynamo-sns", "repeated");
    check_noted(folder, "[dynamo-sns, 'dyn*']\n", "dynamo-sns dynamo-sns", "repeated");
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_keep_the_order_of_the_config),
        cmocka_unit_test(a_wildcard_gives_its_directories_in_alphabetical_order),
        cmocka_unit_test(a_directory_that_is_there_is_taken_by_its_name),
        cmocka_unit_test(an_absolute_path_does_not_depend_on_the_root),
        cmocka_unit_test(what_is_missing_is_noted_and_the_rest_is_found),
        cmocka_unit_test(the_nearest_name_there_is_is_told),
        cmocka_unit_test(nothing_at_all_is_a_failure_that_names_the_first),
        cmocka_unit_test(what_is_named_twice_counts_twice_and_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
