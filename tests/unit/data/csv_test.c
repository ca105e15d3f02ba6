/* csv_test.c - writing fields; reading tables, whole, torn and broken. */

#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/csv.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    char path[64];
    struct xcy_csv *csv;
    struct xcy_error err;
};

static int make_file(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/xcy_csv_test_XXXXXX");
    int fd = mkstemp(f->path);
    *state = f;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    struct fixture *f = *state;
    xcy_csv_close(f->csv);
    int code = unlink(f->path);
    free(f);
    return code;
}

static void write_text(struct fixture *f, struct xcy_bytes text)
{
    int fd = open(f->path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(xcy_write_all(fd, text, f->path, &f->err), &f->err);
    close(fd);
}

static void open_text(struct fixture *f, const char *text)
{
    write_text(f, xcy_bytes_of(text));
    assert_ok(xcy_csv_open(f->path, ',', &f->csv, &f->err), &f->err);
}

static void assert_record(struct fixture *f, size_t line, const char *const *fields, size_t n)
{
    assert_int_equal(xcy_csv_columns(f->csv), n);
    assert_int_equal(xcy_csv_next(f->csv, &f->err), XCY_CSV_RECORD);
    assert_int_equal(xcy_csv_line(f->csv), line);
    for (size_t i = 0; i < n; i++) {
        struct xcy_bytes field = xcy_csv_field(f->csv, i);
        assert_string_equal(field.ptr, fields[i]);
        assert_int_equal(field.len, strlen(fields[i]));
    }
}

#define assert_fields(f, line, ...)                                                                \
    assert_record(f, line, (const char *const[]){__VA_ARGS__},                                     \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void assert_bad(struct fixture *f, size_t line, const char *problem)
{
    char expected[256];
    assert_int_equal(xcy_csv_next(f->csv, &f->err), XCY_CSV_BAD);
    snprintf(expected, sizeof expected, "%s:%zu: %s", f->path, line, problem);
    assert_string_equal(f->err.text, expected);
}

static void assert_end(struct fixture *f, enum xcy_csv_step step)
{
    assert_int_equal(xcy_csv_next(f->csv, &f->err), step);
    assert_int_equal(xcy_csv_next(f->csv, &f->err), XCY_CSV_END);
    assert_int_equal(xcy_csv_next(f->csv, &f->err), XCY_CSV_END);
}

static void fields_are_quoted_only_where_they_must_be(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"two words", "two words"},
        {"a;b", "a;b"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"\"", "\"\"\"\""},
        {"line\nend", "\"line\nend\""},
        {"cr\r", "\"cr\r\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, 100);
        xcy_csv_add_field(&out, xcy_bytes_of(cases[i][0]), ',');
        assert_string_equal(out.ptr, cases[i][1]);
        xcy_buf_clear(&out);
    }
}

static void what_is_written_reads_back(void **state)
{
    struct fixture *f = *state;
    static const char *const fields[] = {"", "\"", "a,b", "x\ny", "\r\n", "  ", "\xC3\xA9"};
    enum { N = sizeof fields / sizeof fields[0] };
    struct xcy_buf text;
    xcy_buf_init(&text, 1000);
    xcy_buf_add_text(&text, "a,b,c,d,e,f,g\n");
    for (size_t i = 0; i < N; i++) {
        xcy_buf_add_text(&text, i ? "," : "");
        xcy_csv_add_field(&text, xcy_bytes_of(fields[i]), ',');
    }
    xcy_buf_add_char(&text, '\n');
    open_text(f, text.ptr);
    xcy_buf_clear(&text);
    assert_record(f, 2, fields, N);
    assert_end(f, XCY_CSV_END);
}

static void the_header_names_the_columns(void **state)
{
    struct fixture *f = *state;
    open_text(f, ",i,\"sent, at\"\n");
    assert_int_equal(xcy_csv_columns(f->csv), 3);
    assert_string_equal(xcy_csv_column_name(f->csv, 0), "");
    assert_string_equal(xcy_csv_column_name(f->csv, 2), "sent, at");
    assert_int_equal(xcy_csv_find(f->csv, "i"), 1);
    assert_int_equal(xcy_csv_find(f->csv, "I"), -1);
    assert_end(f, XCY_CSV_END);
}

static void another_separator_leaves_commas_alone(void **state)
{
    struct fixture *f = *state;
    write_text(f, xcy_bytes_of("a;b\n1,5;2\n"));
    assert_ok(xcy_csv_open(f->path, ';', &f->csv, &f->err), &f->err);
    assert_fields(f, 2, "1,5", "2");
}

static void both_line_ends_are_read(void **state)
{
    struct fixture *f = *state;
    open_text(f, "a,b\r\n1,\"2\"\r\n3,4\n5,\"6\"\n\"7\",8\r\r\n");
    assert_string_equal(xcy_csv_column_name(f->csv, 1), "b");
    assert_fields(f, 2, "1", "2");
    assert_fields(f, 3, "3", "4");
    assert_fields(f, 4, "5", "6");
    assert_fields(f, 5, "7", "8\r");
    assert_end(f, XCY_CSV_END);
}

static void lines_inside_quotes_are_counted(void **state)
{
    struct fixture *f = *state;
    open_text(f, "a,b\n1,\"x\ny\nz\"\n2,3\n");
    assert_fields(f, 2, "1", "x\ny\nz");
    assert_fields(f, 5, "2", "3");
    assert_end(f, XCY_CSV_END);
}

static void an_unfinished_last_line_is_torn_wherever_it_ends(void **state)
{
    struct fixture *f = *state;
    static const char *const tails[] = {"3",     "3,",      "3,4", "3,4\r",
                                        "3,\"4", "3,\"4\"", "\"",  "3,4,5"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "a,b\n1,2\n%s", tails[i]);
        open_text(f, text);
        assert_fields(f, 2, "1", "2");
        assert_end(f, XCY_CSV_TORN);
        xcy_csv_close(f->csv);
        f->csv = NULL;
    }
}

