#include "tests/unit/plotconf/scratch.h"

#include "plotconf/figures.h"
#include "plotconf/gnuplot.h"

#include <dirent.h>

#define GOLDEN "../../golden/plot"

enum { MAX_BYTES = 1 << 20 };

static const char *const plots[] = {"consistency_window", "delay_vs_per_inconsistencies",
                                    "storage_overhead", "write_post_overhead",
                                    "prevented_inconsistencies"};

static const size_t n_plots = sizeof plots / sizeof *plots;

/* Draws the golden config, without gnuplot, into a new folder. */
static char *golden_folder(void)
{
    struct xcy_error err;
    struct xcy_drawn drawn;
    char *folder = folder_new();
    const struct xcy_figure_settings settings = {
        .root = GOLDEN "/gather", .output = folder, .no_pictures = true};
    xcy_drawn_init(&drawn);
    assert_ok(xcy_figures_draw(GOLDEN "/plots.yml", NULL, 0, &settings, &drawn, &err), &err);
    xcy_drawn_clear(&drawn);
    return folder;
}

/* The text of the plot's file of that ending, with the plot's name alone for its own. */
static char *written(const char *folder, const char *plot, const char *ending)
{
    struct xcy_error err;
    struct xcy_buf text;
    char *name = NULL;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    struct dirent *entry = NULL;
    while ((entry = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        size_t n = strlen(entry->d_name);
        if (strncmp(entry->d_name, plot, strlen(plot)) == 0 &&
            strcmp(entry->d_name + n - strlen(ending), ending) == 0) {
            name = xcy_strndup(entry->d_name, n - strlen(ending) - 1);
        }
    }
    closedir(dir);
    if (!name) {
        fail_msg("no %s of %s", ending, plot);
        return NULL;
    }
    char *path = xcy_format("%s/%s.%s", folder, name, ending);
    xcy_buf_init(&text, MAX_BYTES);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    for (char *at = text.ptr; (at = strstr(at, name)) != NULL;) {
        char *end = at + strlen(name);
        at += strlen(plot);
        memmove(at, end, strlen(end) + 1);
    }
    free(path);
    free(name);
    return xcy_buf_take(&text);
}

static void check_golden(const char *plot, const char *ending, const char *got)
{
    struct xcy_error err;
    struct xcy_buf expected;
    char *file = xcy_format(GOLDEN "/%s.%s", plot, ending);
    xcy_buf_init(&expected, MAX_BYTES);
    assert_ok(xcy_file_read(file, &expected, &err), &err);
    assert_string_equal(got, expected.ptr);
    xcy_buf_clear(&expected);
    free(file);
}

static void data_and_scripts_are_the_golden_ones_to_the_byte(void **state)
{
    (void)state;
    static const char *const endings[] = {"dat", "gp"};
    char *folder = golden_folder();
    for (size_t i = 0; i < 2 * n_plots; i++) {
        char *text = written(folder, plots[i / 2], endings[i % 2]);
        check_golden(plots[i / 2], endings[i % 2], text);
        free(text);
    }
    folder_free(folder);
}

/* The file begins with these bytes; gnuplot leaves an empty one where it draws nothing. */
static void check_begin(const char *folder, const char *plot, const char *ending, const char *begin)
{
    struct xcy_error err;
    struct xcy_buf got;
    char *path = xcy_format("%s/%s.%s", folder, plot, ending);
    xcy_buf_init(&got, MAX_BYTES);
    assert_ok(xcy_file_read(path, &got, &err), &err);
    assert_true(got.len > 1000);
    assert_memory_equal(got.ptr, begin, strlen(begin));
    xcy_buf_clear(&got);
    free(path);
}

/* From the script alone, in a folder where nothing else is. */
static void gnuplot_draws_the_golden_scripts_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_plots; i++) {
        struct xcy_error err;
        struct xcy_buf text;
        char *folder = folder_new();
        char *path = xcy_format(GOLDEN "/%s.gp", plots[i]);
        xcy_buf_init(&text, MAX_BYTES);
        assert_ok(xcy_file_read(path, &text, &err), &err);
        scratch_file(folder, "s.gp", text.ptr);
        assert_ok(xcy_gnuplot_run(folder, "s.gp", &err), &err);
        check_begin(folder, plots[i], "png", "\x89PNG\r\n");
        check_begin(folder, plots[i], "svg", "<?xml ");
        check_begin(folder, plots[i], "pdf", "%PDF-");
        xcy_buf_clear(&text);
        free(path);
        folder_free(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_and_scripts_are_the_golden_ones_to_the_byte),
        cmocka_unit_test(gnuplot_draws_the_golden_scripts_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
