#include "tests/unit/plotconf/scratch.h"

#include "plotconf/config.h"

static const char *const names[] = {"consistency_window", "storage_overhead"};

/* Reads and checks a config of that text; NULL where it was refused. */
static struct xcy_plot_config *config_of(const char *folder, const char *text,
                                         struct xcy_error *err)
{
    struct xcy_plot_config *config = NULL;
    char *path = xcy_format("%s/plots.yml", folder);
    scratch_file(folder, "plots.yml", text);
    enum xcy_status status = xcy_plot_config_read(path, &config, err);
    if (status == XCY_OK) {
        status = xcy_plot_config_check(config, names, 2, err);
    }
    free(path);
    if (status != XCY_OK) {
        assert_int_equal(err->status, XCY_EUSAGE);
        xcy_plot_config_free(config);
        return NULL;
    }
    return config;
}

/* The paths found under folder, joined by blanks and without it; owned by the caller. */
static char *found(const char *folder, const char *text)
{
    struct xcy_error err;
    char **paths = NULL;
    size_t n = 0;
    struct xcy_buf joined;
    xcy_buf_init(&joined, 4096);
    struct xcy_plot_config *config = config_of(folder, text, &err);
    assert_non_null(config);
    assert_ok(xcy_plot_config_gather_paths(config, "consistency_window", folder, &paths, &n, &err),
              &err);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(strncmp(paths[i], folder, strlen(folder)), 0);
        xcy_buf_addf(&joined, "%s%s", i > 0 ? " " : "", paths[i] + strlen(folder) + 1);
    }
    xcy_paths_free(paths, n);
    xcy_plot_config_free(config);
    return xcy_buf_take(&joined);
}

static void check_found(const char *folder, const char *text, const char *expected)
{
    char *got = found(folder, text);
    assert_string_equal(got, expected);
    free(got);
}

/* The config can be read, but its paths are refused with that status and those words. */
static void check_refused(const char *folder, const char *text, enum xcy_status expected,
                          const char *words)
{
    struct xcy_error err;
    char **paths = NULL;
    size_t n = 7;
    struct xcy_plot_config *config = config_of(folder, text, &err);
    assert_non_null(config);
    assert_status(
        xcy_plot_config_gather_paths(config, "consistency_window", folder, &paths, &n, &err),
        expected, &err);
    assert_says(&err, words);
    assert_null(paths);
    assert_int_equal(n, 7);
    xcy_plot_config_free(config);
}

static char *folder_with_runs(void)
{
    char *folder = scratch_make();
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
                "consistency_window:\n  gather_paths:\n"
                "  - dynamo-sns/antipode__eu-us__10__delay-0ms-3\n"
                "  - cache-sns/eu-us__10__delay-0ms-2\n",
                "dynamo-sns/antipode__eu-us__10__delay-0ms-3 cache-sns/eu-us__10__delay-0ms-2");
    scratch_remove(folder);
}

static void a_wildcard_gives_its_directories_in_alphabetical_order(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_found(folder, "consistency_window:\n  gather_paths: ['cache-sns/eu-us__*']\n",
                "cache-sns/eu-us__10__delay-0ms-1 cache-sns/eu-us__10__delay-0ms-2");
    check_found(folder, "consistency_window: {gather_paths: ['*-sns/*-[13]']}\n",
                "cache-sns/eu-us__10__delay-0ms-1 dynamo-sns/antipode__eu-us__10__delay-0ms-3");
    scratch_remove(folder);
}

static void a_wildcard_without_a_match_is_no_failure(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_found(folder, "consistency_window: {gather_paths: ['s3-*/*', 'dynamo-sns/*']}\n",
                "dynamo-sns/antipode__eu-us__10__delay-0ms-3");
    scratch_remove(folder);
}

static void an_absolute_path_does_not_depend_on_the_root(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    char *text = xcy_format("consistency_window: {gather_paths: [%s/cache-sns]}\n", folder);
    check_found(folder, text, "cache-sns");
    free(text);
    scratch_remove(folder);
}

static void a_directory_that_is_missing_is_named_with_its_line(void **state)
{
    (void)state;
    char *folder = folder_with_runs();
    check_refused(folder,
                  "consistency_window:\n  gather_paths:\n  - cache-sns/eu-us__10__delay-0ms-1\n"
                  "  - cache-sns/eu-us__99\n",
                  XCY_ENOTFOUND, "plots.yml:4: no directory ");
    scratch_remove(folder);
}

static void gather_paths_of_a_wrong_kind_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"consistency_window:\n  gather_paths: cache-sns\n", "plots.yml:2: gather_paths must be"},
        {"consistency_window:\n  gather_paths: {a: b}\n", "plots.yml:2: gather_paths must be"},
        {"consistency_window:\n  gather_paths:\n  - [a]\n", "plots.yml:3: a gather path must be"},
        {"consistency_window:\n  gather_paths:\n  - ''\n", "plots.yml:3: a gather path must be"},
        {"consistency_window:\n  gather_path: [a]\n", "plots.yml:2: "},
        {"consistency_window:\n- cache-sns\n", "plots.yml:2: "},
        {"consistency_window: cache-sns\n", "plots.yml:1: "},
        {"consistency_window: {}\n", "gather_paths"},
    };
    char *folder = scratch_make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(folder, cases[i].text, XCY_EUSAGE, cases[i].words);
    }
    scratch_remove(folder);
}

static void a_config_that_names_no_known_plot_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        {"", "empty"},
        {"# only a comment\n", "empty"},
        {"\nconsistency_windwo: {}\n", "plots.yml:2: "},
        {"consistency_windwo: {}\n", "consistency_window"}, /* the nearest that is known */
        {"- consistency_window\n", "plots.yml:1: "},
        {"consistency_window: {}\nconsistency_window: {}\n", "plots.yml:2: "},
        {"consistency_window: {gather_paths: [a\n", "plots.yml:"},
    };
    struct xcy_error err;
    char *folder = scratch_make();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(config_of(folder, cases[i].text, &err));
        assert_says(&err, cases[i].words);
    }
    scratch_remove(folder);
}

static void a_config_file_that_is_missing_is_a_wrong_command_line(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_plot_config *config = NULL;
    assert_status(xcy_plot_config_read("/no/such/plots.yml", &config, &err), XCY_EUSAGE, &err);
    assert_says(&err, "/no/such/plots.yml");
    assert_null(config);
}

static void only_what_is_configured_is_had(void **state)
{
    (void)state;
    struct xcy_error err;
    char *folder = scratch_make();
    struct xcy_plot_config *config = config_of(folder, "storage_overhead: [any, thing]\n", &err);
    assert_non_null(config);
    assert_true(xcy_plot_config_has(config, "storage_overhead"));
    assert_false(xcy_plot_config_has(config, "consistency_window"));
    xcy_plot_config_free(config);
    scratch_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_keep_the_order_of_the_config),
        cmocka_unit_test(a_wildcard_gives_its_directories_in_alphabetical_order),
        cmocka_unit_test(a_wildcard_without_a_match_is_no_failure),
        cmocka_unit_test(an_absolute_path_does_not_depend_on_the_root),
        cmocka_unit_test(a_directory_that_is_missing_is_named_with_its_line),
        cmocka_unit_test(gather_paths_of_a_wrong_kind_are_refused),
        cmocka_unit_test(a_config_that_names_no_known_plot_is_refused),
        cmocka_unit_test(a_config_file_that_is_missing_is_a_wrong_command_line),
        cmocka_unit_test(only_what_is_configured_is_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
