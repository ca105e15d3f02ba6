#include "tests/support/unit.h"

#include "sandbox/faults/faults.h"

#include <pthread.h>
#include <stdlib.h>

static struct xcy_faults *with(uint64_t seed, enum xcy_fault fault, double setting)
{
    struct xcy_fault_settings settings;
    xcy_fault_settings_preset(&settings);
    settings.of[fault] = setting;
    return xcy_faults_new(seed, &settings);
}

enum { N = 20000 };

/* The answers to n questions, as '0' and '1'. */
static void ask(struct xcy_faults *faults, enum xcy_fault fault, char *answers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        answers[i] = xcy_faults_strike(faults, fault) ? '1' : '0';
    }
}

static size_t ones(const char *answers, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += answers[i] == '1';
    }
    return sum;
}

/* Within five standard deviations of the binomial, which a right generator misses for one seed in
 * 1.7 million; the seeds are fixed. */
static void a_share_strikes_as_often_as_it_says(void **state)
{
    (void)state;
    static char answers[N];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct xcy_faults *faults = with(seed, XCY_FAULT_SQS_DUPLICATED, 0.05);
        ask(faults, XCY_FAULT_SQS_DUPLICATED, answers, N);
        size_t n = ones(answers, N);
        assert_in_range(n, 1000 - 154, 1000 + 154);
        struct xcy_fault_count count = xcy_faults_count(faults, XCY_FAULT_SQS_DUPLICATED);
        assert_int_equal(count.asked, N);
        assert_int_equal(count.injected, n);
        xcy_faults_free(faults);
    }
}

static void strikes_do_not_come_in_runs(void **state)
{
    (void)state;
    static char answers[N];
    struct xcy_faults *faults = with(3, XCY_FAULT_S3, 0.5);
    ask(faults, XCY_FAULT_S3, answers, N);
    size_t same = 0;
    for (size_t i = 1; i < N; i++) {
        same += answers[i] == answers[i - 1];
    }
    assert_in_range(same, N / 2 - 354, N / 2 + 354); /* five standard deviations */
    xcy_faults_free(faults);
}

static void the_nth_answer_is_the_seeds_and_the_faults_own(void **state)
{
    (void)state;
    char first[200];
    char second[200];
    struct xcy_faults *a = with(7, XCY_FAULT_SQS_DUPLICATED, 0.5);
    struct xcy_fault_settings both;
    xcy_fault_settings_preset(&both);
    both.of[XCY_FAULT_SQS_DUPLICATED] = 0.5;
    both.of[XCY_FAULT_SQS_REORDERED] = 0.5;
    struct xcy_faults *b = xcy_faults_new(7, &both);
    char other[200];
    ask(a, XCY_FAULT_SQS_DUPLICATED, first, sizeof first);
    ask(b, XCY_FAULT_SQS_REORDERED, other, sizeof other);
    ask(b, XCY_FAULT_SQS_DUPLICATED, second, sizeof second);
    assert_memory_equal(first, second, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
    struct xcy_faults *c = with(8, XCY_FAULT_SQS_DUPLICATED, 0.5);
    ask(c, XCY_FAULT_SQS_DUPLICATED, second, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    xcy_faults_free(a);
    xcy_faults_free(b);
    xcy_faults_free(c);
}

static void what_is_off_is_never_asked_and_what_is_sure_always_strikes(void **state)
{
    (void)state;
    struct xcy_faults *faults = with(1, XCY_FAULT_REPLICATION_STALLED, 1);
    for (int i = 0; i < 100; i++) {
        assert_true(xcy_faults_strike(faults, XCY_FAULT_REPLICATION_STALLED));
        assert_false(xcy_faults_strike(faults, XCY_FAULT_SQS));
    }
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_REPLICATION_STALLED).injected, 100);
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_SQS).asked, 0);
    assert_false(xcy_faults_strike(NULL, XCY_FAULT_SQS));
    xcy_faults_free(faults);
}

static void a_drawn_amount_fills_its_range_on_both_sides(void **state)
{
    (void)state;
    double least = 0;
    double most = 0;
    double sum = 0;
    struct xcy_faults *faults = with(1, XCY_FAULT_WRITER_CLOCK, 50);
    for (int i = 0; i < N; i++) {
        double drawn = xcy_faults_draw(faults, XCY_FAULT_WRITER_CLOCK);
        least = drawn < least ? drawn : least;
        most = drawn > most ? drawn : most;
        sum += drawn;
    }
    assert_true(least >= -50 && least < -49.9 && most <= 50 && most > 49.9);
    assert_true(sum / N > -1.03 && sum / N < 1.03); /* five standard deviations */
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_WRITER_CLOCK).injected, N);
    assert_true(xcy_faults_draw(faults, XCY_FAULT_READER_CLOCK) == 0);
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_READER_CLOCK).asked, 0);
    xcy_faults_free(faults);
}

static void change(struct xcy_faults *faults, const char *text, enum xcy_status expected)
{
    struct xcy_json *change = NULL;
    struct xcy_error err;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &change, &err), &err);
    assert_status(xcy_faults_change(faults, change, &err), expected, &err);
    xcy_json_free(change);
}

