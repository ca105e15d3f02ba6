/* Calls are never looked into here: addresses stand for them. */
#include "common/base/mem.h"
#include "sandbox/services/sqs_queue.h"
#include "tests/support/unit.h"

#include <stdlib.h>

enum { N_CALLS = 8 };

static struct xcy_call calls[N_CALLS];
static const struct xcy_wall wall = {INT64_C(1790000000000000000)};

static struct xcy_mono t(int64_t ns)
{
    return (struct xcy_mono){ns};
}

static struct xcy_sqs_waiter *park(struct xcy_sqs_queue *queue, size_t call, size_t max)
{
    struct xcy_sqs_waiter *waiter = xcy_alloc(sizeof *waiter);
    waiter->call = &calls[call];
    waiter->receive = (struct xcy_sqs_receive){.max = max, .visibility_ns = 1000};
    xcy_sqs_queue_park(queue, waiter);
    return waiter;
}

static void add(struct xcy_sqs_queue *queue, const char *body)
{
    xcy_sqs_store_add(queue->store, xcy_sqs_item_new(body, NULL), t(0), 0);
}

/* How many messages the answers give the call; -1: none of them is for it. */
static int given_to(const struct xcy_sqs_answer *answers, size_t call)
{
    for (; answers; answers = answers->next) {
        if (answers->call == &calls[call]) {
            return (int)xcy_json_size(xcy_json_get(answers->output, "Messages"));
        }
    }
    return -1;
}

static void clear(struct xcy_sqs_answer *answers)
{
    while (answers) {
        struct xcy_sqs_answer *next = answers->next;
        xcy_json_free(answers->output);
        free(answers);
        answers = next;
    }
}

static void who_waits_longest_is_served_first(void **state)
{
    (void)state;
    struct xcy_sqs_answer *answers = NULL;
    struct xcy_sqs_queue *queue = xcy_sqs_queue_new("r", "q", wall, NULL);
    struct xcy_sqs_waiter *waiters[3];
    for (size_t i = 0; i < 3; i++) {
        waiters[i] = park(queue, i, 2);
    }
    for (int i = 0; i < 3; i++) {
        add(queue, "m");
    }
    xcy_sqs_queue_serve(queue, t(0), wall, &answers);
    assert_int_equal(given_to(answers, 0), 2);
    assert_int_equal(given_to(answers, 1), 1);
    assert_int_equal(given_to(answers, 2), -1);
    assert_ptr_equal(queue->first_waiter, waiters[2]);
    xcy_sqs_queue_unpark(waiters[2], NULL, &answers);
    clear(answers);
    for (size_t i = 0; i < 3; i++) {
        free(waiters[i]);
    }
    xcy_sqs_queue_release(queue);
}

static void who_leaves_the_middle_of_the_line_is_passed_over(void **state)
{
    (void)state;
    struct xcy_sqs_answer *answers = NULL;
    struct xcy_sqs_queue *queue = xcy_sqs_queue_new("r", "q", wall, NULL);
    struct xcy_sqs_waiter *waiters[3];
    for (size_t i = 0; i < 3; i++) {
        waiters[i] = park(queue, i, 1);
    }
    xcy_sqs_queue_unpark(waiters[1], xcy_json_new_object(), &answers);
    add(queue, "m");
    add(queue, "m");
    xcy_sqs_queue_serve(queue, t(0), wall, &answers);
    assert_int_equal(given_to(answers, 0), 1);
    assert_int_equal(given_to(answers, 1), 0);
    assert_int_equal(given_to(answers, 2), 1);
    assert_null(queue->first_waiter);
    assert_null(queue->last_waiter);
    clear(answers);
    for (size_t i = 0; i < 3; i++) {
        free(waiters[i]);
    }
    xcy_sqs_queue_release(queue);
}

static void a_wake_is_asked_for_only_when_someone_waits_and_none_is_earlier(void **state)
{
    (void)state;
    struct xcy_mono when;
    struct xcy_sqs_answer *answers = NULL;
    struct xcy_sqs_queue *queue = xcy_sqs_queue_new("r", "q", wall, NULL);
    xcy_sqs_store_add(queue->store, xcy_sqs_item_new("later", NULL), t(0), 500);
    assert_false(xcy_sqs_queue_needs_wake(queue, &when));
    struct xcy_sqs_waiter *waiter = park(queue, 0, 1);
    assert_true(xcy_sqs_queue_needs_wake(queue, &when));
    assert_int_equal(when.ns, 500);
    assert_false(xcy_sqs_queue_needs_wake(queue, &when));
    xcy_sqs_store_add(queue->store, xcy_sqs_item_new("sooner", NULL), t(0), 300);
    assert_true(xcy_sqs_queue_needs_wake(queue, &when));
    assert_int_equal(when.ns, 300);
    xcy_sqs_queue_serve(queue, t(299), wall, &answers);
    assert_null(answers);
    xcy_sqs_queue_serve(queue, t(300), wall, &answers);
    assert_int_equal(given_to(answers, 0), 1);
    clear(answers);
    free(waiter);
    xcy_sqs_queue_release(queue);
}

static void the_limit_in_flight_holds_for_receives_and_waiters(void **state)
{
    (void)state;
    struct xcy_sqs_answer *answers = NULL;
    struct xcy_json *output;
    struct xcy_sqs_queue *queue = xcy_sqs_queue_new("r", "q", wall, NULL);
    struct xcy_sqs_receive receive = {.max = 10, .visibility_ns = 1000000};
    for (int i = 0; i < XCY_SQS_MAX_IN_FLIGHT + 1; i++) {
        add(queue, "");
    }
    for (int i = 0; i < XCY_SQS_MAX_IN_FLIGHT / 10; i++) {
        assert_true(xcy_sqs_queue_receive(queue, &receive, t(0), wall, &output));
        xcy_json_free(output);
    }
    assert_false(xcy_sqs_queue_receive(queue, &receive, t(0), wall, &output));
    struct xcy_sqs_waiter *waiter = park(queue, 0, 1);
    xcy_sqs_queue_serve(queue, t(0), wall, &answers);
    assert_null(answers);
    xcy_sqs_queue_serve(queue, t(1000000), wall, &answers); /* all of them are ready again */
    assert_int_equal(given_to(answers, 0), 1);
    clear(answers);
    free(waiter);
    xcy_sqs_queue_release(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_longest_is_served_first),
        cmocka_unit_test(who_leaves_the_middle_of_the_line_is_passed_over),
        cmocka_unit_test(a_wake_is_asked_for_only_when_someone_waits_and_none_is_earlier),
        cmocka_unit_test(the_limit_in_flight_holds_for_receives_and_waiters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
