/* Faults of queues and messages as their users see them: exactly those that were counted. */
#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_MESSAGES = 60 };

static int open_stand(void **state)
{
    *state = stand_open(NULL);
    return 0;
}

static int close_stand(void **state)
{
    stand_close(*state);
    return 0;
}

static struct xcy_fault_count count(const struct stand *s, enum xcy_fault fault)
{
    return xcy_faults_count(s->faults, fault);
}

static void send_many(const struct stand *s, int n)
{
    struct xcy_error err;
    for (int i = 0; i < n; i++) {
        char body[16];
        snprintf(body, sizeof body, "%d", i);
        assert_ok(xcy_sqs_send(&s->reader, s->queue_url, body, &err), &err);
    }
}

static size_t receive(const struct stand *s, int visibility_s, struct xcy_sqs_batch *batch)
{
    struct xcy_error err;
    *batch = (struct xcy_sqs_batch){0};
    assert_ok(xcy_sqs_receive(&s->reader, s->queue_url, 0, visibility_s, batch, &err), &err);
    return batch->n;
}

/* What came of the messages that were sent: how often each, in which order, and whether deleted. */
struct got {
    int times[N_MESSAGES];
    int order[N_MESSAGES * 2];
    size_t n;
    size_t n_wrong_checksums;
    size_t n_not_deleted;
    char ids[N_MESSAGES][40];
    bool ids_differ; /* of one message received twice */
};

static void take(struct got *got, const struct xcy_sqs_message *m)
{
    int i = atoi(m->body); /* NOLINT(cert-err34-c): ours */
    assert_in_range(i, 0, N_MESSAGES - 1);
    if (got->times[i]++ > 0) {
        got->ids_differ |= strcmp(got->ids[i], m->message_id) != 0;
    }
    snprintf(got->ids[i], sizeof got->ids[i], "%s", m->message_id);
    got->order[got->n++] = i;
    got->n_wrong_checksums += !m->md5_is_right;
}

/* Receives and deletes until nothing comes. */
static void drain(const struct stand *s, struct got *got)
{
    struct xcy_sqs_batch batch;
    memset(got, 0, sizeof *got);
    while (receive(s, 600, &batch) > 0) {
        const char *handles[XCY_SQS_BATCH];
        bool failed[XCY_SQS_BATCH];
        struct xcy_error err;
        for (size_t i = 0; i < batch.n; i++) {
            take(got, &batch.messages[i]);
            handles[i] = batch.messages[i].receipt_handle;
        }
        assert_ok(xcy_sqs_delete_batch(&s->reader, s->queue_url, handles, batch.n, failed, &err),
                  &err);
        for (size_t i = 0; i < batch.n; i++) {
            got->n_not_deleted += failed[i];
        }
        xcy_sqs_batch_clear(&batch);
    }
    xcy_sqs_batch_clear(&batch);
}

static void a_duplicated_message_comes_twice_with_one_id_though_deleted(void **state)
{
    struct stand *s = *state;
    struct got got;
    stand_fault(s, XCY_FAULT_SQS_DUPLICATED, 0.3);
    send_many(s, N_MESSAGES);
    drain(s, &got);
    size_t n_twice = 0;
    for (int i = 0; i < N_MESSAGES; i++) {
        assert_in_range(got.times[i], 1, 2);
        n_twice += got.times[i] == 2;
    }
    assert_false(got.ids_differ);
    assert_true(n_twice > 0 && n_twice < N_MESSAGES);
    assert_int_equal(count(s, XCY_FAULT_SQS_DUPLICATED).injected, n_twice);
    assert_int_equal(count(s, XCY_FAULT_SQS_DUPLICATED).asked, N_MESSAGES);
}

static void a_reordered_message_comes_after_younger_ones(void **state)
{
    struct stand *s = *state;
    struct got got;
    send_many(s, N_MESSAGES);
    drain(s, &got);
    for (int i = 0; i < N_MESSAGES; i++) {
        assert_int_equal(got.order[i], i);
    }
    stand_fault(s, XCY_FAULT_SQS_REORDERED, 0.2);
    send_many(s, N_MESSAGES);
    drain(s, &got);
    size_t n_late = 0;
    for (size_t i = 0; i < N_MESSAGES; i++) {
        assert_int_equal(got.times[i], 1);
        bool is_late = false;
        for (size_t earlier = 0; earlier < i; earlier++) {
            is_late |= got.order[earlier] > got.order[i];
        }
        n_late += is_late;
    }
    uint64_t injected = count(s, XCY_FAULT_SQS_REORDERED).injected;
    struct xcy_json *lines = stand_truth(s, "fault");
    assert_int_equal(xcy_json_size(lines), injected);
    xcy_json_free(lines);
    assert_true(n_late > 0 && n_late <= injected); /* one can be passed over twice */
}

