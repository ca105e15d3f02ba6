#include "scratch.h"

#include "collectors/join.h"

/* One request, what came of it, and the record that results. */
struct one {
    struct xcy_manifest manifest;
    struct xcy_slots *slots;
    struct xcy_collection *collection;
    struct xcy_joined joined;
};

/* sent_us 0: not in sent.bin. */
static void begin_rows(struct one *o, const struct xcy_request_row *rows, size_t n, int64_t sent_us)
{
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    char *folder = folder_new();
    *o = (struct one){.manifest = plain_manifest(1)};
    assert_ok(xcy_sent_create(folder, 1, &sent, &err), &err);
    if (sent_us != 0) {
        xcy_sent_set(sent, 0, sent_us);
    }
    assert_ok(xcy_slots_new(1, 0, requests_of(rows, n), sent, &o->slots, &err), &err);
    struct xcy_match_run run = {.manifest = &o->manifest, .slots = o->slots};
    o->collection = xcy_collection_new(&run);
    xcy_sent_close(sent);
    folder_free(folder);
}

/* row NULL: no line. */
static void begin(struct one *o, const struct xcy_request_row *row, int64_t sent_us)
{
    begin_rows(o, row, row ? 1 : 0, sent_us);
}

static void take(struct one *o, const struct xcy_evaluation *e, int64_t at_us)
{
    char *body = xcy_evaluation_format(e);
    struct xcy_arrival arrival = {.message_id = e->eval, .body = body, .at_us = at_us};
    struct xcy_sorted sorted = xcy_collection_add(o->collection, &arrival);
    assert_int_equal(sorted.kind, XCY_MESSAGE_MATCHED);
    free(body);
}

static const struct xcy_record *record_of(struct one *o)
{
    xcy_join(o->slots, o->collection, &o->joined);
    assert_true(xcy_joined_adds_up(&o->joined));
    assert_int_equal(o->joined.n, 1);
    assert_int_equal(o->joined.counts[o->joined.records[0].klass], 1);
    return &o->joined.records[0];
}

static void end(struct one *o)
{
    xcy_joined_clear(&o->joined);
    xcy_collection_free(o->collection);
    xcy_slots_free(o->slots);
}

/* How a request ended for the client, and what class it has when nothing was reported. */
static void without_an_evaluation_the_outcome_decides(void **state)
{
    (void)state;
    for (int outcome = 0; outcome < XCY_N_OUTCOMES; outcome++) {
        struct one o;
        struct xcy_request_row row = plain_row(0, (enum xcy_outcome)outcome);
        begin(&o, &row, row.points.us[XCY_POINT_SENT]);
        const struct xcy_record *r = record_of(&o);
        enum xcy_class expected = outcome == XCY_OUTCOME_OK        ? XCY_CLASS_LOST
                                  : outcome == XCY_OUTCOME_SKIPPED ? XCY_CLASS_SKIPPED
                                                                   : XCY_CLASS_FAILED;
        assert_int_equal(r->klass, expected);
        assert_int_equal(r->outcome, outcome);
        if (expected == XCY_CLASS_FAILED) {
            assert_string_equal(r->class_reason, xcy_outcome_names[outcome]);
        }
        end(&o);
    }
}

static void sent_without_a_line_is_failed_by_the_generator(void **state)
{
    (void)state;
    struct one o;
    begin(&o, NULL, started_us + 60);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->klass, XCY_CLASS_FAILED);
    assert_string_equal(r->class_reason, "generator");
    assert_int_equal(r->points.us[XCY_POINT_SENT], started_us + 60);
    end(&o);
}

static void never_sent_is_skipped(void **state)
{
    (void)state;
    struct one o;
    begin(&o, NULL, 0);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->klass, XCY_CLASS_SKIPPED);
    assert_int_equal(r->outcome, XCY_OUTCOME_SKIPPED);
    end(&o);
}

