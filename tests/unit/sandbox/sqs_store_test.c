#include "sandbox/services/sqs_store.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static const struct xcy_wall wall = {INT64_C(1790000000000000000)};

static struct xcy_mono t(int64_t ns)
{
    return (struct xcy_mono){ns};
}

static void add(struct xcy_sqs_store *store, const char *body, int64_t now, int64_t delay_ns)
{
    xcy_sqs_store_add(store, xcy_sqs_item_new(body, NULL), t(now), delay_ns);
}

/* The body received, "-" for none. */
static const char *receive(struct xcy_sqs_store *store, int64_t now, int64_t visibility_ns,
                           char handle[XCY_SQS_HANDLE_BYTES])
{
    xcy_sqs_store_advance(store, t(now));
    const struct xcy_sqs_item *item =
        xcy_sqs_store_receive(store, t(now), wall, visibility_ns, handle);
    return item ? item->body : "-";
}

static void assert_counts(const struct xcy_sqs_store *store, size_t ready, size_t in_flight,
                          size_t delayed)
{
    assert_int_equal(xcy_sqs_store_count(store, XCY_SQS_READY), ready);
    assert_int_equal(xcy_sqs_store_count(store, XCY_SQS_IN_FLIGHT), in_flight);
    assert_int_equal(xcy_sqs_store_count(store, XCY_SQS_DELAYED), delayed);
}

static void messages_come_in_the_order_they_became_ready(void **state)
{
    (void)state;
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "delayed", 0, 50);
    add(store, "first", 10, 0);
    add(store, "second", 20, 0);
    assert_counts(store, 2, 0, 1);
    assert_string_equal(receive(store, 30, 1000, handle), "first");
    assert_string_equal(receive(store, 30, 1000, handle), "second");
    assert_string_equal(receive(store, 49, 1000, handle), "-");
    assert_string_equal(receive(store, 50, 1000, handle), "delayed");
    assert_counts(store, 0, 3, 0);
    xcy_sqs_store_free(store);
}

static void a_message_comes_back_when_its_visibility_ends(void **state)
{
    (void)state;
    char first[XCY_SQS_HANDLE_BYTES];
    char second[XCY_SQS_HANDLE_BYTES];
    struct xcy_mono due;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "m", 0, 0);
    assert_false(xcy_sqs_store_next_due(store, &due));
    assert_string_equal(receive(store, 0, 100, first), "m");
    assert_true(xcy_sqs_store_next_due(store, &due));
    assert_int_equal(due.ns, 100);
    assert_string_equal(receive(store, 99, 100, second), "-");
    assert_string_equal(receive(store, 100, 100, second), "m");
    assert_string_not_equal(first, second);
    xcy_sqs_store_free(store);
}

static void a_handle_is_stale_after_a_later_receive(void **state)
{
    (void)state;
    char first[XCY_SQS_HANDLE_BYTES];
    char second[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_item *item;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "m", 0, 0);
    receive(store, 0, 100, first);
    xcy_sqs_store_advance(store, t(150)); /* ready again, not yet received again */
    assert_int_equal(xcy_sqs_store_find(store, first, &item), XCY_SQS_HANDLE_CURRENT);
    receive(store, 160, 100, second);
    assert_int_equal(xcy_sqs_store_find(store, first, &item), XCY_SQS_HANDLE_STALE);
    assert_int_equal(xcy_sqs_store_find(store, second, &item), XCY_SQS_HANDLE_CURRENT);
    assert_int_equal(item->receive_count, 2);
    xcy_sqs_store_delete(store, item);
    assert_int_equal(xcy_sqs_store_find(store, second, &item), XCY_SQS_HANDLE_DELETED);
    assert_counts(store, 0, 0, 0);
    xcy_sqs_store_free(store);
}

static void a_reused_place_does_not_revive_old_handles(void **state)
{
    (void)state;
    char old[XCY_SQS_HANDLE_BYTES];
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_item *item;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "old", 0, 0);
    receive(store, 0, 100, old);
    assert_int_equal(xcy_sqs_store_find(store, old, &item), XCY_SQS_HANDLE_CURRENT);
    xcy_sqs_store_delete(store, item);
    add(store, "new", 1, 0);
    receive(store, 1, 100, handle);
    assert_int_equal(xcy_sqs_store_find(store, old, &item), XCY_SQS_HANDLE_DELETED);
    xcy_sqs_store_free(store);
}