static void a_damaged_checksum_is_seen_as_often_as_counted(void **state)
{
    struct stand *s = *state;
    struct got got;
    stand_fault(s, XCY_FAULT_SQS_CHECKSUM_WRONG, 0.2);
    send_many(s, N_MESSAGES);
    drain(s, &got);
    assert_int_equal(got.n, N_MESSAGES);
    assert_true(got.n_wrong_checksums > 0);
    assert_int_equal(count(s, XCY_FAULT_SQS_CHECKSUM_WRONG).injected, got.n_wrong_checksums);
}

static void a_delayed_message_is_there_but_comes_later(void **state)
{
    struct stand *s = *state;
    struct xcy_error err;
    struct xcy_sqs_batch batch = {0};
    stand_fault(s, XCY_FAULT_SQS_DELAYED_VISIBILITY, 1);
    stand_fault(s, XCY_FAULT_SQS_DELAYED_MS, 600000);
    send_many(s, 3);
    stand_fault(s, XCY_FAULT_SQS_DELAYED_MS, 50);
    struct xcy_mono sent = xcy_mono_now();
    send_many(s, 1);
    assert_ok(xcy_sqs_receive(&s->reader, s->queue_url, 20, 30, &batch, &err), &err);
    assert_int_equal(batch.n, 1);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), sent) >= 50 * XCY_NS_PER_MS);
    xcy_sqs_batch_clear(&batch);
    stand_assert_counts(s, 0, 1, 3);
    assert_int_equal(count(s, XCY_FAULT_SQS_DELAYED_VISIBILITY).injected, 4);
}

/* Those that failed are still in flight, the others are gone. */
static void entries_of_a_batch_fail_for_themselves(void **state)
{
    struct stand *s = *state;
    struct got got;
    send_many(s, N_MESSAGES);
    stand_fault(s, XCY_FAULT_SQS_BATCH_ENTRY_FAILED, 0.25);
    drain(s, &got);
    assert_true(got.n_not_deleted > 0 && got.n_not_deleted < N_MESSAGES);
    assert_int_equal(count(s, XCY_FAULT_SQS_BATCH_ENTRY_FAILED).asked, N_MESSAGES);
    assert_int_equal(count(s, XCY_FAULT_SQS_BATCH_ENTRY_FAILED).injected, got.n_not_deleted);
    stand_assert_counts(s, 0, (int64_t)got.n_not_deleted, 0);
}

static void an_entry_that_failed_says_that_the_service_did(void **state)
{
    struct stand *s = *state;
    stand_fault(s, XCY_FAULT_SQS_BATCH_ENTRY_FAILED, 1);
    char *text =
        xcy_format("{'QueueUrl':'%s','Entries':[{'Id':'a','MessageBody':'x'}]}", s->queue_url);
    struct xcy_json *answer =
        stand_call(&s->reader, "AmazonSQS.SendMessageBatch", stand_json(text));
    const struct xcy_json *failed = xcy_json_at(xcy_json_get(answer, "Failed"), 0);
    assert_int_equal(xcy_json_size(xcy_json_get(answer, "Successful")), 0);
    assert_string_equal(xcy_json_get_string(failed, "Id", ""), "a");
    assert_string_equal(xcy_json_get_string(failed, "Code", ""), "InternalError");
    assert_false(xcy_json_get_bool(failed, "SenderFault", true));
    stand_assert_counts(s, 0, 0, 0);
    xcy_json_free(answer);
    free(text);
}

static void an_expired_handle_deletes_nothing(void **state)
{
    struct stand *s = *state;
    struct got got;
    send_many(s, N_MESSAGES);
    stand_fault(s, XCY_FAULT_SQS_HANDLE_EXPIRED, 0.25);
    drain(s, &got);
    assert_true(got.n_not_deleted > 0);
    assert_int_equal(count(s, XCY_FAULT_SQS_HANDLE_EXPIRED).injected, got.n_not_deleted);
    stand_assert_counts(s, 0, (int64_t)got.n_not_deleted, 0);
    stand_fault(s, XCY_FAULT_SQS_HANDLE_EXPIRED, 1);
    struct xcy_sqs_batch batch;
    send_many(s, 1);
    assert_int_equal(receive(s, 600, &batch), 1);
    char *text = xcy_format("{'QueueUrl':'%s','ReceiptHandle':'%s'}", s->queue_url,
                            batch.messages[0].receipt_handle);
    stand_call_fails(&s->reader, "AmazonSQS.DeleteMessage", stand_json(text),
                     "The receipt handle has expired");
    free(text);
    xcy_sqs_batch_clear(&batch);
}

