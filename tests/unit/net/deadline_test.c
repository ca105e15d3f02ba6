#include "tests/support/unit.h"

#include "common/net/deadline.h"

enum { N = 7 };

static void add(struct xcy_deadlines *list, struct xcy_deadline *node, int64_t ns)
{
    xcy_deadlines_add(list, node, (struct xcy_mono){ns});
}

/* The order, forwards and backwards. */
static void expect_order(const struct xcy_deadlines *list, const int64_t *ns, size_t n)
{
    const struct xcy_deadline *node = list->first;
    const struct xcy_deadline *last = NULL;
    for (size_t i = 0; i < n; i++) {
        assert_non_null(node);
        assert_int_equal(node->when.ns, ns[i]);
        assert_ptr_equal(node->earlier, last);
        last = node;
        node = node->later;
    }
    assert_null(node);
    assert_ptr_equal(list->last, last);
}

static void instants_stand_in_order_however_they_came(void **state)
{
    (void)state;
    struct xcy_deadlines list = {0};
    struct xcy_deadline nodes[N] = {0};
    const int64_t came[N] = {5, 7, 7, 1, 9, 6, 0};
    for (size_t i = 0; i < N; i++) {
        add(&list, &nodes[i], came[i]);
    }
    expect_order(&list, (const int64_t[]){0, 1, 5, 6, 7, 7, 9}, N);
    assert_ptr_equal(list.last->earlier, &nodes[2]); /* equal ones in the order of coming */
}

static void removing_closes_the_gap(void **state)
{
    (void)state;
    struct xcy_deadlines list = {0};
    struct xcy_deadline nodes[4] = {0};
    for (int i = 0; i < 4; i++) {
        add(&list, &nodes[i], i);
    }
    xcy_deadlines_remove(&list, &nodes[1]);
    xcy_deadlines_remove(&list, &nodes[1]); /* again: not set any more */
    expect_order(&list, (const int64_t[]){0, 2, 3}, 3);
    xcy_deadlines_remove(&list, &nodes[0]);
    xcy_deadlines_remove(&list, &nodes[3]);
    expect_order(&list, (const int64_t[]){2}, 1);
    xcy_deadlines_remove(&list, &nodes[2]);
    expect_order(&list, NULL, 0);
    add(&list, &nodes[1], 8);
    expect_order(&list, (const int64_t[]){8}, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_stand_in_order_however_they_came),
        cmocka_unit_test(removing_closes_the_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
