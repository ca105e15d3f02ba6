#include "tests/support/unit.h"

#include "analyzers/compare/contrast.h"
#include "analyzers/metric_print.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int make_file(void **state)
{
    char *path = xcy_strdup("/tmp/xcy-metrics-XXXXXX");
    int fd = mkstemp(path);
    *state = path;
    return fd >= 0 ? fclose(fdopen(fd, "w")) : -1;
}

static int remove_file(void **state)
{
    int removed = remove(*state);
    free(*state);
    return removed;
}

static enum xcy_status read_text(const char *path, const char *text, struct xcy_metric_set *set,
                                 struct xcy_error *err)
{
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, err), err);
    return xcy_metric_set_read(path, set, err);
}

static void a_row_of_the_user_is_a_metric_as_ours(void **state)
{
    struct xcy_error err;
    struct xcy_metric_set set;
    assert_ok(read_text(*state,
                        "metrics:\n"
                        "  - {name: publish, from: noted, to: ended, title: publishing}\n"
                        "  - {name: told, from: seen, to: visible, consistency: none}\n"
                        "  - {name: way, from: sent, to: read, meaning: the whole way}\n",
                        &set, &err),
              &err);
    assert_int_equal(set.n, XCY_N_METRICS + 3);
    const struct xcy_metric *publish = xcy_metric_set_find(&set, "publish");
    assert_string_equal(publish->title, "publishing");
    assert_int_equal(publish->kind, XCY_METRIC_POINTS);
    struct xcy_record r = {.klass = XCY_CLASS_INCONSISTENT, .attempts = 1};
    r.points.us[XCY_POINT_NOTED] = 1000;
    r.points.us[XCY_POINT_ENDED] = 1700;
    struct xcy_value v;
    assert_true(xcy_metric_of(publish, &r, XCY_CONSISTENCY_NONE, &v));
    assert_true(v.low_us == 700 && v.high_us == 700);
    const struct xcy_metric *told = xcy_metric_set_find(&set, "told");
    r.points.us[XCY_POINT_SEEN] = 2000;
    r.points.us[XCY_POINT_ASKED] = 2100;
    r.points.us[XCY_POINT_MISSED] = 2500;
    r.points.us[XCY_POINT_VISIBLE] = 2900;
    assert_true(xcy_metric_of(told, &r, XCY_CONSISTENCY_NONE, &v));
    assert_true(v.low_us == 500 && v.high_us == 900);
    assert_false(xcy_metric_of(told, &r, XCY_CONSISTENCY_ANTIPODE, &v));
    const struct xcy_metric *way = xcy_metric_set_find(&set, "way");
    assert_true(way->needs_one_attempt && way->spans_barrier);
    assert_true(xcy_metric_crosses_clocks(way));
    assert_string_equal(way->meaning, "the whole way");
    xcy_metric_set_clear(&set);
}

/* The first read found the post, which is known to have been there by then. */
static void a_post_that_was_found_became_visible_at_any_time_after_it_was_written(void **state)
{
    struct xcy_record r = {.klass = XCY_CLASS_CONSISTENT, .attempts = 1};
    for (int p = 0; p < XCY_N_POINTS; p++) {
        r.points.us[p] = 1000 + p;
    }
    static const bool is_before_the_post[XCY_N_POINTS] = {[XCY_POINT_DUE] = true,
                                                          [XCY_POINT_SENT] = true,
                                                          [XCY_POINT_START] = true,
                                                          [XCY_POINT_WROTE] = true};
    for (int p = 0; p < XCY_N_POINTS; p++) {
        if (p == XCY_POINT_MISSED || p == XCY_POINT_VISIBLE) {
            continue; /* neither can be `from` */
        }
        char text[128];
        struct xcy_error err;
        struct xcy_metric_set set;
        struct xcy_value v = {.low_us = NAN};
        snprintf(text, sizeof text, "metrics: [{name: x, from: %s, to: visible}]\n",
                 xcy_points[p].name);
        assert_ok(read_text(*state, text, &set, &err), &err);
        assert_true(xcy_metric_of(xcy_metric_set_find(&set, "x"), &r, XCY_CONSISTENCY_NONE, &v));
        assert_true(is_before_the_post[p] ? v.low_us == 0 : v.low_us == -INFINITY);
        xcy_metric_set_clear(&set);
    }
}