static void malformed_records_are_named_and_reading_goes_on(void **state)
{
    struct fixture *f = *state;
    open_text(f, "a,b\n1\n1,2,3\n\n1,x\"y\"\n1,\"x\"y\n5,6\n");
    assert_bad(f, 2, "1 field, but the header has 2");
    assert_bad(f, 3, "3 fields, but the header has 2");
    assert_bad(f, 4, "an empty line");
    assert_bad(f, 5, "a quote inside an unquoted field");
    assert_bad(f, 6, "text after a closing quote");
    assert_fields(f, 7, "5", "6");
    assert_end(f, XCY_CSV_END);
}

static void a_quote_never_closed_costs_one_line_only(void **state)
{
    struct fixture *f = *state;
    open_text(f, "a,b\n1,\"oops\n3,4\n5,6\n");
    assert_bad(f, 2, "a quote that is never closed");
    assert_fields(f, 3, "3", "4");
    assert_fields(f, 4, "5", "6");
    assert_end(f, XCY_CSV_END);
}

static void zero_bytes_are_malformed(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "a,b\n1,\0\n1,\"\0\"\n1,2\n\0\0\0";
    write_text(f, xcy_bytes(text, sizeof text - 1));
    assert_ok(xcy_csv_open(f->path, ',', &f->csv, &f->err), &f->err);
    assert_bad(f, 2, "a zero byte");
    assert_bad(f, 3, "a zero byte");
    assert_fields(f, 4, "1", "2");
    assert_bad(f, 5, "a zero byte");
    assert_end(f, XCY_CSV_END);
}