static void the_reason_of_a_failure_is_kept(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_THROTTLED);
    snprintf(row.reason, sizeof row.reason, "ConcurrentInvocationLimitExceeded");
    begin(&o, &row, 0);
    assert_string_equal(record_of(&o)->class_reason,
                        "throttled: ConcurrentInvocationLimitExceeded");
    end(&o);
}

static void lost_tells_the_last_known_point(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    begin(&o, &row, 0);
    assert_string_equal(record_of(&o)->class_reason, "last known: ended");
    end(&o);
}

/* What the reader reports, and the class that follows whatever the client saw. */
static void an_evaluation_decides_whatever_the_client_saw(void **state)
{
    (void)state;
    const struct {
        enum xcy_class klass;
        bool has_read;
        bool found;
        bool barrier_timed_out;
        const char *error;
        const char *reason;
    } cases[] = {
        {XCY_CLASS_CONSISTENT, true, true, false, "", ""},
        {XCY_CLASS_INCONSISTENT, true, false, false, "", ""},
        {XCY_CLASS_FAILED, false, false, false, "reading the post: refused",
         "reader: reading the post: refused"},
        {XCY_CLASS_FAILED, false, false, false, "", "reader: it reports no read"},
        {XCY_CLASS_FAILED, false, false, true, "", "barrier: past its deadline"},
        {XCY_CLASS_FAILED, true, true, true, "", "barrier: past its deadline"},
        {XCY_CLASS_FAILED, true, false, true, "", "barrier: past its deadline"},
        {XCY_CLASS_CONSISTENT, true, true, false, "late trouble", "late trouble"},
    };
    static const enum xcy_outcome outcomes[] = {XCY_OUTCOME_OK, XCY_OUTCOME_RESET,
                                                XCY_OUTCOME_FUNCTION_ERROR, XCY_OUTCOME_GENERATOR,
                                                XCY_OUTCOME_SKIPPED};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t out = 0; out < sizeof outcomes / sizeof *outcomes; out++) {
            struct one o;
            struct xcy_request_row row = plain_row(0, outcomes[out]);
            struct xcy_evaluation e = plain_evaluation(0, cases[c].found);
            e.has_read = cases[c].has_read;
            e.barrier_timed_out = cases[c].barrier_timed_out;
            snprintf(e.error, sizeof e.error, "%s", cases[c].error);
            begin(&o, &row, 0);
            take(&o, &e, started_us + 200000);
            const struct xcy_record *r = record_of(&o);
            assert_int_equal(r->klass, cases[c].klass);
            assert_string_equal(r->class_reason, cases[c].reason);
            assert_int_equal(r->outcome, outcomes[out]);
            end(&o);
        }
    }
}

static void a_record_has_all_points_of_its_operation(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, false);
    e.is_polled = true;
    e.polls = 3;
    e.points.us[XCY_POINT_MISSED] = started_us + 120000;
    e.points.us[XCY_POINT_VISIBLE] = started_us + 130000;
    e.points.us[XCY_POINT_REPORTED] = started_us + 131000;
    begin(&o, &row, 0);
    take(&o, &e, started_us + 200000);
    const struct xcy_record *r = record_of(&o);
    for (int point = 0; point < XCY_N_POINTS; point++) {
        bool is_of_client = point <= XCY_POINT_ENDED;
        int64_t expected = is_of_client ? row.points.us[point] : e.points.us[point];
        expected = point == XCY_POINT_GOT ? started_us + 200000 : expected;
        assert_int_equal(r->points.us[point], expected);
    }
    assert_int_equal(r->flags, XCY_FLAG_POLLED);
    assert_int_equal(r->polls, 3);
    assert_int_equal(r->notification_bytes, 1900);
    assert_string_equal(r->key, "0ABCDEF");
    assert_string_equal(r->exec, "exec-0");
    assert_string_equal(r->eval, "eval-0");
    assert_string_equal(r->writer_instance, "writer-1");
    assert_string_equal(r->reader_instance, "reader-1");
    end(&o);
}

