#include "tests/unit/plotconf/scratch.h"

#include "plotconf/gnuplot.h"

enum { MAX_BYTES = 1 << 16 };

static void a_quoted_text_is_in_single_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *quoted;
    } cases[] = {
        {"plain", "'plain'"},
        {"", "''"},
        {"it's", "'it''s'"},
        {"''", "''''''"},
        {"a_b^c{d}", "'a_b^c{d}'"},
        {"back\\slash\\n", "'back\\slash\\n'"},
        {"100 %d %s", "'100 %d %s'"},
        {"\"`$@", "'\"`$@'"},
        {"\xC3\xA9t\xC3\xA9", "'\xC3\xA9t\xC3\xA9'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, MAX_BYTES);
        xcy_gnuplot_add_quoted(&out, cases[i].text);
        assert_string_equal(out.ptr, cases[i].quoted);
        xcy_buf_clear(&out);
    }
}

/* gnuplot itself says what it understood. */
static void gnuplot_reads_a_quoted_text_back_as_it_was(void **state)
{
    (void)state;
    static const char text[] = "it's a_b \\n 100 %d `echo` \"q\" @M $0";
    struct xcy_error err;
    struct xcy_buf script;
    struct xcy_buf back;
    char *folder = folder_new();
    char *path = xcy_format("%s/back", folder);
    xcy_buf_init(&script, MAX_BYTES);
    xcy_buf_init(&back, MAX_BYTES);
    xcy_buf_add_text(&script, "set print 'back'\nprint ");
    xcy_gnuplot_add_quoted(&script, text);
    xcy_buf_add_char(&script, '\n');
    scratch_file(folder, "s.gp", script.ptr);
    assert_ok(xcy_gnuplot_run(folder, "s.gp", &err), &err);
    assert_ok(xcy_file_read(path, &back, &err), &err);
    assert_int_equal(back.len, sizeof text);
    assert_memory_equal(back.ptr, text, sizeof text - 1);
    xcy_buf_clear(&back);
    xcy_buf_clear(&script);
    free(path);
    folder_free(folder);
}

static void titles_are_quoted_and_bold_and_subtitles_have_no_markup(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_gnuplot_head(&out, "a title's", "sub_title");
    assert_non_null(strstr(out.ptr, "set label 1 '{/:Bold=15 a title''s}' at "));
    assert_non_null(strstr(out.ptr, "set label 2 'sub_title' at graph 0, screen 0.91 left "
                                    "noenhanced "));
    xcy_buf_clear(&out);
}

static void a_log_axis_is_labelled_in_words(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_gnuplot_log_ms_axis(&out, "y", 1, 20000);
    static const char *const expected[] = {
        "set logscale y\n", "unset mytics\n", "set yrange [0.999:20020]\n",
        "'1 ms' 1,",        "'10 ms' 10,",    "'100 ms' 100,",
        "'1 s' 1000,",      "'10 s' 10000,",  "'' 2 1,",
        "'' 5000 1,",       "'' 20000 1)\n",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        if (!strstr(out.ptr, expected[i])) {
            fail_msg("no %s in %s", expected[i], out.ptr);
        }
    }
    assert_null(strstr(out.ptr, "'0.1 ms'"));
    xcy_buf_clear(&out);
}

static void a_short_log_axis_has_labels_between_the_decades(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_gnuplot_log_ms_axis(&out, "x", 100, 2800);
    assert_non_null(strstr(out.ptr, "set xtics ('100 ms' 100, '200 ms' 200, '' 300 1, '' 400 1, "
                                    "'500 ms' 500, "));
    assert_non_null(strstr(out.ptr, "'1 s' 1000, '2 s' 2000)\n"));
    xcy_buf_clear(&out);
}

static void the_picture_is_drawn_as_png_svg_and_pdf(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_gnuplot_tail(&out, "a'name");
    assert_non_null(strstr(out.ptr, "set terminal pngcairo "));
    assert_non_null(strstr(out.ptr, "set output 'a''name.png'\n@DRAW\n"));
    assert_non_null(strstr(out.ptr, "set terminal svg size 778,467 dynamic "));
    assert_non_null(strstr(out.ptr, "\ndot = 0.45\nset output 'a''name.svg'"));
    assert_non_null(strstr(out.ptr, "set output 'a''name.svg'\n@DRAW\n"));
    assert_non_null(strstr(out.ptr, "set terminal pdfcairo "));
    assert_non_null(strstr(out.ptr, "set output 'a''name.pdf'\n@DRAW\n"));
    xcy_buf_clear(&out);
}

static void what_gnuplot_does_not_understand_is_said_in_its_words(void **state)
{
    (void)state;
    struct xcy_error err;
    char *folder = folder_new();
    scratch_file(folder, "s.gp", "set nonsense\n");
    assert_status(xcy_gnuplot_run(folder, "s.gp", &err), XCY_EFAIL, &err);
    assert_says(&err, "/s.gp: ");
    assert_says(&err, "line 1: ");
    assert_null(strchr(err.text, '\n'));
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quoted_text_is_in_single_quotes),
        cmocka_unit_test(gnuplot_reads_a_quoted_text_back_as_it_was),
        cmocka_unit_test(titles_are_quoted_and_bold_and_subtitles_have_no_markup),
        cmocka_unit_test(a_log_axis_is_labelled_in_words),
        cmocka_unit_test(a_short_log_axis_has_labels_between_the_decades),
        cmocka_unit_test(the_picture_is_drawn_as_png_svg_and_pdf),
        cmocka_unit_test(what_gnuplot_does_not_understand_is_said_in_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