static void a_table_larger_than_the_memory_for_it_is_read_line_by_line(void **state)
{
    struct fixture *f = *state;
    enum { N = 30000 };
    struct xcy_buf text;
    xcy_buf_init(&text, 8 << 20);
    xcy_buf_add_text(&text, "i,text\n");
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "%d,\"a line, %d\"\n", i, i);
    }
    open_text(f, text.ptr);
    xcy_buf_clear(&text);
    for (int i = 0; i < N; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        assert_int_equal(xcy_csv_next(f->csv, &f->err), XCY_CSV_RECORD);
        assert_string_equal(xcy_csv_field(f->csv, 0).ptr, number);
        assert_string_equal(xcy_csv_field(f->csv, 1).ptr + strlen("a line, "), number);
    }
    assert_int_equal(xcy_csv_line(f->csv), N + 1);
    assert_end(f, XCY_CSV_END);
}

static void a_record_beyond_the_bound_is_passed_over(void **state)
{
    struct fixture *f = *state;
    enum { HUGE_BYTES = 3 << 20 };
    struct xcy_buf text;
    xcy_buf_init(&text, 8 << 20);
    xcy_buf_add_text(&text, "a,b\n1,");
    xcy_buf_addf(&text, "%*s\n3,4\n", HUGE_BYTES, "x");
    open_text(f, text.ptr);
    xcy_buf_clear(&text);
    assert_bad(f, 2, "a record of more than 1048576 bytes");
    assert_fields(f, 3, "3", "4");
    assert_end(f, XCY_CSV_END);
}

static void a_byte_order_mark_is_not_part_of_the_first_name(void **state)
{
    struct fixture *f = *state;
    open_text(f, "\xEF\xBB\xBFi,k\n1,2\n");
    assert_int_equal(xcy_csv_find(f->csv, "i"), 0);
    assert_fields(f, 2, "1", "2");
}

static void a_file_without_a_header_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"", "empty, the header line is missing"},
        {"a,b", "the header line is unfinished"},
        {"a\"b\n", "a quote inside an unquoted field"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_text(f, xcy_bytes_of(cases[i][0]));
        enum xcy_status status = xcy_csv_open(f->path, ',', &f->csv, &f->err);
        assert_status(status, XCY_EPARSE, &f->err);
        assert_non_null(strstr(f->err.text, f->path));
        assert_non_null(strstr(f->err.text, cases[i][1]));
        assert_null(f->csv);
    }
}

static void a_missing_file_has_a_code_of_its_own(void **state)
{
    struct fixture *f = *state;
    enum xcy_status status = xcy_csv_open("/nowhere/x.csv", ',', &f->csv, &f->err);
    assert_status(status, XCY_ENOTFOUND, &f->err);
    assert_string_equal(f->err.text, "/nowhere/x.csv: no such file");
}

static void a_folder_is_no_table(void **state)
{
    struct fixture *f = *state;
    assert_status(xcy_csv_open("/tmp", ',', &f->csv, &f->err), XCY_EIO, &f->err);
    assert_non_null(strstr(f->err.text, "/tmp"));
}

#define with_file(test) cmocka_unit_test_setup_teardown(test, make_file, remove_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_only_where_they_must_be),
        with_file(what_is_written_reads_back),
        with_file(the_header_names_the_columns),
        with_file(another_separator_leaves_commas_alone),
        with_file(both_line_ends_are_read),
        with_file(lines_inside_quotes_are_counted),
        with_file(an_unfinished_last_line_is_torn_wherever_it_ends),
        with_file(malformed_records_are_named_and_reading_goes_on),
        with_file(a_quote_never_closed_costs_one_line_only),
        with_file(zero_bytes_are_malformed),
        with_file(a_table_larger_than_the_memory_for_it_is_read_line_by_line),
        with_file(a_record_beyond_the_bound_is_passed_over),
        with_file(a_byte_order_mark_is_not_part_of_the_first_name),
        with_file(a_file_without_a_header_is_refused),
        with_file(a_missing_file_has_a_code_of_its_own),
        with_file(a_folder_is_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
