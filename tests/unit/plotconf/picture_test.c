#include "tests/unit/plotconf/scratch.h"

#include "plotconf/picture.h"

static void names_of_one_second_differ(void **state)
{
    (void)state;
    enum { N = 4 };
    struct xcy_error err;
    char *names[N];
    char *folder = folder_new();
    for (int i = 0; i < N; i++) {
        assert_ok(xcy_picture_take_name(folder, "a_plot", &names[i], &err), &err);
        assert_int_equal(strncmp(names[i], "a_plot-20", 9), 0);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(names[i], names[k]);
        }
    }
    for (int i = 0; i < N; i++) {
        free(names[i]);
    }
    folder_free(folder);
}

static void the_folder_is_made(void **state)
{
    (void)state;
    struct xcy_error err;
    char *name = NULL;
    char *folder = folder_new();
    char *deeper = xcy_format("%s/a/b", folder);
    assert_ok(xcy_picture_take_name(deeper, "a_plot", &name, &err), &err);
    char *data = xcy_format("%s/%s.dat", deeper, name);
    assert_true(xcy_file_exists(data));
    free(data);
    free(name);
    free(deeper);
    folder_free(folder);
}

static void a_file_in_place_of_the_folder_is_named(void **state)
{
    (void)state;
    struct xcy_error err;
    char *name = NULL;
    char *folder = folder_new();
    char *file = xcy_format("%s/file", folder);
    scratch_file(folder, "file", "");
    assert_true(xcy_picture_take_name(file, "a_plot", &name, &err) != XCY_OK);
    assert_says(&err, file);
    assert_null(name);
    free(file);
    folder_free(folder);
}

static void data_and_script_are_written_and_the_script_is_run_beside_them(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_buf data;
    struct xcy_buf script;
    char *folder = folder_new();
    char *drawn = xcy_format("%s/drawn", folder);
    xcy_buf_init(&data, 100);
    xcy_buf_init(&script, 100);
    xcy_buf_add_text(&data, "1 2\n");
    xcy_buf_add_text(&script, "set print 'drawn'\nprint 'here'\nunset print\nDRAW = 'print 1'\n");
    const struct xcy_picture picture = {.data = &data, .script = &script, .is_drawn = true};
    assert_ok(xcy_picture_draw(folder, "p", &picture, &err), &err);
    xcy_buf_reset(&data);
    assert_ok(xcy_file_read(drawn, &data, &err), &err);
    assert_string_equal(data.ptr, "here\n");
    xcy_buf_clear(&script);
    xcy_buf_clear(&data);
    free(drawn);
    folder_free(folder);
}

static void without_pictures_gnuplot_is_not_run(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_buf data;
    struct xcy_buf script;
    char *folder = folder_new();
    char *written = xcy_format("%s/p.gp", folder);
    xcy_buf_init(&data, 100);
    xcy_buf_init(&script, 100);
    xcy_buf_add_text(&script, "this is no command\n");
    const struct xcy_picture picture = {.data = &data, .script = &script};
    assert_ok(xcy_picture_draw(folder, "p", &picture, &err), &err);
    assert_true(xcy_file_exists(written));
    xcy_buf_clear(&script);
    xcy_buf_clear(&data);
    free(written);
    folder_free(folder);
}

static void runs_that_are_not_valid_are_said_in_the_picture(void **state)
{
    (void)state;
    struct xcy_buf data;
    struct xcy_buf script;
    struct xcy_buf out;
    xcy_buf_init(&data, 100);
    xcy_buf_init(&script, 100);
    xcy_buf_init(&out, 10000);
    struct xcy_picture picture = {.data = &data, .script = &script, .n_not_valid = 2};
    xcy_picture_compose(&picture, "p", &out);
    assert_has(out.ptr, "'not valid: 2 of the runs; see the warnings'");
    xcy_buf_reset(&out);
    picture.n_not_valid = 0;
    xcy_picture_compose(&picture, "p", &out);
    assert_null(strstr(out.ptr, "not valid"));
    xcy_buf_clear(&out);
    xcy_buf_clear(&script);
    xcy_buf_clear(&data);
}

static void all_files_are_listed(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 1000);
    xcy_picture_list("plots", "p", true, &out);
    assert_string_equal(out.ptr,
                        "plots/p.png\nplots/p.svg\nplots/p.pdf\nplots/p.gp\nplots/p.dat\n");
    xcy_buf_reset(&out);
    xcy_picture_list("plots", "p", false, &out);
    assert_string_equal(out.ptr, "plots/p.gp\nplots/p.dat\n");
    xcy_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_one_second_differ),
        cmocka_unit_test(the_folder_is_made),
        cmocka_unit_test(a_file_in_place_of_the_folder_is_named),
        cmocka_unit_test(data_and_script_are_written_and_the_script_is_run_beside_them),
        cmocka_unit_test(all_files_are_listed),
        cmocka_unit_test(without_pictures_gnuplot_is_not_run),
        cmocka_unit_test(runs_that_are_not_valid_are_said_in_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
