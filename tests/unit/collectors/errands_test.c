#include "tests/support/unit.h"

#include "collectors/errands.h"

#include "common/base/mem.h"

#include <stdlib.h>

static struct xcy_errand errand(enum xcy_errand_kind kind, int number, int hidden_s)
{
    return (struct xcy_errand){
        .kind = kind, .handle = xcy_format("%d", number), .hidden_s = hidden_s};
}

static void free_all(struct xcy_errand taken[], size_t n)
{
    for (size_t e = 0; e < n; e++) {
        free(taken[e].handle);
        free(taken[e].id);
    }
}

static void what_came_first_is_taken_first_however_it_grows(void **state)
{
    struct xcy_errands errands = {0};
    struct xcy_errand taken[10];
    int next = 0;
    (void)state;
    for (int round = 0, n = 0; round < 50; round++) {
        for (int e = 0; e < 7; e++, n++) {
            struct xcy_errand added = errand(XCY_ERRAND_DROP, n, 0);
            xcy_errands_put(&errands, &added);
        }
        size_t n_taken = xcy_errands_take(&errands, taken, 3);
        assert_int_equal(n_taken, 3);
        for (size_t t = 0; t < n_taken; t++) {
            assert_int_equal(strtol(taken[t].handle, NULL, 10), next++);
        }
        free_all(taken, n_taken);
    }
    assert_int_equal(errands.n, 200);
    xcy_errands_clear(&errands);
}

static void a_call_takes_what_is_alike_and_no_more_than_ten(void **state)
{
    struct xcy_errands errands = {0};
    struct xcy_errand taken[10];
    (void)state;
    for (int e = 0; e < 25; e++) {
        struct xcy_errand added = errand(XCY_ERRAND_BACK, e, e < 12 ? 0 : e < 24 ? 4 : 8);
        xcy_errands_put(&errands, &added);
    }
    static const size_t sizes[] = {10, 2, 10, 2, 1, 0};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = xcy_errands_take(&errands, taken, 10);
        assert_int_equal(n, sizes[s]);
        for (size_t t = 0; t < n; t++) {
            assert_int_equal(taken[t].hidden_s, taken[0].hidden_s);
        }
        free_all(taken, n);
    }
    xcy_errands_clear(&errands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_first_is_taken_first_however_it_grows),
        cmocka_unit_test(a_call_takes_what_is_alike_and_no_more_than_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
