#include "scratch.h"

#include "collectors/match.h"

enum { PLANNED = 10 };

/* A run of ten requests, the first five with a line. */
struct world {
    struct xcy_manifest manifest;
    struct xcy_slots *slots;
    struct xcy_sent *sent;
    char *folder;
    struct xcy_match_run run;
};

static int set_up(void **state)
{
    struct world *w = xcy_alloc(sizeof *w);
    struct xcy_error err;
    struct xcy_request_row rows[5];
    w->manifest = plain_manifest(PLANNED);
    w->folder = folder_new();
    assert_ok(xcy_sent_create(w->folder, PLANNED, &w->sent, &err), &err);
    for (int64_t i = 0; i < 5; i++) {
        rows[i] = plain_row(i, XCY_OUTCOME_OK);
        xcy_sent_set(w->sent, i, rows[i].points.us[XCY_POINT_SENT]);
    }
    xcy_sent_set(w->sent, 5, started_us + 5050); /* sent, and nothing more is known */
    assert_ok(xcy_slots_new(PLANNED, 0, requests_of(rows, 5), w->sent, &w->slots, &err), &err);
    w->run = (struct xcy_match_run){.manifest = &w->manifest, .slots = w->slots, .sent = w->sent};
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    xcy_slots_free(w->slots);
    xcy_sent_close(w->sent);
    folder_free(w->folder);
    free(w);
    return 0;
}

static struct xcy_match match_of(const struct world *w, const struct xcy_evaluation *e)
{
    struct xcy_match match;
    char *body = xcy_evaluation_format(e);
    xcy_match_message(&w->run, xcy_bytes_of(body), &match);
    free(body);
    return match;
}

static enum xcy_match_verdict verdict_of_reference(const struct world *w, int64_t i, double sent_s)
{
    struct xcy_match match;
    char *body = reference_message(i, sent_s, 1);
    xcy_match_message(&w->run, xcy_bytes_of(body), &match);
    free(body);
    return match.verdict;
}

static void the_run_id_tells_whose_a_message_is(void **state)
{
    struct world *w = *state;
    struct xcy_evaluation e = plain_evaluation(3, true);
    assert_int_equal(match_of(w, &e).verdict, XCY_MATCH_OURS);
    memcpy(e.id.run, OTHER_ID, sizeof e.id.run);
    assert_int_equal(match_of(w, &e).verdict, XCY_MATCH_FOREIGN);
}

static void a_request_that_was_not_planned_is_malformed(void **state)
{
    struct world *w = *state;
    struct xcy_evaluation e = plain_evaluation(PLANNED, true);
    struct xcy_match match = match_of(w, &e);
    assert_int_equal(match.verdict, XCY_MATCH_MALFORMED);
    assert_non_null(strstr(match.reason, "10 is outside this run's 0..9"));
}

static void another_combination_under_our_id_is_refused(void **state)
{
    struct world *w = *state;
    struct xcy_evaluation e = plain_evaluation(3, true);
    e.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    struct xcy_match match = match_of(w, &e);
    assert_int_equal(match.verdict, XCY_MATCH_REFUSED);
    assert_non_null(strstr(match.reason, "antipode"));
    e = plain_evaluation(3, true);
    e.combination.delay_ms = 1;
    assert_int_equal(match_of(w, &e).verdict, XCY_MATCH_REFUSED);
}

static void what_is_no_evaluation_is_malformed_with_a_reason(void **state)
{
    struct world *w = *state;
    static const char *const bodies[] = {"",           "hello",   "[]", "{}", "{\"i\": \"x\"}",
                                         "{\"i\": 3}", "\xff\xfe"};
    for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++) {
        struct xcy_match match;
        xcy_match_message(&w->run, xcy_bytes_of(bodies[b]), &match);
        assert_int_equal(match.verdict, XCY_MATCH_MALFORMED);
        assert_true(match.reason[0] != '\0');
    }
}

static void without_a_run_id_number_and_time_must_be_those_of_a_request(void **state)
{
    struct world *w = *state;
    double right = plain_row(3, XCY_OUTCOME_OK).id.client_sent_at_s;
    assert_int_equal(verdict_of_reference(w, 3, right), XCY_MATCH_OURS);
    assert_int_equal(verdict_of_reference(w, 2, right), XCY_MATCH_FOREIGN);
    assert_int_equal(verdict_of_reference(w, 3, right - 0.000001), XCY_MATCH_FOREIGN);
    assert_int_equal(verdict_of_reference(w, 3, right - 86400), XCY_MATCH_FOREIGN);
    assert_int_equal(verdict_of_reference(w, PLANNED, right), XCY_MATCH_FOREIGN);
}

