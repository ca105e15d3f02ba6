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
    char *folder = folder_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(config_of(folder, cases[i].text, &err));
        assert_says(&err, cases[i].words);
    }
    folder_free(folder);
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
    char *folder = folder_new();
    struct xcy_plot_config *config = config_of(folder, "storage_overhead: [any, thing]\n", &err);
    assert_non_null(config);
    assert_non_null(xcy_plot_config_get(config, "storage_overhead"));
    assert_null(xcy_plot_config_get(config, "consistency_window"));
    xcy_plot_config_free(config);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_config_that_names_no_known_plot_is_refused),
        cmocka_unit_test(a_config_file_that_is_missing_is_a_wrong_command_line),
        cmocka_unit_test(only_what_is_configured_is_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