static void malformed_and_foreign_handles_are_told_apart(void **state)
{
    (void)state;
    char handle[XCY_SQS_HANDLE_BYTES];
    char forged[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_item *item;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    struct xcy_sqs_store *other = xcy_sqs_store_new();
    add(store, "m", 0, 0);
    receive(store, 0, 100, handle);
    assert_int_equal(xcy_sqs_store_find(other, handle, &item), XCY_SQS_HANDLE_MALFORMED);
    assert_int_equal(xcy_sqs_store_find(store, "", &item), XCY_SQS_HANDLE_MALFORMED);
    assert_int_equal(xcy_sqs_store_find(store, "garbage", &item), XCY_SQS_HANDLE_MALFORMED);
    memcpy(forged, handle, sizeof forged);
    memset(forged + 16, 'f', 16); /* a slot that there is not */
    assert_int_equal(xcy_sqs_store_find(store, forged, &item), XCY_SQS_HANDLE_MALFORMED);
    memcpy(forged, handle, sizeof forged);
    forged[20] = 'g';
    assert_int_equal(xcy_sqs_store_find(store, forged, &item), XCY_SQS_HANDLE_MALFORMED);
    xcy_sqs_store_free(store);
    xcy_sqs_store_free(other);
}

static void visibility_can_be_lengthened_and_ended(void **state)
{
    (void)state;
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_item *item;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "m", 0, 0);
    receive(store, 0, 100, handle);
    assert_int_equal(xcy_sqs_store_find(store, handle, &item), XCY_SQS_HANDLE_CURRENT);
    xcy_sqs_store_change(store, item, t(90), 100);
    assert_string_equal(receive(store, 189, 100, handle), "-");
    assert_string_equal(receive(store, 190, 100, handle), "m");
    assert_int_equal(xcy_sqs_store_find(store, handle, &item), XCY_SQS_HANDLE_CURRENT);
    xcy_sqs_store_change(store, item, t(200), 0);
    assert_counts(store, 1, 0, 0);
    assert_string_equal(receive(store, 200, 100, handle), "m");
    xcy_sqs_store_free(store);
}

static void a_receive_without_visibility_leaves_the_message_to_the_next(void **state)
{
    (void)state;
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "m", 0, 0);
    assert_string_equal(receive(store, 5, 0, handle), "m");
    assert_string_equal(receive(store, 5, 0, handle), "m");
    xcy_sqs_store_free(store);
}

static void purging_takes_all_states(void **state)
{
    (void)state;
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_mono due;
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    add(store, "in flight", 0, 0);
    receive(store, 0, 1000, handle);
    add(store, "ready", 0, 0);
    add(store, "delayed", 0, 1000);
    assert_counts(store, 1, 1, 1);
    xcy_sqs_store_purge(store);
    assert_counts(store, 0, 0, 0);
    assert_false(xcy_sqs_store_next_due(store, &due));
    assert_string_equal(receive(store, 5000, 10, handle), "-");
    xcy_sqs_store_free(store);
}

/* Every message is received, its visibility runs out in another order than it was received in, and
 * each comes back exactly once, at its own instant. */
static void thousands_come_back_each_at_its_instant(void **state)
{
    (void)state;
    enum { N = 20000 };
    char handle[XCY_SQS_HANDLE_BYTES];
    struct xcy_sqs_store *store = xcy_sqs_store_new();
    for (int i = 0; i < N; i++) {
        char body[16];
        snprintf(body, sizeof body, "%d", i);
        add(store, body, 0, 0);
    }
    for (int64_t i = 0; i < N; i++) {
        receive(store, 0, 1 + i * 7919 % N, handle); /* each 1..N once */
    }
    assert_counts(store, 0, N, 0);
    for (int64_t now = 1; now <= N; now++) {
        assert_string_not_equal(receive(store, now, INT64_C(10) * N, handle), "-");
        assert_counts(store, 0, N, 0);
    }
    xcy_sqs_store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_the_order_they_became_ready),
        cmocka_unit_test(a_message_comes_back_when_its_visibility_ends),
        cmocka_unit_test(a_handle_is_stale_after_a_later_receive),
        cmocka_unit_test(a_reused_place_does_not_revive_old_handles),
        cmocka_unit_test(malformed_and_foreign_handles_are_told_apart),
        cmocka_unit_test(visibility_can_be_lengthened_and_ended),
        cmocka_unit_test(a_receive_without_visibility_leaves_the_message_to_the_next),
        cmocka_unit_test(purging_takes_all_states),
        cmocka_unit_test(thousands_come_back_each_at_its_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