static void without_a_line_the_time_must_lie_shortly_before_it_was_sent(void **state)
{
    struct world *w = *state;
    double sent = (double)(started_us + 5050) / 1e6;
    assert_int_equal(verdict_of_reference(w, 5, sent - 0.00004), XCY_MATCH_OURS);
    assert_int_equal(verdict_of_reference(w, 5, sent + 1), XCY_MATCH_FOREIGN);
    assert_int_equal(verdict_of_reference(w, 5, sent - 1), XCY_MATCH_FOREIGN); /* before the run */
    assert_int_equal(verdict_of_reference(w, 6, sent), XCY_MATCH_FOREIGN);     /* never sent */
}

static void while_the_load_runs_sent_bin_alone_decides_so(void **state)
{
    struct world *w = *state;
    w->run.slots = NULL;
    double sent = (double)(started_us + 3050) / 1e6;
    assert_int_equal(verdict_of_reference(w, 3, sent - 0.00004), XCY_MATCH_OURS);
    assert_int_equal(verdict_of_reference(w, 3, sent - 1), XCY_MATCH_FOREIGN);
    assert_int_equal(verdict_of_reference(w, 7, sent), XCY_MATCH_FOREIGN);
}

/* The file has room for more requests than were begun; it is looked at again each time. */
static void of_a_closed_loop_that_runs_the_size_of_sent_bin_is_the_bound(void **state)
{
    struct world *w = *state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_sent *seen = NULL;
    char *folder = folder_new();
    struct xcy_evaluation e = plain_evaluation(PLANNED, true);
    int64_t sent_us = started_us + INT64_C(1000) * PLANNED;
    double sent_s = (double)sent_us / 1e6;
    w->manifest.planned = 0;
    assert_ok(xcy_sent_create(folder, 0, &sent, &err), &err);
    assert_ok(xcy_sent_open(folder, &seen, &err), &err);
    w->run = (struct xcy_match_run){.manifest = &w->manifest, .sent = seen};
    assert_int_equal(match_of(w, &e).verdict, XCY_MATCH_MALFORMED);
    assert_int_equal(verdict_of_reference(w, PLANNED, sent_s), XCY_MATCH_FOREIGN);
    assert_ok(xcy_sent_reserve(sent, PLANNED + 1, &err), &err);
    assert_int_equal(match_of(w, &e).verdict, XCY_MATCH_OURS);
    assert_int_equal(verdict_of_reference(w, PLANNED, sent_s), XCY_MATCH_FOREIGN);
    xcy_sent_set(sent, PLANNED, sent_us);
    assert_int_equal(verdict_of_reference(w, PLANNED, sent_s), XCY_MATCH_OURS);
    xcy_sent_close(seen);
    xcy_sent_close(sent);
    folder_free(folder);
}

static void consistent_read_is_kept_as_the_reference_sent_it(void **state)
{
    struct world *w = *state;
    struct xcy_match match;
    double right = plain_row(3, XCY_OUTCOME_OK).id.client_sent_at_s;
    char *body = reference_message(3, right, 2);
    xcy_match_message(&w->run, xcy_bytes_of(body), &match);
    assert_int_equal(match.verdict, XCY_MATCH_OURS);
    assert_int_equal(match.consistent_value, 2);
    assert_true(match.evaluation.consistent_read);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_run_id_tells_whose_a_message_is),
        cmocka_unit_test(a_request_that_was_not_planned_is_malformed),
        cmocka_unit_test(another_combination_under_our_id_is_refused),
        cmocka_unit_test(what_is_no_evaluation_is_malformed_with_a_reason),
        cmocka_unit_test(without_a_run_id_number_and_time_must_be_those_of_a_request),
        cmocka_unit_test(without_a_line_the_time_must_lie_shortly_before_it_was_sent),
        cmocka_unit_test_setup_teardown(while_the_load_runs_sent_bin_alone_decides_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            of_a_closed_loop_that_runs_the_size_of_sent_bin_is_the_bound, set_up, tear_down),
        cmocka_unit_test(consistent_read_is_kept_as_the_reference_sent_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