static void of_two_evals_the_one_seen_first_decides_and_both_are_flagged(void **state)
{
    (void)state;
    for (int late_first = 0; late_first < 2; late_first++) {
        struct one o;
        struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
        struct xcy_evaluation early = plain_evaluation(0, false);
        struct xcy_evaluation late = plain_evaluation(0, true);
        snprintf(late.eval, sizeof late.eval, "eval-late");
        late.points.us[XCY_POINT_SEEN] += 1000000;
        begin(&o, &row, 0);
        take(&o, late_first ? &late : &early, 1);
        take(&o, late_first ? &early : &late, 2);
        const struct xcy_record *r = record_of(&o);
        assert_int_equal(r->klass, XCY_CLASS_INCONSISTENT);
        assert_string_equal(r->eval, "eval-0");
        assert_int_equal(r->flags, XCY_FLAG_MANY_EVALS | XCY_FLAG_CONFLICT);
        end(&o);
    }
}

static void two_evals_that_agree_are_no_conflict(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, true);
    begin(&o, &row, 0);
    take(&o, &e, 1);
    snprintf(e.eval, sizeof e.eval, "eval-again");
    take(&o, &e, 2);
    assert_int_equal(record_of(&o)->flags, XCY_FLAG_MANY_EVALS);
    end(&o);
}

/* The second write makes the second read true: the first execution decides. */
static void of_two_execs_the_first_decides_and_the_request_is_flagged(void **state)
{
    (void)state;
    for (int late_first = 0; late_first < 2; late_first++) {
        struct one o;
        struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
        struct xcy_evaluation early = plain_evaluation(0, false);
        struct xcy_evaluation late = plain_evaluation(0, true);
        snprintf(late.exec, sizeof late.exec, "exec-late");
        snprintf(late.eval, sizeof late.eval, "eval-late");
        late.points.us[XCY_POINT_START] += 2000000;
        late.points.us[XCY_POINT_SEEN] -= 50; /* even if its notification came sooner */
        begin(&o, &row, 0);
        take(&o, late_first ? &late : &early, 1);
        take(&o, late_first ? &early : &late, 2);
        const struct xcy_record *r = record_of(&o);
        assert_int_equal(r->klass, XCY_CLASS_INCONSISTENT);
        assert_string_equal(r->exec, "exec-0");
        assert_int_equal(r->flags, XCY_FLAG_MANY_EXECS);
        end(&o);
    }
}

static void an_evaluation_of_another_exec_than_the_reply_takes_its_points_whole(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, true);
    snprintf(e.exec, sizeof e.exec, "exec-other");
    e.points.us[XCY_POINT_START] += 5;
    begin(&o, &row, 0);
    take(&o, &e, 1);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->flags, XCY_FLAG_MANY_EXECS);
    assert_string_equal(r->exec, "exec-other");
    assert_int_equal(r->points.us[XCY_POINT_START], e.points.us[XCY_POINT_START]);
    assert_int_equal(r->points.us[XCY_POINT_ENDED], 0); /* the reply's is of another execution */
    end(&o);
}

static void a_redelivered_message_is_flagged_and_keeps_its_first_arrival(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, true);
    begin(&o, &row, 0);
    take(&o, &e, 77);
    char *body = xcy_evaluation_format(&e);
    struct xcy_arrival again = {.message_id = "m", .body = body, .at_us = 99};
    assert_int_equal(xcy_collection_add(o.collection, &again).kind, XCY_MESSAGE_DUPLICATE);
    free(body);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->flags, XCY_FLAG_REDELIVERED);
    assert_int_equal(r->points.us[XCY_POINT_GOT], 77);
    end(&o);
}

static void late_means_more_than_a_millisecond_after_due(void **state)
{
    (void)state;
    for (int64_t lag_us = 999; lag_us <= 1001; lag_us++) {
        struct one o;
        struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
        row.points.us[XCY_POINT_SENT] = row.points.us[XCY_POINT_DUE] + lag_us;
        begin(&o, &row, 0);
        assert_int_equal(record_of(&o)->flags, lag_us > 1000 ? XCY_FLAG_LATE : 0);
        end(&o);
    }
}