static void what_is_wrong_in_a_row_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"metrics:\n  - {name: x, from: seen, too: read}\n", ":2: unknown key 'too'"},
        {"metrics:\n  - {name: x, from: seen}\n", ":2: key 'to' is missing"},
        {"metrics:\n  - {name: x, from: seen, to: reed}\n", ":2: to must be one of"},
        {"metrics:\n  - name: x\n    from: seen\n    to: seen\n", ":4: to: is the same point"},
        {"metrics:\n  - {name: window, from: seen, to: read}\n", ":2: name: there is a metric"},
        {"metrics:\n  - {name: a b, from: seen, to: read}\n", ":2: name: 'a b' should be small"},
        {"metrics:\n  - {name: x, from: visible, to: reported}\n", ":2: from: visible is known as"},
        {"metrics:\n  - window\n", ":2: a metric should have name, from and to"},
        {"metrics: window\n", ":1: metrics should be a list"},
        {"metric: []\n", ":1: unknown key 'metric'; did you mean 'metrics'?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_error err;
        struct xcy_metric_set set;
        assert_status(read_text(*state, cases[i].text, &set, &err), XCY_EUSAGE, &err);
        if (!strstr(err.text, cases[i].error)) {
            fail_msg("'%s' is not in: %s", cases[i].error, err.text);
        }
    }
}

static void a_figure_of_a_comparison_is_no_name_for_a_metric(void **state)
{
    for (size_t kind = 0; kind < XCY_N_KINDS; kind++) {
        char text[128];
        struct xcy_error err;
        struct xcy_metric_set set;
        const char *name = xcy_contrast_traits[kind].name;
        if (!name) {
            continue; /* named as its metric is */
        }
        snprintf(text, sizeof text, "metrics:\n  - {name: %s, from: seen, to: read}\n", name);
        assert_status(read_text(*state, text, &set, &err), XCY_EUSAGE, &err);
        assert_non_null(strstr(err.text, ":2: name: '"));
        assert_non_null(strstr(err.text, "is a figure of analyze compare"));
    }
}

static void without_a_config_there_are_ours(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_metric_set set;
    assert_ok(xcy_metric_set_read(NULL, &set, &err), &err);
    assert_int_equal(set.n, XCY_N_METRICS);
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        assert_ptr_equal(xcy_metric_set_find(&set, xcy_metrics[i].name), &set.items[i]);
    }
    xcy_metric_set_clear(&set);
}

static void the_table_says_whose_clocks_and_what_unit(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_metric_set set;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    assert_ok(xcy_metric_set_read(NULL, &set, &err), &err);
    xcy_metric_set_print_markdown(&set, &text);
    assert_non_null(
        strstr(text.ptr, "\n| `notification_latency` | noted | seen | ms | writer -> reader | "));
    assert_non_null(strstr(text.ptr, "\n| `response` | due | acked | ms | client | "));
    assert_non_null(strstr(text.ptr, "\n| `context` | - | - | bytes | - | "));
    xcy_buf_clear(&text);
    xcy_metric_set_clear(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_of_the_user_is_a_metric_as_ours, make_file,
                                        remove_file),
        cmocka_unit_test_setup_teardown(
            a_post_that_was_found_became_visible_at_any_time_after_it_was_written, make_file,
            remove_file),
        cmocka_unit_test_setup_teardown(what_is_wrong_in_a_row_is_told_with_its_line, make_file,
                                        remove_file),
        cmocka_unit_test_setup_teardown(a_figure_of_a_comparison_is_no_name_for_a_metric, make_file,
                                        remove_file),
        cmocka_unit_test(without_a_config_there_are_ours),
        cmocka_unit_test(the_table_says_whose_clocks_and_what_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
