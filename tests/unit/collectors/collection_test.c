#include "scratch.h"

#include "collectors/collection.h"

static struct xcy_manifest manifest;

static struct xcy_collection *collection_of(int64_t planned)
{
    manifest = plain_manifest(planned);
    struct xcy_match_run run = {.manifest = &manifest};
    return xcy_collection_new(&run);
}

static struct xcy_sorted add_body(struct xcy_collection *c, const char *id, const char *body)
{
    struct xcy_arrival arrival = {.message_id = id, .body = body, .at_us = 42, .live = true};
    return xcy_collection_add(c, &arrival);
}

static struct xcy_sorted add(struct xcy_collection *c, const char *id,
                             const struct xcy_evaluation *e)
{
    char *body = xcy_evaluation_format(e);
    struct xcy_sorted sorted = add_body(c, id, body);
    free(body);
    return sorted;
}

static void a_new_evaluation_is_taken_and_its_request_has_reported(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_evaluation e = plain_evaluation(3, false);
    assert_int_equal(add(c, "m1", &e).kind, XCY_MESSAGE_MATCHED);
    assert_int_equal(c->n_taken, 1);
    assert_true(xcy_collection_reports(c, 3).has_reported);
    assert_int_equal(c->n_reported, 1);
    assert_int_equal(c->taken[0].got_us, 42);
    assert_true(c->taken[0].live);
    xcy_collection_free(c);
}

/* SQS delivers at least once: another message id or the same, the evaluation is one. */
static void the_same_eval_again_is_a_duplicate(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_evaluation e = plain_evaluation(3, false);
    add(c, "m1", &e);
    assert_int_equal(add(c, "m1", &e).kind, XCY_MESSAGE_DUPLICATE);
    assert_int_equal(add(c, "m2", &e).kind, XCY_MESSAGE_DUPLICATE);
    assert_int_equal(c->n_taken, 1);
    assert_int_equal(c->taken[0].redeliveries, 2);
    assert_int_equal(c->tally.received, 3);
    assert_true(xcy_tally_adds_up(&c->tally));
    xcy_collection_free(c);
}

static void another_eval_of_the_same_exec_is_no_duplicate(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_evaluation e = plain_evaluation(3, false);
    add(c, "m1", &e);
    snprintf(e.eval, sizeof e.eval, "eval-3-again");
    assert_int_equal(add(c, "m2", &e).kind, XCY_MESSAGE_MATCHED);
    assert_int_equal(c->n_taken, 2);
    assert_int_equal(c->n_reported, 1);
    xcy_collection_free(c);
}

static void without_an_eval_id_the_same_body_is_a_duplicate_and_another_is_not(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    struct xcy_request_row row = plain_row(3, XCY_OUTCOME_OK);
    struct xcy_collection *c = collection_of(10);
    assert_ok(xcy_slots_new(10, 0, requests_of(&row, 1), NULL, &slots, &err), &err);
    c->run.slots = slots;
    char *body = reference_message(3, row.id.client_sent_at_s, 0);
    char *other = reference_message(3, row.id.client_sent_at_s, 1);
    assert_int_equal(add_body(c, "m1", body).kind, XCY_MESSAGE_MATCHED);
    assert_int_equal(add_body(c, "m2", body).kind, XCY_MESSAGE_DUPLICATE);
    assert_int_equal(add_body(c, "m3", other).kind, XCY_MESSAGE_MATCHED);
    free(body);
    free(other);
    xcy_collection_free(c);
    xcy_slots_free(slots);
}

static void a_foreign_message_counts_once_however_often_it_comes(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_evaluation e = plain_evaluation(3, false);
    memcpy(e.id.run, OTHER_ID, sizeof e.id.run);
    assert_true(add(c, "m1", &e).is_new);
    for (int times = 0; times < 5; times++) {
        struct xcy_sorted sorted = add(c, "m1", &e);
        assert_int_equal(sorted.kind, XCY_MESSAGE_FOREIGN);
        assert_false(sorted.is_new);
    }
    assert_int_equal(c->tally.counts[XCY_MESSAGE_FOREIGN], 1);
    assert_int_equal(c->tally.received, 1);
    assert_int_equal(c->n_taken, 0);
    xcy_collection_free(c);
}