/* Two attempts, the second five seconds after the first, and answered by an execution of its own. */
static void begin_retried(struct one *o, enum xcy_outcome first, int64_t first_lag_us)
{
    struct xcy_request_row rows[2] = {plain_row(0, first), plain_row(0, XCY_OUTCOME_OK)};
    rows[0].points.us[XCY_POINT_SENT] = rows[0].points.us[XCY_POINT_DUE] + first_lag_us;
    rows[1].attempt = 2;
    for (int point = XCY_POINT_SENT; point <= XCY_POINT_ENDED; point++) {
        rows[1].points.us[point] += 5000000;
    }
    snprintf(rows[1].exec, sizeof rows[1].exec, "exec-second");
    begin_rows(o, rows, 2, rows[1].points.us[XCY_POINT_SENT]);
}

/* What the second execution reports, five seconds later. */
static struct xcy_evaluation second_evaluation(bool found)
{
    struct xcy_evaluation e = plain_evaluation(0, found);
    snprintf(e.exec, sizeof e.exec, "exec-second");
    snprintf(e.eval, sizeof e.eval, "eval-second");
    for (int point = 0; point < XCY_N_POINTS; point++) {
        e.points.us[point] += e.points.us[point] != 0 ? 5000000 : 0;
    }
    return e;
}

static void of_a_request_that_was_tried_again_due_is_its_own_and_the_rest_of_the_last(void **state)
{
    (void)state;
    struct one o;
    struct xcy_evaluation e = second_evaluation(false);
    begin_retried(&o, XCY_OUTCOME_THROTTLED, 50);
    take(&o, &e, started_us + 5200000);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->klass, XCY_CLASS_INCONSISTENT);
    assert_int_equal(r->outcome, XCY_OUTCOME_OK);
    assert_int_equal(r->attempts, 2);
    assert_int_equal(r->flags, 0); /* it was in time, and a throttled one ran nothing */
    assert_int_equal(r->points.us[XCY_POINT_DUE], started_us);
    assert_int_equal(r->points.us[XCY_POINT_SENT], started_us + 5000050);
    assert_int_equal(r->points.us[XCY_POINT_ACKED], started_us + 5050000);
    assert_int_equal(r->points.us[XCY_POINT_START], started_us + 5001000);
    assert_int_equal(r->points.us[XCY_POINT_SEEN], started_us + 5100000);
    assert_string_equal(r->exec, "exec-second");
    end(&o);
    begin_retried(&o, XCY_OUTCOME_THROTTLED, 1001);
    assert_int_equal(record_of(&o)->flags, XCY_FLAG_LATE);
    end(&o);
}

static void one_that_may_have_run_twice_is_flagged_whoever_reports(void **state)
{
    (void)state;
    static const enum xcy_outcome unheard[] = {XCY_OUTCOME_TOTAL_TIMEOUT, XCY_OUTCOME_SERVER_ERROR,
                                               XCY_OUTCOME_FUNCTION_ERROR, XCY_OUTCOME_RESET};
    for (size_t f = 0; f < sizeof unheard / sizeof *unheard; f++) {
        for (unsigned who = 0; who < 4; who++) { /* bit 0: the first execution, bit 1: the second */
            struct one o;
            struct xcy_evaluation first = plain_evaluation(0, false);
            struct xcy_evaluation second = second_evaluation(true);
            begin_retried(&o, unheard[f], 50);
            if (who & 2U) {
                take(&o, &second, 1);
            }
            if (who & 1U) {
                take(&o, &first, 2);
            }
            const struct xcy_record *r = record_of(&o);
            assert_int_equal(r->flags, XCY_FLAG_MANY_EXECS);
            assert_int_equal(r->klass, who & 1U   ? XCY_CLASS_INCONSISTENT
                                       : who & 2U ? XCY_CLASS_CONSISTENT
                                                  : XCY_CLASS_LOST);
            assert_string_equal(r->exec, who & 1U ? "exec-0" : "exec-second");
            end(&o);
        }
    }
}