static void a_refused_purge_leaves_the_messages(void **state)
{
    struct stand *s = *state;
    send_many(s, 2);
    stand_fault(s, XCY_FAULT_SQS_PURGE_REFUSED, 1);
    char *text = xcy_format("{'QueueUrl':'%s'}", s->queue_url);
    stand_call_fails(&s->reader, "AmazonSQS.PurgeQueue", stand_json(text), "PurgeQueueInProgress");
    stand_assert_counts(s, 2, 0, 0);
    stand_fault(s, XCY_FAULT_SQS_PURGE_REFUSED, 0);
    xcy_json_free(stand_call(&s->reader, "AmazonSQS.PurgeQueue", stand_json(text)));
    stand_assert_counts(s, 0, 0, 0);
    free(text);
}

static char *make_queue(const struct stand *s, const char *name)
{
    struct xcy_error err;
    char *url = NULL;
    char *text = xcy_format("{'QueueName':'%s'}", name);
    xcy_json_free(stand_call(&s->reader, "AmazonSQS.CreateQueue", stand_json(text)));
    assert_ok(xcy_sqs_queue_url(&s->reader, name, &url, &err), &err);
    free(text);
    return url;
}

/* Its sender is told the checksum of what it sent; the receiver's is of what came. */
static void only_evaluations_are_damaged_and_the_truth_has_the_original(void **state)
{
    static const char body[] = "{\"i\":1,\"xcy\":{\"v\":1}}";
    struct stand *s = *state;
    struct xcy_error err;
    struct xcy_sqs_batch batch = {0};
    char *url = make_queue(s, "e");
    stand_fault(s, XCY_FAULT_EVALUATIONS_MALFORMED, 1);
    assert_ok(xcy_sqs_send(&s->reader, s->queue_url, body, &err), &err);
    assert_ok(xcy_sqs_receive(&s->reader, s->queue_url, 0, 30, &batch, &err), &err);
    assert_string_equal(batch.messages[0].body, body);
    xcy_sqs_batch_clear(&batch);
    assert_int_equal(count(s, XCY_FAULT_EVALUATIONS_MALFORMED).asked, 0);
    assert_ok(xcy_sqs_send(&s->reader, url, body, &err), &err);
    assert_ok(xcy_sqs_receive(&s->reader, url, 0, 30, &batch, &err), &err);
    struct xcy_json *lines = stand_truth(s, "fault");
    const struct xcy_json *line = xcy_json_at(lines, 0);
    assert_int_equal(xcy_json_size(lines), 1);
    assert_string_equal(xcy_json_get_string(line, "fault", ""), "evaluations.malformed");
    assert_string_equal(xcy_json_get_string(line, "damage", ""), "cut");
    assert_string_equal(xcy_json_get_string(line, "original", ""), body);
    assert_string_equal(xcy_json_get_string(line, "message", ""), batch.messages[0].message_id);
    assert_string_equal(batch.messages[0].body, "{\"i\":1,\"xc");
    assert_true(batch.messages[0].md5_is_right);
    xcy_json_free(lines);
    xcy_sqs_batch_clear(&batch);
    free(url);
}

/* The longest that SQS takes, of what takes most room as JSON, damaged into the longest. */
static void the_truth_has_the_longest_message_whole_and_goes_on(void **state)
{
    enum { BODY_BYTES = 1048576, IN_A_TEXT = 5, N_SENT = 7 };
    struct stand *s = *state;
    struct xcy_error err;
    char *url = make_queue(s, "e");
    char *body = xcy_alloc(BODY_BYTES + 1);
    memset(body, '"', BODY_BYTES);
    stand_fault(s, XCY_FAULT_EVALUATIONS_MALFORMED, 1);
    for (int i = 0; i < N_SENT; i++) {
        assert_ok(xcy_sqs_send(&s->reader, url, i == IN_A_TEXT ? body : "{}", &err), &err);
    }
    struct xcy_json *lines = stand_truth(s, "fault");
    const struct xcy_json *line = xcy_json_at(lines, IN_A_TEXT);
    assert_int_equal(xcy_json_size(lines), N_SENT);
    assert_string_equal(xcy_json_get_string(line, "damage", ""), "in_a_text");
    assert_string_equal(xcy_json_get_string(line, "original", ""), body);
    xcy_json_free(lines);
    free(body);
    free(url);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_duplicated_message_comes_twice_with_one_id_though_deleted),
        TEST(a_reordered_message_comes_after_younger_ones),
        TEST(a_damaged_checksum_is_seen_as_often_as_counted),
        TEST(a_delayed_message_is_there_but_comes_later),
        TEST(entries_of_a_batch_fail_for_themselves),
        TEST(an_entry_that_failed_says_that_the_service_did),
        TEST(an_expired_handle_deletes_nothing),
        TEST(a_refused_purge_leaves_the_messages),
        TEST(only_evaluations_are_damaged_and_the_truth_has_the_original),
        TEST(the_truth_has_the_longest_message_whole_and_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
