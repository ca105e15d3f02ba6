#include "loadgen/drive/numbers.h"
#include "tests/support/unit.h"

#include <pthread.h>

enum { N_THREADS = 4, N_NUMBERS = 20000 };

static void numbers_begin_at_zero_and_end_at_the_limit(void **state)
{
    (void)state;
    struct xcy_numbers numbers;
    int64_t next = -1;
    bool is_warmup = true;
    xcy_numbers_init(&numbers, 3, false);
    for (int64_t i = 0; i < 3; i++) {
        assert_true(xcy_numbers_look(&numbers, &next));
        assert_int_equal(next, i);
        assert_true(xcy_numbers_take(&numbers, next, &is_warmup));
        assert_false(is_warmup);
    }
    assert_false(xcy_numbers_look(&numbers, &next));
    assert_int_equal(xcy_numbers_taken(&numbers), 3);
}

static void the_limit_counts_from_the_end_of_the_warmup(void **state)
{
    (void)state;
    struct xcy_numbers numbers;
    int64_t next = -1;
    bool is_warmup = false;
    xcy_numbers_init(&numbers, 2, true);
    for (int64_t i = 0; i < 5; i++) {
        assert_true(xcy_numbers_look(&numbers, &next));
        assert_true(xcy_numbers_take(&numbers, next, &is_warmup));
        assert_true(is_warmup);
    }
    xcy_numbers_end_warmup(&numbers);
    xcy_numbers_end_warmup(&numbers);
    for (int64_t i = 5; i < 7; i++) {
        assert_true(xcy_numbers_look(&numbers, &next));
        assert_int_equal(next, i);
        assert_true(xcy_numbers_take(&numbers, next, &is_warmup));
        assert_false(is_warmup);
    }
    assert_false(xcy_numbers_look(&numbers, &next));
}

static void the_rest_is_taken_at_once_and_by_one_alone(void **state)
{
    (void)state;
    struct xcy_numbers numbers;
    int64_t next = -1;
    bool is_warmup = false;
    xcy_numbers_init(&numbers, INT64_C(1000000000000), true);
    assert_true(xcy_numbers_take(&numbers, 0, &is_warmup));
    xcy_numbers_end_warmup(&numbers);
    assert_true(xcy_numbers_take(&numbers, 1, &is_warmup));
    assert_int_equal(xcy_numbers_take_rest(&numbers), INT64_C(999999999999));
    assert_int_equal(xcy_numbers_take_rest(&numbers), 0);
    assert_false(xcy_numbers_look(&numbers, &next));
    assert_int_equal(xcy_numbers_taken(&numbers), INT64_C(1000000000001));
}

static void a_number_that_another_took_is_not_taken_again(void **state)
{
    (void)state;
    struct xcy_numbers numbers;
    bool is_warmup;
    xcy_numbers_init(&numbers, 0, false);
    assert_true(xcy_numbers_take(&numbers, 0, &is_warmup));
    assert_false(xcy_numbers_take(&numbers, 0, &is_warmup));
    assert_true(xcy_numbers_take(&numbers, 1, &is_warmup));
}

static void without_a_limit_numbers_go_on(void **state)
{
    (void)state;
    struct xcy_numbers numbers;
    int64_t next = -1;
    bool is_warmup;
    xcy_numbers_init(&numbers, 0, false);
    for (int64_t i = 0; i < 1000; i++) {
        assert_true(xcy_numbers_take(&numbers, i, &is_warmup));
    }
    assert_true(xcy_numbers_look(&numbers, &next));
    assert_int_equal(next, 1000);
}

/* What each number was taken as: 0 not at all, 1 warm-up, 2 measured. */
struct race {
    struct xcy_numbers numbers;
    atomic_int taken_as[2 * N_NUMBERS];
    atomic_int n_twice;
};

static void *take_all(void *ctx)
{
    struct race *race = ctx;
    int64_t next;
    bool is_warmup;
    while (xcy_numbers_look(&race->numbers, &next)) {
        if (next >= N_NUMBERS / 2) {
            xcy_numbers_end_warmup(&race->numbers);
        }
        if (xcy_numbers_take(&race->numbers, next, &is_warmup)) {
            int before = atomic_exchange(&race->taken_as[next], is_warmup ? 1 : 2);
            atomic_fetch_add(&race->n_twice, before != 0);
        }
    }
    return NULL;
}

static void the_warmup_is_a_prefix_whoever_takes_and_ends_it(void **state)
{
    (void)state;
    static struct race race;
    pthread_t threads[N_THREADS];
    xcy_numbers_init(&race.numbers, N_NUMBERS / 2, true);
    for (int t = 0; t < N_THREADS; t++) {
        assert_int_equal(pthread_create(&threads[t], NULL, take_all, &race), 0);
    }
    for (int t = 0; t < N_THREADS; t++) {
        pthread_join(threads[t], NULL);
    }
    assert_int_equal(atomic_load(&race.n_twice), 0);
    int64_t n_taken = xcy_numbers_taken(&race.numbers);
    int n_measured = 0;
    assert_in_range(n_taken, N_NUMBERS, 2 * N_NUMBERS);
    for (int i = 0; i < n_taken; i++) {
        assert_in_range(atomic_load(&race.taken_as[i]), 1, 2);
        assert_true(i == 0 || atomic_load(&race.taken_as[i]) >= atomic_load(&race.taken_as[i - 1]));
        n_measured += atomic_load(&race.taken_as[i]) == 2;
    }
    assert_int_equal(n_measured, N_NUMBERS / 2);
    assert_int_equal(atomic_load(&race.taken_as[0]), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_begin_at_zero_and_end_at_the_limit),
        cmocka_unit_test(the_limit_counts_from_the_end_of_the_warmup),
        cmocka_unit_test(the_rest_is_taken_at_once_and_by_one_alone),
        cmocka_unit_test(a_number_that_another_took_is_not_taken_again),
        cmocka_unit_test(without_a_limit_numbers_go_on),
        cmocka_unit_test(the_warmup_is_a_prefix_whoever_takes_and_ends_it),
    };
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