/* Three of the five requests are warm-up; they have their class, but no count. */
static void the_warm_up_has_a_term_of_its_own(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_manifest manifest = plain_manifest(5);
    struct xcy_slots *slots = NULL;
    struct xcy_request_row rows[5];
    for (int64_t i = 0; i < 5; i++) {
        rows[i] = plain_row(i, XCY_OUTCOME_OK);
        rows[i].is_warmup = i < 3;
    }
    assert_ok(xcy_slots_new(5, 3, requests_of(rows, 5), NULL, &slots, &err), &err);
    struct xcy_match_run run = {.manifest = &manifest, .slots = slots};
    struct xcy_collection *collection = xcy_collection_new(&run);
    struct xcy_joined joined;
    xcy_join(slots, collection, &joined);
    assert_true(xcy_joined_adds_up(&joined));
    assert_int_equal(joined.n, 5);
    assert_int_equal(joined.n_warmup, 3);
    assert_int_equal(joined.counts[XCY_CLASS_LOST], 2);
    for (int64_t i = 0; i < 5; i++) {
        assert_int_equal(joined.records[i].klass, XCY_CLASS_LOST);
        assert_int_equal(joined.records[i].flags, i < 3 ? XCY_FLAG_WARMUP : 0);
    }
    joined.n_warmup--;
    assert_false(xcy_joined_adds_up(&joined));
    xcy_joined_clear(&joined);
    xcy_collection_free(collection);
    xcy_slots_free(slots);
}

static void the_readers_flags_are_carried_over(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, false);
    e.waited = true;
    e.is_polled = true;
    e.is_censored = true;
    e.barrier_timed_out = true;
    begin(&o, &row, 0);
    take(&o, &e, 1);
    assert_int_equal(record_of(&o)->flags, XCY_FLAG_WAITED | XCY_FLAG_POLLED | XCY_FLAG_CENSORED |
                                               XCY_FLAG_BARRIER_TIMEOUT);
    end(&o);
}

static void an_evaluation_of_the_references_functions_has_the_points_it_can_have(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    row.exec[0] = '\0';
    for (int point = XCY_POINT_START; point <= XCY_POINT_ENDED; point++) {
        row.points.us[point] = 0;
    }
    begin(&o, &row, 0);
    char *body = reference_message(0, row.id.client_sent_at_s, 0);
    struct xcy_arrival arrival = {.message_id = "m", .body = body, .at_us = 1, .live = true};
    assert_int_equal(xcy_collection_add(o.collection, &arrival).kind, XCY_MESSAGE_MATCHED);
    free(body);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->klass, XCY_CLASS_INCONSISTENT);
    assert_int_equal(r->flags, XCY_FLAG_NO_XCY | XCY_FLAG_GOT_LIVE);
    assert_int_equal(r->points.us[XCY_POINT_START], started_us + 1000);
    assert_int_equal(r->points.us[XCY_POINT_WROTE], started_us + 9000);
    assert_int_equal(r->points.us[XCY_POINT_SEEN], started_us + 100000);
    assert_int_equal(r->points.us[XCY_POINT_READ], started_us + 105000);
    assert_int_equal(r->points.us[XCY_POINT_ASKED], 0);
    end(&o);
}

static void points_of_one_clock_in_an_impossible_order_are_flagged_and_kept(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_evaluation e = plain_evaluation(0, true);
    e.points.us[XCY_POINT_READ] = e.points.us[XCY_POINT_SEEN] - 1;
    begin(&o, &row, 0);
    take(&o, &e, 1);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->flags, XCY_FLAG_DISORDERED);
    assert_int_equal(r->klass, XCY_CLASS_CONSISTENT);
    assert_int_equal(r->points.us[XCY_POINT_READ], e.points.us[XCY_POINT_READ]);
    end(&o);
}

