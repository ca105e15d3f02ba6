#include "tests/unit/plotconf/scratch.h"

#include "plotconf/traces.h"

#include <math.h>

#define HEAD                                                                                       \
    ";reader_received_at;consistent_read;notification_to_reader_spent_ms;client_latency_ms;"       \
    "client_visibility_latency_ms;writer_latency_ms;writer_visibility_latency_ms\n"
#define ROW "1790002407.296556;0;208;186;342;139;"

static enum xcy_status read_column(const char *text, const char *column, struct xcy_traces *traces,
                                   struct xcy_error *err)
{
    char *folder = folder_new();
    if (text) {
        scratch_file(folder, "traces.csv", text);
    }
    enum xcy_status status = xcy_traces_read(folder, column, traces, err);
    folder_free(folder);
    return status;
}

static enum xcy_status read_of(const char *text, struct xcy_traces *traces, struct xcy_error *err)
{
    return read_column(text, "writer_visibility_latency_ms", traces, err);
}

static void check_refused(const char *text, enum xcy_status expected, const char *words)
{
    struct xcy_error err;
    struct xcy_traces traces = {.n = 7};
    assert_status(read_of(text, &traces, &err), expected, &err);
    assert_says(&err, words);
    assert_int_equal(traces.n, 7);
}

static void the_rows_of_the_reference_are_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_traces traces;
    assert_ok(read_of(HEAD "0;" ROW "295\n1;" ROW "-3\n", &traces, &err), &err);
    assert_int_equal(traces.n, 2);
    assert_true(traces.values_ms[0] == 295 && traces.values_ms[1] == -3);
    assert_true(traces.received_s[0] == 1790002407.296556);
    assert_true(isnan(traces.uncut_ms[0]) && isinf(traces.least_ms[0]) && isinf(traces.most_ms[0]));
    xcy_traces_clear(&traces);
}

static void any_column_of_its_rendezvous_branch_is_found_by_name(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_traces traces;
    const char *text = ";reader_received_at;consistent_read;notification_to_reader_spent_ms;"
                       "write_post_spent_ms;antipode_spent_ms;rendezvous_call_writer_spent_ms;"
                       "rendezvous_prevented_inconsistency;writer_visibility_latency_ms;"
                       "writer_latency_ms\r\n0;1.5;1;171;12;474;3;1;724;9\r\n";
    assert_ok(read_of(text, &traces, &err), &err);
    assert_int_equal(traces.n, 1);
    assert_true(traces.values_ms[0] == 724);
    xcy_traces_clear(&traces);
    assert_ok(read_column(text, "write_post_spent_ms", &traces, &err), &err);
    assert_true(traces.values_ms[0] == 12);
    xcy_traces_clear(&traces);
}

static void a_header_alone_is_a_run_without_rows(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_traces g;
    assert_ok(read_of(HEAD, &g, &err), &err);
    assert_int_equal(g.n, 0);
    xcy_traces_clear(&g);
}

static void more_rows_than_fit_at_first_are_all_read(void **state)
{
    (void)state;
    enum { N = 3000 };
    struct xcy_error err;
    struct xcy_traces g;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    xcy_buf_add_text(&text, HEAD);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "%d;" ROW "%d\n", i, i);
    }
    assert_ok(read_of(text.ptr, &g, &err), &err);
    assert_int_equal(g.n, N);
    for (int i = 0; i < N; i++) {
        assert_true(g.values_ms[i] == i);
    }
    xcy_traces_clear(&g);
    xcy_buf_clear(&text);
}

static void malformed_traces_are_named_by_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *traces;
        const char *words;
    } cases[] = {
        {"", "traces.csv: "},
        {HEAD "0;" ROW "295\n1;" ROW "soon\n",
         "traces.csv:3: writer_visibility_latency_ms: 'soon'"},
        {HEAD "0;" ROW "\n", "traces.csv:2: writer_visibility_latency_ms: ''"},
        {HEAD "0;" ROW "nan\n", "traces.csv:2: writer_visibility_latency_ms: 'nan'"},
        {HEAD "0;" ROW "-inf\n", "traces.csv:2: writer_visibility_latency_ms: '-inf'"},
        {HEAD "0;" ROW "295\n1;1;2\n", "traces.csv:3: "},
        {HEAD "0;" ROW "295;9\n", "traces.csv:2: "},
        {HEAD "0;" ROW "295\n1;" ROW "29", "traces.csv: the last line is cut off"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_refused(cases[i].traces, XCY_EPARSE, cases[i].words);
    }
}

static void a_file_or_column_that_is_missing_is_named(void **state)
{
    (void)state;
    check_refused(NULL, XCY_ENOTFOUND, "/traces.csv");
    check_refused(";a;b\n0;1;2\n", XCY_ENOTFOUND,
                  "traces.csv:1: no column writer_visibility_latency_ms");
}

static void pooled_rows_keep_what_is_known_of_them(void **state)
{
    (void)state;
    struct xcy_traces a = {0};
    struct xcy_traces b = {0};
    xcy_traces_add(&a, 1, 10);
    xcy_traces_add(&b, 2, 20);
    b.uncut_ms[0] = 2.5;
    b.least_ms[0] = 2;
    b.most_ms[0] = 3;
    xcy_traces_append(&a, &b);
    assert_int_equal(a.n, 2);
    assert_true(a.values_ms[1] == 2 && a.received_s[1] == 20 && a.uncut_ms[1] == 2.5);
    assert_true(a.least_ms[1] == 2 && a.most_ms[1] == 3);
    xcy_traces_clear(&a);
    xcy_traces_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_of_the_reference_are_read),
        cmocka_unit_test(any_column_of_its_rendezvous_branch_is_found_by_name),
        cmocka_unit_test(a_header_alone_is_a_run_without_rows),
        cmocka_unit_test(more_rows_than_fit_at_first_are_all_read),
        cmocka_unit_test(malformed_traces_are_named_by_file_and_line),
        cmocka_unit_test(a_file_or_column_that_is_missing_is_named),
        cmocka_unit_test(pooled_rows_keep_what_is_known_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
