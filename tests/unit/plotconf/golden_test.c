#include "tests/unit/plotconf/scratch.h"

#include "plotconf/config.h"
#include "plotconf/consistency_window.h"
#include "plotconf/gnuplot.h"

#define GOLDEN "../../golden/plot"

enum { MAX_BYTES = 1 << 20 };

/* The golden config's plot, computed; clear it with xcy_window_plot_clear. */
static struct xcy_window_plot golden_plot(void)
{
    struct xcy_error err;
    struct xcy_window_plot plot = {0};
    struct xcy_plot_config *config = NULL;
    char **paths = NULL;
    size_t n = 0;
    assert_ok(xcy_plot_config_read(GOLDEN "/plots.yml", &config, &err), &err);
    assert_ok(xcy_plot_config_gather_paths(config, "consistency_window", GOLDEN "/gather", &paths,
                                           &n, &err),
              &err);
    for (size_t i = 0; i < n; i++) {
        struct xcy_gathered g;
        assert_ok(xcy_gathered_read(paths[i], &g, &err), &err);
        assert_true(xcy_window_plot_add(&plot, &g));
        xcy_gathered_clear(&g);
    }
    xcy_window_plot_compute(&plot);
    xcy_paths_free(paths, n);
    xcy_plot_config_free(config);
    return plot;
}

static void check_golden(const char *file, const struct xcy_buf *got)
{
    struct xcy_error err;
    struct xcy_buf expected;
    xcy_buf_init(&expected, MAX_BYTES);
    assert_ok(xcy_file_read(file, &expected, &err), &err);
    assert_string_equal(got->ptr, expected.ptr);
    assert_int_equal(got->len, expected.len);
    xcy_buf_clear(&expected);
}

static void data_and_script_are_the_golden_ones_to_the_byte(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct xcy_window_plot plot = golden_plot();
    xcy_buf_init(&text, MAX_BYTES);
    xcy_window_plot_data(&plot, &text);
    check_golden(GOLDEN "/expected.dat", &text);
    xcy_buf_reset(&text);
    xcy_window_plot_script(&plot, "consistency_window", &text);
    check_golden(GOLDEN "/expected.gp", &text);
    xcy_buf_clear(&text);
    xcy_window_plot_clear(&plot);
}

/* The file begins with these bytes; gnuplot leaves an empty one where it draws nothing. */
static void check_begin(const char *folder, const char *file, const char *begin)
{
    struct xcy_error err;
    struct xcy_buf got;
    char *path = xcy_format("%s/%s", folder, file);
    xcy_buf_init(&got, MAX_BYTES);
    assert_ok(xcy_file_read(path, &got, &err), &err);
    assert_true(got.len > 1000);
    assert_memory_equal(got.ptr, begin, strlen(begin));
    xcy_buf_clear(&got);
    free(path);
}

static void gnuplot_draws_the_golden_script(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_buf text;
    char *folder = scratch_make();
    xcy_buf_init(&text, MAX_BYTES);
    assert_ok(xcy_file_read(GOLDEN "/expected.gp", &text, &err), &err);
    scratch_file(folder, "s.gp", text.ptr);
    assert_ok(xcy_gnuplot_run(folder, "s.gp", &err), &err);
    check_begin(folder, "consistency_window.png", "\x89PNG\r\n");
    check_begin(folder, "consistency_window.svg", "<?xml ");
    xcy_buf_clear(&text);
    scratch_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_and_script_are_the_golden_ones_to_the_byte),
        cmocka_unit_test(gnuplot_draws_the_golden_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
