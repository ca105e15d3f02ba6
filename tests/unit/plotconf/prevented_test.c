#include "tests/unit/plotconf/scratch.h"

#include "plotconf/prevented.h"

#include <math.h>

static void add(struct xcy_prevented_plot *plot, struct xcy_notes *notes, enum xcy_side side,
                enum xcy_post_storage storage, int64_t events)
{
    char path[] = "run";
    struct xcy_gathered g = {.path = path,
                             .post_storage = storage,
                             .side = side,
                             .has_rendezvous = side == XCY_SIDE_RENDEZVOUS,
                             .n_results = 100,
                             .n_asked = 100,
                             .inconsistent_share = (double)events / 100,
                             .prevented_share = (double)events / 100};
    xcy_prevented_add(plot, &g, notes);
}

static void the_last_run_of_a_storage_is_published_and_all_are_pooled(void **state)
{
    (void)state;
    struct xcy_notes notes;
    struct xcy_prevented_plot plot = {0};
    xcy_notes_init(&notes);
    add(&plot, &notes, XCY_SIDE_RENDEZVOUS, XCY_POST_S3, 40);
    add(&plot, &notes, XCY_SIDE_RENDEZVOUS, XCY_POST_CACHE, 7);
    add(&plot, &notes, XCY_SIDE_RENDEZVOUS, XCY_POST_S3, 20);
    add(&plot, &notes, XCY_SIDE_ORIGINAL, XCY_POST_S3, 30);
    add(&plot, &notes, XCY_SIDE_ANTIPODE, XCY_POST_S3, 0);
    xcy_prevented_note(&plot, &notes);
    struct xcy_json *json = xcy_prevented_to_json(&plot);
    struct xcy_json *list = xcy_notes_take(&notes);
    char *text = xcy_json_text(json);
    char *told = xcy_json_text(list);
    assert_has(text, "{\"rendezvous\":[{\"storage\":\"s3\",\"% prevented inconsistencies\":0.2,"
                     "\"runs\":2,\"events\":60,\"n\":200,\"share\":0.3,");
    assert_has(text, "{\"storage\":\"cache\",\"% prevented inconsistencies\":0.07,");
    /* as published the run of Antipode, which comes last; the share leaves it out */
    assert_has(text, "\"baseline\":[{\"storage\":\"s3\",\"% inconsistencies\":0,\"runs\":2,"
                     "\"events\":30,\"n\":100,");
    assert_has(told, "run is of Antipode, published among those without");
    assert_has(told, "S3: 2 runs, prevented by Rendezvous; the published number is the last one's");
    assert_has(told, "Redis: no run, inconsistent without");
    free(text);
    free(told);
    xcy_json_free(list);
    xcy_json_free(json);
}

static void a_side_that_is_missing_is_drawn_as_missing(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct xcy_chart chart;
    struct xcy_notes notes;
    struct xcy_prevented_plot plot = {0};
    xcy_notes_init(&notes);
    xcy_buf_init(&text, 1 << 16);
    add(&plot, &notes, XCY_SIDE_RENDEZVOUS, XCY_POST_MYSQL, 50);
    xcy_prevented_note(&plot, &notes);
    xcy_prevented_chart(&plot, &chart);
    assert_true(isnan(chart.categories[0].bars[0].value));
    assert_true(chart.categories[0].bars[1].value == 50);
    xcy_chart_script(&chart, &text);
    assert_has(text.ptr, "set label 'no data' at -0.2");
    assert_has(text.ptr, "set label '50 %' at 0.2");
    xcy_buf_clear(&text);
    xcy_json_free(xcy_notes_take(&notes));
}

static void the_calls_of_rendezvous_are_pooled(void **state)
{
    (void)state;
    struct xcy_notes notes;
    struct xcy_prevented_plot plot = {0};
    char *folder = folder_new();
    xcy_notes_init(&notes);
    scratch_file(folder, "traces.csv",
                 ";rendezvous_call_writer_spent_ms;rendezvous_call_reader_spent_ms\n"
                 "0;3;40\n1;1;10\n2;2;21\n");
    struct xcy_gathered g = {.path = folder,
                             .post_storage = XCY_POST_S3,
                             .side = XCY_SIDE_RENDEZVOUS,
                             .has_rendezvous = true,
                             .n_results = 3,
                             .prevented_share = 0};
    for (int i = 0; i < 2; i++) {
        g.has_ncc = i == 1;
        xcy_prevented_add(&plot, &g, &notes);
        xcy_prevented_add_calls(&plot, &g, &notes);
    }
    /* A broken column leaves the shares. */
    scratch_file(folder, "traces.csv",
                 ";rendezvous_call_writer_spent_ms;rendezvous_call_reader_spent_ms\n0;2;x\n");
    xcy_prevented_add_calls(&plot, &g, &notes);
    xcy_prevented_note(&plot, &notes);
    struct xcy_json *json = xcy_prevented_to_json(&plot);
    struct xcy_json *list = xcy_notes_take(&notes);
    char *text = xcy_json_text(json);
    char *told = xcy_json_text(list);
    assert_has(text, "\"ncc_runs\":1,\"call_writer_median_ms\":2,\"call_reader_median_ms\":21}");
    assert_has(told, "\"kind\":\"unreadable\"");
    assert_has(told,
               "traces.csv:2: rendezvous_call_reader_spent_ms: 'x' is not a number; its shares");
    assert_has(told, "S3: runs of Rendezvous with and without its consistency checks");
    free(text);
    free(told);
    xcy_json_free(list);
    xcy_json_free(json);
    xcy_prevented_clear(&plot);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_run_of_a_storage_is_published_and_all_are_pooled),
        cmocka_unit_test(a_side_that_is_missing_is_drawn_as_missing),
        cmocka_unit_test(the_calls_of_rendezvous_are_pooled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