static void a_change_holds_at_once_and_a_wrong_one_not_at_all(void **state)
{
    (void)state;
    struct xcy_faults *faults = with(1, XCY_FAULT_SQS_REORDERED, 1);
    change(faults, "{\"sqs\":{\"duplicated\":1}}", XCY_OK);
    assert_true(xcy_faults_strike(faults, XCY_FAULT_SQS_DUPLICATED));
    assert_true(xcy_faults_strike(faults, XCY_FAULT_SQS_REORDERED));
    change(faults, "{\"sqs\":{\"duplicated\":0,\"reordered\":2}}", XCY_EUSAGE);
    assert_true(xcy_faults_strike(faults, XCY_FAULT_SQS_DUPLICATED));
    xcy_faults_free(faults);
}

static void as_json_what_is_used_stands_with_its_counts(void **state)
{
    (void)state;
    struct xcy_faults *faults = with(1, XCY_FAULT_SQS_REORDERED, 1);
    (void)xcy_faults_strike(faults, XCY_FAULT_SQS_REORDERED);
    change(faults, "{\"sqs\":{\"reordered\":0},\"s3\":{\"stalled_ms\":7}}", XCY_OK);
    char *words = xcy_faults_describe(faults);
    assert_string_equal(words, "s3.stalled_ms=7");
    free(words);
    struct xcy_json *used = xcy_faults_to_json(faults, true);
    char *text = xcy_json_text(used);
    assert_string_equal(text,
                        "{\"sqs\":{\"reordered\":{\"setting\":0,\"asked\":1,\"injected\":1}},"
                        "\"s3\":{\"stalled_ms\":{\"setting\":7,\"asked\":0,\"injected\":0}}}");
    free(text);
    xcy_json_free(used);
    struct xcy_json *all = xcy_faults_to_json(faults, false);
    size_t n = 0;
    for (const struct xcy_json *s = xcy_json_first(all); s; s = xcy_json_next(s)) {
        n += xcy_json_size(s);
    }
    assert_int_equal(n, XCY_N_FAULTS);
    xcy_json_free(all);
    xcy_faults_free(faults);
}

enum { THREADS = 4, QUESTIONS = 5000 };

static void *ask_many(void *ctx)
{
    uintptr_t struck = 0;
    for (int i = 0; i < QUESTIONS; i++) {
        struck += xcy_faults_strike(ctx, XCY_FAULT_LAMBDA);
    }
    return (void *)struck; /* NOLINT(performance-no-int-to-ptr): a number */
}

/* Threads share the questions, and changes of another fault go on meanwhile: together they get the
 * answers that one thread gets. */
static void threads_together_get_what_one_gets(void **state)
{
    (void)state;
    static char answers[THREADS * QUESTIONS];
    struct xcy_faults *alone = with(5, XCY_FAULT_LAMBDA, 0.3);
    ask(alone, XCY_FAULT_LAMBDA, answers, sizeof answers);
    struct xcy_faults *faults = with(5, XCY_FAULT_LAMBDA, 0.3);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, faults), 0);
    }
    for (int i = 0; i < 50; i++) {
        change(faults, i % 2 ? "{\"sns\":{\"throttled\":0.5}}" : "{\"sns\":{\"throttled\":0}}",
               XCY_OK);
        struct xcy_fault_count count = xcy_faults_count(faults, XCY_FAULT_LAMBDA);
        assert_true(count.injected <= count.asked);
    }
    size_t struck = 0;
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        struck += (uintptr_t)result;
    }
    assert_int_equal(struck, ones(answers, sizeof answers));
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_LAMBDA).injected, struck);
    assert_int_equal(xcy_faults_count(faults, XCY_FAULT_LAMBDA).asked, THREADS * QUESTIONS);
    xcy_faults_free(alone);
    xcy_faults_free(faults);
}

struct watcher {
    const struct xcy_faults *faults;
    int n_changes;
    double seen;
};

static void look(void *ctx)
{
    struct watcher *w = ctx;
    w->n_changes++;
    w->seen = xcy_faults_setting(w->faults, XCY_FAULT_REPLICATION_STALLED);
}

static void a_watcher_is_told_of_what_was_changed_and_not_of_what_was_refused(void **state)
{
    (void)state;
    struct xcy_faults *faults = with(1, XCY_FAULT_SQS_DUPLICATED, 0);
    struct watcher w = {.faults = faults};
    xcy_faults_watch(faults, look, &w);
    change(faults, "{\"replication\": {\"stalled\": true}}", XCY_OK);
    assert_int_equal(w.n_changes, 1);
    assert_true(w.seen == 1);
    change(faults, "{\"replication\": {\"stalled\": 2}}", XCY_EUSAGE);
    assert_int_equal(w.n_changes, 1);
    xcy_faults_free(faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_strikes_as_often_as_it_says),
        cmocka_unit_test(strikes_do_not_come_in_runs),
        cmocka_unit_test(the_nth_answer_is_the_seeds_and_the_faults_own),
        cmocka_unit_test(what_is_off_is_never_asked_and_what_is_sure_always_strikes),
        cmocka_unit_test(a_drawn_amount_fills_its_range_on_both_sides),
        cmocka_unit_test(a_change_holds_at_once_and_a_wrong_one_not_at_all),
        cmocka_unit_test(a_watcher_is_told_of_what_was_changed_and_not_of_what_was_refused),
        cmocka_unit_test(as_json_what_is_used_stands_with_its_counts),
        cmocka_unit_test(threads_together_get_what_one_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
