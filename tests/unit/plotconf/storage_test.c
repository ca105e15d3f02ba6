#include "tests/unit/plotconf/scratch.h"

#include "common/record/context.h"
#include "plotconf/storage.h"

#include <math.h>

static struct xcy_gathered run_of(enum xcy_post_storage post, enum xcy_notification_storage note,
                                  enum xcy_side side, double post_avg, double note_avg)
{
    return (struct xcy_gathered){.post_storage = post,
                                 .notification_storage = note,
                                 .side = side,
                                 .n_results = 10,
                                 .post_total_bytes = 10 * post_avg,
                                 .post_avg_bytes = post_avg,
                                 .notification_total_bytes = 10 * note_avg,
                                 .notification_avg_bytes = note_avg};
}

static void add(struct xcy_storage_plot *plot, enum xcy_post_storage post,
                enum xcy_notification_storage note, enum xcy_side side, double post_avg,
                double note_avg)
{
    struct xcy_gathered g = run_of(post, note, side, post_avg, note_avg);
    xcy_storage_add(plot, &g, NULL);
}

/* Rows and notes as text. */
static char *text_of(const struct xcy_storage_plot *plot)
{
    struct xcy_notes notes;
    xcy_notes_init(&notes);
    xcy_storage_note(plot, &notes);
    struct xcy_json *list = xcy_notes_take(&notes);
    struct xcy_json *rows = xcy_storage_to_json(plot);
    char *a = xcy_json_text(rows);
    char *b = xcy_json_text(list);
    char *both = xcy_format("%s%s", a, b);
    free(a);
    free(b);
    xcy_json_free(rows);
    xcy_json_free(list);
    return both;
}

/* Averages 100.5 and 101.5 have the medians 100.5 (of one run) and 101.5: rounded 100 and 102. */
static void medians_over_runs_are_rounded_half_to_even(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ORIGINAL, 100.5, 20);
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 101, 25);
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 102, 30);
    char *text = text_of(&plot);
    assert_has(
        text, "{\"storage\":\"s3\",\"baseline_total\":1005,\"antipode_total\":1015,"
              "\"baseline_avg\":100,\"antipode_avg\":102,\"overhead_total\":10,"
              "\"por_overhead_total\":0.9950248756218906,\"overhead_avg\":2,\"por_overhead_avg\":2,"
              "\"is_mixed\":false");
    /* 27.5 of the notifications is 28 */
    assert_has(text, "\"baseline_avg\":20,\"antipode_avg\":28,");
    assert_has(text, "}][]"); /* nothing to note */
    free(text);
    xcy_storage_clear(&plot);
}

static void a_storage_in_both_roles_is_one_row_as_published_and_two_beside_it(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    add(&plot, XCY_POST_DYNAMO, XCY_NOTIFICATION_DYNAMO, XCY_SIDE_ORIGINAL, 1000, 10);
    add(&plot, XCY_POST_DYNAMO, XCY_NOTIFICATION_DYNAMO, XCY_SIDE_ANTIPODE, 1100, 20);
    char *text = text_of(&plot);
    /* the median of 1000 and 10, and of 1100 and 20 */
    assert_has(text, "{\"storage\":\"dynamo\",\"baseline_total\":5050,\"antipode_total\":5600,"
                     "\"baseline_avg\":505,\"antipode_avg\":560,");
    assert_has(text, "\"is_mixed\":true");
    assert_has(text, "{\"role\":\"post\",\"baseline_total\":10000,");
    assert_has(text, "{\"role\":\"notification\",\"baseline_total\":100,");
    assert_has(text, "dynamo holds posts and notifications");
    assert_null(strstr(strstr(text, "\"storage\"") + 1, "\"storage\":")); /* one row */
    free(text);
    xcy_storage_clear(&plot);
}

static void a_missing_side_has_no_overhead_and_is_noted(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    add(&plot, XCY_POST_MYSQL, XCY_NOTIFICATION_MQ, XCY_SIDE_ORIGINAL, 1000, NAN);
    char *text = text_of(&plot);
    assert_has(text, "\"baseline_avg\":1000,\"antipode_avg\":null,\"overhead_total\":null");
    assert_has(text, "mysql (posts): no sizes of Antipode");
    assert_has(text, "mq (notifications): no sizes of Original");
    free(text);
    struct xcy_buf table;
    xcy_buf_init(&table, 1 << 16);
    xcy_storage_print(&plot, &table);
    assert_has(table.ptr, "missing");
    xcy_buf_clear(&table);
    xcy_storage_clear(&plot);
}

static void totals_of_different_numbers_are_noted(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    struct xcy_gathered g = run_of(XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ORIGINAL, 100, 20);
    xcy_storage_add(&plot, &g, NULL);
    g.side = XCY_SIDE_ANTIPODE;
    g.n_results = 7;
    xcy_storage_add(&plot, &g, NULL);
    char *text = text_of(&plot);
    assert_has(text, "totals of 7 to 10 results");
    free(text);
    xcy_storage_clear(&plot);
}

static void rendezvous_names_the_columns_that_it_is_pooled_into(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ORIGINAL, 100, 20);
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_RENDEZVOUS, 110, 20);
    char *text = text_of(&plot);
    assert_has(text, "\"rendezvous_total\":1100,");
    assert_null(strstr(text, "antipode"));
    free(text);
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 120, 20);
    text = text_of(&plot);
    assert_has(text, "\"antipode_avg\":115,"); /* both, as the reference pools them */
    assert_has(text, "mixed_consistencies");
    free(text);
    xcy_storage_clear(&plot);
}

