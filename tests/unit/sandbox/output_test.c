#include "tests/support/unit.h"

#include "sandbox/hosts/line_limit.h"
#include "sandbox/hosts/output.h"

#include <stdio.h>

/* The lines that came, each behind a '|'. */
struct lines {
    char text[20000];
};

static void keep_line(void *ctx, struct xcy_bytes line)
{
    struct lines *lines = ctx;
    size_t len = strlen(lines->text);
    snprintf(lines->text + len, sizeof lines->text - len, "|%.*s", (int)line.len, line.ptr);
}

static void add(struct xcy_output *out, const char *text, struct lines *lines)
{
    xcy_output_add(out, xcy_bytes_of(text), keep_line, lines);
}

static void lines_are_cut_wherever_the_pieces_end(void **state)
{
    (void)state;
    struct xcy_output out;
    struct lines lines = {""};
    xcy_output_init(&out);
    add(&out, "on", &lines);
    add(&out, "e\ntwo\r\n\nth", &lines);
    assert_string_equal(lines.text, "|one|two|");
    add(&out, "ree", &lines);
    xcy_output_end(&out, keep_line, &lines);
    assert_string_equal(lines.text, "|one|two||three");
}

static void a_line_without_end_is_given_in_pieces(void **state)
{
    (void)state;
    struct xcy_output out;
    struct lines lines = {""};
    char piece[1001] = "";
    memset(piece, 'x', 1000);
    xcy_output_init(&out);
    for (int i = 0; i < 5; i++) {
        add(&out, piece, &lines);
    }
    assert_int_equal(strlen(lines.text), 1 + XCY_OUTPUT_LINE_BYTES);
    xcy_output_end(&out, keep_line, &lines);
    assert_int_equal(strlen(lines.text), 2 + 5000);
}

static void the_last_lines_are_kept_for_the_report(void **state)
{
    (void)state;
    struct xcy_output out;
    char line[64];
    xcy_output_init(&out);
    assert_string_equal(xcy_output_last_lines(&out, 3), "");
    for (int i = 0; i < 1000; i++) {
        snprintf(line, sizeof line, "line %d\n", i);
        xcy_output_add(&out, xcy_bytes_of(line), NULL, NULL);
    }
    assert_string_equal(xcy_output_last_lines(&out, 2), "line 998\nline 999\n");
    xcy_output_add(&out, xcy_bytes_of("cut"), NULL, NULL);
    assert_string_equal(xcy_output_last_lines(&out, 2), "line 999\ncut");
    assert_true(strlen(xcy_output_last_lines(&out, 1000000)) <= XCY_OUTPUT_TAIL_BYTES);
}

static void beyond_a_burst_lines_are_withheld_and_counted(void **state)
{
    (void)state;
    struct xcy_mono now = {1000};
    struct xcy_line_limit limit;
    size_t n_withheld = 99;
    size_t n_shown = 0;
    xcy_line_limit_init(&limit, now);
    for (int i = 0; i < 200; i++) {
        n_shown += xcy_line_limit_take(&limit, now, &n_withheld);
    }
    assert_int_equal(n_shown, XCY_LINE_BURST);
    assert_int_equal(n_withheld, 0);
    now = xcy_mono_add(now, XCY_NS_PER_S);
    assert_true(xcy_line_limit_take(&limit, now, &n_withheld));
    assert_int_equal(n_withheld, 200 - XCY_LINE_BURST);
    assert_true(xcy_line_limit_take(&limit, now, &n_withheld));
    assert_int_equal(n_withheld, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_cut_wherever_the_pieces_end),
        cmocka_unit_test(a_line_without_end_is_given_in_pieces),
        cmocka_unit_test(the_last_lines_are_kept_for_the_report),
        cmocka_unit_test(beyond_a_burst_lines_are_withheld_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