static void an_evaluation_of_another_combination_is_not_taken_but_flagged(void **state)
{
    (void)state;
    struct one o;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_BAD_REPLY);
    struct xcy_evaluation e = plain_evaluation(0, true);
    e.combination.delay_ms = 100;
    begin(&o, &row, 0);
    char *body = xcy_evaluation_format(&e);
    struct xcy_arrival arrival = {.message_id = "m", .body = body, .at_us = 1};
    assert_true(xcy_collection_add(o.collection, &arrival).refused);
    free(body);
    const struct xcy_record *r = record_of(&o);
    assert_int_equal(r->klass, XCY_CLASS_FAILED);
    assert_int_equal(r->flags, XCY_FLAG_REFUSED);
    end(&o);
}

static void every_planned_request_has_exactly_one_class(void **state)
{
    (void)state;
    enum { PLANNED = 200 };
    struct xcy_error err;
    struct xcy_manifest manifest = plain_manifest(PLANNED);
    struct xcy_request_row rows[PLANNED];
    struct xcy_slots *slots = NULL;
    size_t n_rows = 0;
    for (int64_t i = 0; i < PLANNED; i++) {
        if (i % 7 != 0) {
            rows[n_rows++] = plain_row(i, (enum xcy_outcome)(i % XCY_N_OUTCOMES));
        }
    }
    assert_ok(xcy_slots_new(PLANNED, 0, requests_of(rows, n_rows), NULL, &slots, &err), &err);
    struct xcy_match_run run = {.manifest = &manifest, .slots = slots};
    struct xcy_collection *collection = xcy_collection_new(&run);
    for (int64_t i = 0; i < PLANNED; i += 3) {
        struct xcy_evaluation e = plain_evaluation(i, i % 2 == 0);
        char *body = xcy_evaluation_format(&e);
        struct xcy_arrival arrival = {.message_id = e.eval, .body = body};
        xcy_collection_add(collection, &arrival);
        free(body);
    }
    struct xcy_joined joined;
    xcy_join(slots, collection, &joined);
    assert_true(xcy_joined_adds_up(&joined));
    assert_int_equal(joined.counts[XCY_CLASS_CONSISTENT], 34);
    assert_int_equal(joined.counts[XCY_CLASS_INCONSISTENT], 33);
    xcy_joined_clear(&joined);
    xcy_collection_free(collection);
    xcy_slots_free(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_evaluation_the_outcome_decides),
        cmocka_unit_test(sent_without_a_line_is_failed_by_the_generator),
        cmocka_unit_test(never_sent_is_skipped),
        cmocka_unit_test(the_reason_of_a_failure_is_kept),
        cmocka_unit_test(lost_tells_the_last_known_point),
        cmocka_unit_test(an_evaluation_decides_whatever_the_client_saw),
        cmocka_unit_test(a_record_has_all_points_of_its_operation),
        cmocka_unit_test(of_two_evals_the_one_seen_first_decides_and_both_are_flagged),
        cmocka_unit_test(two_evals_that_agree_are_no_conflict),
        cmocka_unit_test(of_two_execs_the_first_decides_and_the_request_is_flagged),
        cmocka_unit_test(an_evaluation_of_another_exec_than_the_reply_takes_its_points_whole),
        cmocka_unit_test(a_redelivered_message_is_flagged_and_keeps_its_first_arrival),
        cmocka_unit_test(late_means_more_than_a_millisecond_after_due),
        cmocka_unit_test(of_a_request_that_was_tried_again_due_is_its_own_and_the_rest_of_the_last),
        cmocka_unit_test(one_that_may_have_run_twice_is_flagged_whoever_reports),
        cmocka_unit_test(the_warm_up_has_a_term_of_its_own),
        cmocka_unit_test(the_readers_flags_are_carried_over),
        cmocka_unit_test(an_evaluation_of_the_references_functions_has_the_points_it_can_have),
        cmocka_unit_test(points_of_one_clock_in_an_impossible_order_are_flagged_and_kept),
        cmocka_unit_test(an_evaluation_of_another_combination_is_not_taken_but_flagged),
        cmocka_unit_test(every_planned_request_has_exactly_one_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