/* Two objects of 1010 and 1030 bytes without, two of 1050 with, 40 of which were added. */
static void what_was_measured_of_each_object_stands_beside_it(void **state)
{
    (void)state;
    struct xcy_storage_plot plot = {0};
    const struct xcy_run_sizes without = {.roles = {{2, 2040, 0, 1010, 1030}}};
    const struct xcy_run_sizes with = {.roles = {{2, 2100, 80, 1050, 1050}}};
    struct xcy_gathered g =
        run_of(XCY_POST_CACHE, XCY_NOTIFICATION_SNS, XCY_SIDE_ORIGINAL, 3850, 20);
    xcy_storage_add(&plot, &g, &without);
    xcy_storage_add(&plot, &g, &without);
    g = run_of(XCY_POST_CACHE, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 1920, 20);
    xcy_storage_add(&plot, &g, &with);
    char *text = text_of(&plot);
    assert_has(text, "\"measured\":{\"baseline_n\":4,\"baseline_mean_bytes\":1020,"
                     "\"baseline_min_bytes\":1010,\"baseline_max_bytes\":1030,"
                     "\"baseline_added_bytes\":0,\"antipode_n\":2,\"antipode_mean_bytes\":1050,");
    assert_has(text, "\"antipode_added_bytes\":40,\"overhead_bytes\":30,");
    free(text);
    struct xcy_chart chart;
    xcy_storage_chart(&plot, &chart);
    assert_string_equal(chart.categories[0].note, "-1930 B (-50 %)");
    assert_string_equal(chart.categories[0].range_note, "+30 B (+2.9 %)");
    assert_string_equal(chart.categories[0].bars[1].label, "1920 B");
    xcy_storage_clear(&plot);
}

/* A context of so many writes like this one, as the functions write it. */
static double written_bytes(const struct xcy_write *write, size_t n_writes)
{
    struct xcy_write writes[100];
    for (size_t i = 0; i < n_writes; i++) {
        writes[i] = *write;
    }
    char *context = xcy_context_format("0123456789abcdef0123456789abcdef", writes, n_writes);
    int64_t bytes = xcy_context_bytes(context);
    free(context);
    return (double)bytes;
}

static void a_context_grows_as_the_functions_would_write_it(void **state)
{
    (void)state;
    static const struct xcy_write writes[] = {{"17QXYZABCD", ""},
                                              {"17QXYZABCD", "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH"}};
    static const double slopes[] = {17, 54};
    for (size_t w = 0; w < 2; w++) {
        struct xcy_context_growth growth = xcy_context_growth_of(written_bytes(&writes[w], 1));
        assert_true(growth.write_bytes == slopes[w]);
        for (size_t n = 1; n <= 100; n++) {
            assert_true(xcy_context_growth_at(&growth, (int64_t)n) == written_bytes(&writes[w], n));
        }
    }
}

/* Measured: 130 bytes of one write. docs/storage.md works out the 95 of an empty one. */
static void growth_begins_with_what_was_measured(void **state)
{
    (void)state;
    struct xcy_buf table;
    struct xcy_storage_plot plot = {0};
    const struct xcy_run_sizes with = {.contexts = {2, 260, 0, 130, 130}};
    struct xcy_gathered g =
        run_of(XCY_POST_CACHE, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 1920, 20);
    xcy_storage_add(&plot, &g, &with);
    struct xcy_json *rows = xcy_storage_growth_to_json(&plot);
    char *json = xcy_json_text(rows);
    assert_has(json, "[{\"storage\":\"cache\",\"n\":2,\"measured_bytes\":130,\"empty_bytes\":95,"
                     "\"bytes_per_write\":36,\"growth\":[{\"writes\":1,\"context_bytes\":130},");
    free(json);
    xcy_json_free(rows);
    xcy_buf_init(&table, 1 << 16);
    xcy_storage_growth_print(&plot, &table);
    assert_has(table.ptr, "1 (measured)");
    xcy_buf_clear(&table);
    xcy_storage_clear(&plot);
}

static void of_runs_without_a_context_there_is_no_growth(void **state)
{
    (void)state;
    struct xcy_buf table;
    struct xcy_storage_plot plot = {0};
    add(&plot, XCY_POST_S3, XCY_NOTIFICATION_SNS, XCY_SIDE_ANTIPODE, 110, 20);
    struct xcy_json *rows = xcy_storage_growth_to_json(&plot);
    assert_int_equal(xcy_json_size(rows), 0);
    xcy_json_free(rows);
    xcy_buf_init(&table, 1 << 16);
    xcy_storage_growth_print(&plot, &table);
    assert_int_equal(table.len, 0);
    xcy_buf_clear(&table);
    xcy_storage_clear(&plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_over_runs_are_rounded_half_to_even),
        cmocka_unit_test(a_storage_in_both_roles_is_one_row_as_published_and_two_beside_it),
        cmocka_unit_test(a_missing_side_has_no_overhead_and_is_noted),
        cmocka_unit_test(totals_of_different_numbers_are_noted),
        cmocka_unit_test(rendezvous_names_the_columns_that_it_is_pooled_into),
        cmocka_unit_test(what_was_measured_of_each_object_stands_beside_it),
        cmocka_unit_test(a_context_grows_as_the_functions_would_write_it),
        cmocka_unit_test(growth_begins_with_what_was_measured),
        cmocka_unit_test(of_runs_without_a_context_there_is_no_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