static void a_malformed_message_counts_once_and_then_as_duplicate(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_sorted sorted = add_body(c, "m1", "rubbish");
    assert_int_equal(sorted.kind, XCY_MESSAGE_MALFORMED);
    assert_true(sorted.reason[0] != '\0');
    assert_int_equal(add_body(c, "m1", "rubbish").kind, XCY_MESSAGE_DUPLICATE);
    assert_int_equal(add_body(c, "m2", "rubbish").kind, XCY_MESSAGE_MALFORMED);
    assert_int_equal(c->tally.counts[XCY_MESSAGE_MALFORMED], 2);
    assert_true(xcy_tally_adds_up(&c->tally));
    xcy_collection_free(c);
}

static void a_refused_one_is_counted_among_the_malformed(void **state)
{
    (void)state;
    struct xcy_collection *c = collection_of(10);
    struct xcy_evaluation e = plain_evaluation(3, false);
    e.combination.post_storage = XCY_POST_CACHE;
    struct xcy_sorted sorted = add(c, "m1", &e);
    assert_int_equal(sorted.kind, XCY_MESSAGE_MALFORMED);
    assert_true(sorted.refused);
    assert_int_equal(c->tally.refused, 1);
    assert_int_equal(c->n_taken, 0);
    assert_true(xcy_collection_reports(c, 3).has_reported); /* nobody waits for it */
    assert_true(xcy_collection_reports(c, 3).is_refused);
    assert_false(xcy_collection_reports(c, 4).is_refused);
    assert_true(sorted.is_first_report && sorted.i == 3);
    assert_false(add(c, "m1", &e).is_first_report);
    xcy_collection_free(c);
}

static void requests_of_a_closed_loop_are_noted_as_they_grow_in_number(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_collection *c = collection_of(0);
    struct xcy_evaluation e = plain_evaluation(3, true);
    char *folder = folder_new();
    assert_ok(xcy_sent_create(folder, 4, &sent, &err), &err);
    c->run.sent = sent;
    assert_true(add(c, "m1", &e).is_first_report);
    e = plain_evaluation(2000000, true);
    assert_int_equal(add(c, "m2", &e).kind, XCY_MESSAGE_MALFORMED);
    assert_ok(xcy_sent_reserve(sent, 2000001, &err), &err);
    assert_true(add(c, "m3", &e).is_first_report);
    assert_true(xcy_collection_reports(c, 3).has_reported);
    assert_true(xcy_collection_reports(c, 2000000).has_reported);
    assert_false(xcy_collection_reports(c, 1999999).has_reported);
    assert_false(xcy_collection_reports(c, INT64_MAX).has_reported);
    assert_int_equal(c->n_reported, 2);
    xcy_collection_free(c);
    xcy_sent_close(sent);
    folder_free(folder);
}

/* Two collections are fed alike. */
static void one_that_counts_says_the_same_and_keeps_nothing(void **state)
{
    (void)state;
    struct xcy_collection *keeps = collection_of(10);
    struct xcy_match_run run = {.manifest = &manifest};
    struct xcy_collection *counts = xcy_collection_new_counting(&run);
    static const struct {
        const char *id;
        int64_t i;
    } messages[] = {{"m1", 3}, {"m1", 3}, {"m2", 4}, {"m3", 3}, {"m4", 40}};
    for (size_t m = 0; m < sizeof messages / sizeof *messages; m++) {
        struct xcy_evaluation e = plain_evaluation(messages[m].i, true);
        struct xcy_sorted a = add(keeps, messages[m].id, &e);
        struct xcy_sorted b = add(counts, messages[m].id, &e);
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.is_new, b.is_new);
        assert_int_equal(a.is_first_report, b.is_first_report);
    }
    assert_int_equal(keeps->n_taken, 2);
    assert_int_equal(counts->n_taken, keeps->n_taken);
    assert_int_equal(counts->n_reported, keeps->n_reported);
    assert_memory_equal(&counts->tally, &keeps->tally, sizeof counts->tally);
    assert_null(counts->taken);
    xcy_collection_free(counts);
    xcy_collection_free(keeps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_evaluation_is_taken_and_its_request_has_reported),
        cmocka_unit_test(the_same_eval_again_is_a_duplicate),
        cmocka_unit_test(another_eval_of_the_same_exec_is_no_duplicate),
        cmocka_unit_test(without_an_eval_id_the_same_body_is_a_duplicate_and_another_is_not),
        cmocka_unit_test(a_foreign_message_counts_once_however_often_it_comes),
        cmocka_unit_test(a_malformed_message_counts_once_and_then_as_duplicate),
        cmocka_unit_test(a_refused_one_is_counted_among_the_malformed),
        cmocka_unit_test(requests_of_a_closed_loop_are_noted_as_they_grow_in_number),
        cmocka_unit_test(one_that_counts_says_the_same_and_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
