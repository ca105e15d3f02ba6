#include "tests/support/unit.h"

#include "analyzers/summary.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>
#include <string.h>

enum { PLANNED = 2 };

/* A run of two requests, one consistent and one not, in a folder of its own. */
struct world {
    char *folder;
    struct xcy_manifest manifest;
    struct xcy_record records[PLANNED];
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    w->folder = xcy_strdup("/tmp/xcy-summary-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    w->manifest = (struct xcy_manifest){
        .format_version = 1,
        .run = "11111111-1111-4111-8111-111111111111",
        .state = XCY_RUN_COMPLETE,
        .verdict = XCY_VERDICT_VALID,
        .combination = {.post_bytes = 1000,
                        .visibility = XCY_VISIBILITY_INLINE,
                        .visibility_share = 1,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
        .time_scale = 1,
        .planned = PLANNED,
    };
    for (int64_t i = 0; i < PLANNED; i++) {
        w->records[i] = (struct xcy_record){
            .i = i, .klass = i == 0 ? XCY_CLASS_CONSISTENT : XCY_CLASS_INCONSISTENT};
    }
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    assert_ok(xcy_dir_remove(w->folder, &err), &err);
    free(w->folder);
    free(w);
    return 0;
}

static struct xcy_summary summary_of(const struct world *w)
{
    struct xcy_error err;
    struct xcy_summary s;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_records_header(&text);
    for (size_t i = 0; i < PLANNED; i++) {
        xcy_record_format(&w->records[i], &text);
    }
    char *path = xcy_run_file(w->folder, "records.csv");
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&text), 0644, &err), &err);
    free(path);
    xcy_buf_clear(&text);
    assert_ok(xcy_manifest_write(&w->manifest, w->folder, &err), &err);
    assert_ok(xcy_summary_make(w->folder, XCY_DEFAULT_DRIFT_PPM, &s, &err), &err);
    return s;
}

static void assert_problem(const struct world *w, const char *words)
{
    struct xcy_summary s = summary_of(w);
    assert_non_null(strstr(s.problem, words));
    assert_true(words[0] != '\0' || s.problem[0] == '\0');
    xcy_summary_clear(&s);
}

static void a_run_in_order_is_valid(void **state)
{
    struct world *w = *state;
    assert_problem(w, "");
}

static void evaluations_of_another_combination_make_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->records[1].flags = XCY_FLAG_REFUSED;
    assert_problem(w, "1 requests were evaluated under another combination");
}

static void what_the_generator_found_wrong_makes_a_run_invalid(void **state)
{
    struct world *w = *state;
    char reason[] = "3 rows of requests.csv could not be written";
    w->manifest.verdict_reason = reason;
    w->manifest.verdict = XCY_VERDICT_TARGET_LIMITED;
    assert_problem(w, "TARGET_LIMITED: 3 rows");
    w->manifest.verdict = XCY_VERDICT_NONE;
    w->manifest.state = XCY_RUN_INTERRUPTED;
    assert_problem(w, reason);
}

static void a_killed_generator_makes_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->manifest.verdict = XCY_VERDICT_NONE;
    w->manifest.state = XCY_RUN_RUNNING;
    assert_problem(w, "did not end in order");
}

static void points_of_one_clock_in_an_impossible_order_make_a_run_invalid(void **state)
{
    struct world *w = *state;
    w->records[0].points.us[XCY_POINT_SENT] = 2000;
    w->records[0].points.us[XCY_POINT_ACKED] = 1000;
    assert_problem(w, "1 records have their points in an impossible order");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_in_order_is_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evaluations_of_another_combination_make_a_run_invalid,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_generator_found_wrong_makes_a_run_invalid, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_killed_generator_makes_a_run_invalid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            points_of_one_clock_in_an_impossible_order_make_a_run_invalid, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
