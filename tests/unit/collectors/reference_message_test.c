#include "scratch.h"

#include "collectors/collection.h"
#include "collectors/ledger.h"
#include "collectors/reference_message.h"
#include "collectors/reference_rows.h"
#include "collectors/sources/lines.h"

enum { REQUESTS = 12 };

/* Request i was replied to at 100 + i; Antipode is on or off. */
static struct xcy_reference_state *state_of(bool antipode)
{
    struct xcy_error err;
    struct xcy_buf text;
    struct xcy_reference_state *state = NULL;
    xcy_buf_init(&text, 1 << 16);
    xcy_buf_addf(
        &text,
        "antipode_enabled: %s\ndelay: 0\npost_storage: s3\nnotification_storage: mq\n"
        "writer_region: eu-central-1\nreader_region: us-east-1\nrequests: %d\nlatencies:\n",
        antipode ? "true" : "false", REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
        xcy_buf_addf(&text, "  %d: %d\n", i, 100 + i);
    }
    assert_ok(xcy_reference_state_parse("last.yml", xcy_buf_bytes(&text), &state, &err), &err);
    xcy_buf_clear(&text);
    return state;
}

/* A whole message of request i, with the given JSON for consistent_read and antipode_spent_ms. */
static char *message_of(const char *i, const char *consistent, const char *spent)
{
    return xcy_format("{\"i\": %s, \"client_sent_at\": 99, \"writer_start_at\": \" 99.25 \", "
                      "\"reader_received_at\": 101.5, \"post_read_at\": \"102\", "
                      "\"consistent_read\": %s, \"notification_to_reader_spent_ms\": 12.9, "
                      "\"notification_size_bytes\": \"1902\", \"antipode_spent_ms\": %s}",
                      i, consistent, spent);
}

static enum xcy_reference_verdict read_one(bool antipode, const char *body,
                                           struct xcy_reference_message *message,
                                           struct xcy_error *err)
{
    struct xcy_reference_state *state = state_of(antipode);
    xcy_reference_message_read(state, xcy_bytes_of(body), message, err);
    xcy_reference_state_free(state);
    return message->verdict;
}

static void a_message_gives_the_values_that_int_and_float_give(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_reference_message m;
    char *body = message_of("\"6\"", "2", "null");
    assert_int_equal(read_one(false, body, &m, &err), XCY_REFERENCE_KNOWN);
    assert_int_equal(m.place, 6);
    assert_int_equal(m.row.i, 6);
    assert_int_equal(m.row.consistent_read, 2);
    assert_int_equal(m.row.notification_to_reader_spent_ms, 12);
    assert_int_equal(m.row.notification_size_bytes, 1902);
    assert_true(m.row.client_sent_at_s == 99 && m.row.writer_start_at_s == 99.25);
    assert_true(m.row.reader_received_at_s == 101.5 && m.row.post_read_at_s == 102);
    assert_true(m.row.has_reply && m.row.reply_at_s == 106);
    assert_false(m.row.has_antipode_spent);
    free(body);
}

static void i_is_cut_as_int_does_it(void **state)
{
    (void)state;
    static const struct {
        const char *i;
        int64_t expected;
    } cases[] = {{"7.0", 7}, {"7.9", 7}, {"true", 1}, {"\" 1_1\\n\"", 11}, {"-0.5", 0}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_error err;
        struct xcy_reference_message m;
        char *body = message_of(cases[c].i, "0", "null");
        assert_int_equal(read_one(false, body, &m, &err), XCY_REFERENCE_KNOWN);
        assert_int_equal(m.row.i, cases[c].expected);
        free(body);
    }
}

static void a_request_that_the_state_file_does_not_know_is_another_runs(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{\"i\": 12}", "{\"i\": -1}", "{\"i\": 1e15, \"x\": 1}"};
    for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++) {
        struct xcy_error err;
        struct xcy_reference_message m;
        assert_int_equal(read_one(false, bodies[b], &m, &err), XCY_REFERENCE_UNKNOWN);
    }
}

static void antipode_spent_is_needed_where_antipode_is_on_and_there_only(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_reference_message m;
    char *body = message_of("3", "1", "null");
    assert_int_equal(read_one(true, body, &m, &err), XCY_REFERENCE_MALFORMED);
    assert_string_equal(err.text, "antipode_spent_ms: missing");
    free(body);
    body = message_of("3", "1", "\"17\"");
    assert_int_equal(read_one(true, body, &m, &err), XCY_REFERENCE_KNOWN);
    assert_true(m.row.has_antipode_spent && m.row.antipode_spent_ms == 17);
    free(body);
    body = message_of("3", "1", "\"never\"");
    assert_int_equal(read_one(false, body, &m, &err), XCY_REFERENCE_KNOWN);
    free(body);
}

static void of_a_destination_record_only_the_body_counts(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_reference_message m;
    const char *body =
        "{\"responsePayload\": {\"statusCode\": 500, \"body\": \"{\\\"i\\\": 99}\"}}";
    assert_int_equal(read_one(false, body, &m, &err), XCY_REFERENCE_UNKNOWN);
    body = "{\"i\": 1, \"responsePayload\": null}";
    assert_int_equal(read_one(false, body, &m, &err), XCY_REFERENCE_MALFORMED);
    assert_string_equal(err.text, "responsePayload: body: missing, or not a string");
}

/* Journals the messages, sorts them, and makes rows of them. */
static struct xcy_reference_rows rows_of(char *const bodies[], size_t n, struct xcy_tally *tally)
{
    struct xcy_error err;
    struct xcy_reference_rows rows;
    struct xcy_ledger *ledger = NULL;
    int64_t cut = 0;
    char *folder = folder_new();
    struct xcy_reference_state *state = state_of(false);
    struct xcy_slots *slots = NULL;
    assert_ok(xcy_slots_new(REQUESTS, 0, NULL, NULL, &slots, &err), &err);
    struct xcy_match_run run = {.state = state, .slots = slots};
    struct xcy_collection *collection = xcy_collection_new_counting(&run);
    assert_ok(xcy_ledger_open(folder, &ledger, &err), &err);
    for (size_t b = 0; b < n; b++) {
        struct xcy_journal_entry entry = {.at_us = 1, .message_id = "m", .body = bodies[b]};
        xcy_ledger_add(ledger, &entry);
    }
    assert_ok(xcy_ledger_commit(ledger, &err), &err);
    assert_ok(xcy_ledger_replay(ledger, collection, &cut, &err), &err);
    assert_ok(xcy_reference_rows_make(state, ledger, &rows, &err), &err);
    *tally = collection->tally;
    xcy_ledger_close(ledger);
    xcy_collection_free(collection);
    xcy_slots_free(slots);
    xcy_reference_state_free(state);
    folder_free(folder);
    return rows;
}

static void duplicates_count_by_request_and_the_last_within_the_ten_stays(void **state)
{
    (void)state;
    char *bodies[REQUESTS + 9];
    struct xcy_tally tally;
    char number[8];
    for (int b = 0; b < REQUESTS; b++) {
        snprintf(number, sizeof number, "%d", b);
        bodies[b] = message_of(number, "1", "null");
    }
    for (int b = REQUESTS; b < REQUESTS + 9; b++) { /* eight until the twenty are full */
        snprintf(number, sizeof number, "%d", b - REQUESTS + 10);
        bodies[b] = message_of("3", number, "null");
    }
    struct xcy_reference_rows rows = rows_of(bodies, REQUESTS + 9, &tally);
    assert_int_equal(tally.counts[XCY_MESSAGE_MATCHED], REQUESTS);
    assert_int_equal(tally.counts[XCY_MESSAGE_DUPLICATE], 9);
    assert_true(xcy_tally_adds_up(&tally));
    assert_int_equal(rows.expected, REQUESTS);
    assert_int_equal(rows.n_unused, 1);
    assert_int_equal(xcy_reference_rows(rows.reference), REQUESTS);
    assert_int_equal(xcy_reference_at(rows.reference, 3)->i, 3);
    assert_int_equal(xcy_reference_at(rows.reference, 3)->consistent_read, 17);
    xcy_reference_free(rows.reference);
    for (int b = 0; b < REQUESTS + 9; b++) {
        free(bodies[b]);
    }
}

static void what_is_missing_lowers_the_number_that_is_waited_for(void **state)
{
    (void)state;
    struct xcy_tally tally;
    char *first = message_of("5", "0", "null");
    char *second = message_of("4", "1", "null");
    char *const bodies[] = {first, second, first};
    struct xcy_reference_rows rows = rows_of(bodies, 3, &tally);
    assert_int_equal(rows.expected, 3);
    assert_int_equal(xcy_reference_rows(rows.reference), 2);
    assert_int_equal(xcy_reference_at(rows.reference, 0)->i, 5);
    xcy_reference_free(rows.reference);
    free(first);
    free(second);
}

static void lines_of_a_file_come_ten_at_a_time_and_each_form_is_unwrapped(void **state)
{
    (void)state;
    static const char text[] = "{\"body\": \"a \\\"b\\\"\"}\r\n"
                               "\n"
                               "{\"i\": 1}\n"
                               "not JSON \xff\n"
                               "4\n5\n6\n7\n8\n9\n10\n11\n12";
    struct xcy_error err;
    struct xcy_message_batch batch;
    void *source = NULL;
    int64_t n = 0;
    char *folder = folder_new();
    char *path = xcy_run_file(folder, "messages.jsonl");
    struct xcy_source_place place = {.queue = path};
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    assert_ok(xcy_source_lines.open(&place, &source, &err), &err);
    assert_ok(xcy_source_lines.count(source, &n, &err), &err);
    assert_int_equal(n, 12);
    assert_ok(xcy_source_lines.receive(source, 20, &batch, &err), &err);
    assert_int_equal(batch.n, XCY_SOURCE_BATCH);
    assert_string_equal(batch.messages[0].body, "a \"b\"");
    assert_string_equal(batch.messages[1].body, "{\"i\": 1}");
    assert_string_equal(batch.messages[1].id, "line 3");
    assert_string_equal(batch.messages[2].body, "not JSON ?");
    xcy_message_batch_clear(&batch);
    assert_ok(xcy_source_lines.receive(source, 20, &batch, &err), &err);
    assert_int_equal(batch.n, 2);
    assert_string_equal(batch.messages[1].body, "12");
    xcy_message_batch_clear(&batch);
    assert_ok(xcy_source_lines.receive(source, 20, &batch, &err), &err);
    assert_int_equal(batch.n, 0);
    xcy_source_lines.close(source);
    free(path);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_gives_the_values_that_int_and_float_give),
        cmocka_unit_test(i_is_cut_as_int_does_it),
        cmocka_unit_test(a_request_that_the_state_file_does_not_know_is_another_runs),
        cmocka_unit_test(antipode_spent_is_needed_where_antipode_is_on_and_there_only),
        cmocka_unit_test(of_a_destination_record_only_the_body_counts),
        cmocka_unit_test(duplicates_count_by_request_and_the_last_within_the_ten_stays),
        cmocka_unit_test(what_is_missing_lowers_the_number_that_is_waited_for),
        cmocka_unit_test(lines_of_a_file_come_ten_at_a_time_and_each_form_is_unwrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
