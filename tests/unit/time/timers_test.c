/* timers_test.c - order, adding from callbacks, and what a stop does with the rest. */

#include "tests/support/unit.h"

#include "common/time/timers.h"

#include <pthread.h>

enum { MAX_EVENTS = 2000, FAR_S = 3600 };

/* What the callbacks did, in order; the test waits on it by condition, never by time. */
struct journal {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int events[MAX_EVENTS];
    struct xcy_mono at[MAX_EVENTS];
    size_t n;
    size_t n_dropped;
    pthread_t thread;
    struct xcy_timers *timers;
};

struct event {
    struct journal *journal;
    int number;
    struct xcy_mono when;
};

static void init(struct journal *journal)
{
    *journal = (struct journal){.n = 0};
    pthread_mutex_init(&journal->lock, NULL);
    pthread_cond_init(&journal->changed, NULL);
    journal->timers = xcy_timers_start();
}

static void stop(struct journal *journal)
{
    xcy_timers_stop(journal->timers);
    pthread_cond_destroy(&journal->changed);
    pthread_mutex_destroy(&journal->lock);
}

static void note(void *ctx)
{
    const struct event *event = ctx;
    struct journal *journal = event->journal;
    pthread_mutex_lock(&journal->lock);
    journal->at[journal->n] = xcy_mono_now();
    journal->events[journal->n++] = event->number;
    journal->thread = pthread_self();
    pthread_cond_signal(&journal->changed);
    pthread_mutex_unlock(&journal->lock);
}

static void count_drop(void *ctx)
{
    const struct event *event = ctx;
    event->journal->n_dropped++;
}

static void wait_for(struct journal *journal, size_t n)
{
    pthread_mutex_lock(&journal->lock);
    while (journal->n < n) {
        pthread_cond_wait(&journal->changed, &journal->lock);
    }
    pthread_mutex_unlock(&journal->lock);
}

static void add(struct event *event, struct journal *journal, int number, struct xcy_mono when)
{
    *event = (struct event){.journal = journal, .number = number, .when = when};
    xcy_timers_add(journal->timers, when, note, count_drop, event);
}

/* Holds the timer thread in a first callback, so that all timers of a test are there before any of
 * them fires: their instants are long past. */
static void hold(struct journal *journal, struct event *gate)
{
    pthread_mutex_lock(&journal->lock);
    add(gate, journal, -1, (struct xcy_mono){0});
}

static void release_and_check_order(struct journal *journal, int n)
{
    pthread_mutex_unlock(&journal->lock);
    wait_for(journal, (size_t)n + 1);
    assert_int_equal(journal->events[0], -1);
    for (int i = 0; i < n; i++) {
        assert_int_equal(journal->events[i + 1], i);
    }
}

static void timers_fire_in_the_order_of_their_instants_not_of_adding(void **state)
{
    (void)state;
    enum { N = 500 };
    static struct event events[N];
    struct event gate;
    struct journal journal;
    init(&journal);
    hold(&journal, &gate);
    for (int i = 0; i < N; i++) {
        int place = i * 191 % N; /* 191 and 500 have no common divisor: each place once */
        add(&events[i], &journal, place, (struct xcy_mono){1 + place});
    }
    release_and_check_order(&journal, N);
    stop(&journal);
    assert_int_equal(journal.n_dropped, 0);
}

static void timers_of_one_instant_fire_in_the_order_of_adding(void **state)
{
    (void)state;
    enum { N = 300 };
    static struct event events[N];
    struct event gate;
    struct journal journal;
    init(&journal);
    hold(&journal, &gate);
    for (int i = 0; i < N; i++) {
        add(&events[i], &journal, i, (struct xcy_mono){1});
    }
    release_and_check_order(&journal, N);
    stop(&journal);
}

static void no_timer_fires_before_its_instant_and_none_on_the_callers_thread(void **state)
{
    (void)state;
    enum { N = 20 };
    static struct event events[N];
    struct journal journal;
    init(&journal);
    for (int i = 0; i < N; i++) {
        add(&events[i], &journal, i, xcy_mono_add(xcy_mono_now(), i * XCY_NS_PER_MS / 4));
    }
    wait_for(&journal, N);
    for (int i = 0; i < N; i++) {
        assert_false(xcy_mono_before(journal.at[i], events[journal.events[i]].when));
    }
    assert_false(pthread_equal(journal.thread, pthread_self()));
    stop(&journal);
}

static void an_earlier_timer_wakes_a_thread_that_waits_for_a_far_one(void **state)
{
    (void)state;
    struct journal journal;
    struct event far;
    struct event near;
    init(&journal);
    add(&far, &journal, 1, xcy_mono_add(xcy_mono_now(), FAR_S * XCY_NS_PER_S));
    add(&near, &journal, 2, xcy_mono_now());
    wait_for(&journal, 1);
    assert_int_equal(journal.events[0], 2);
    stop(&journal);
    assert_int_equal(journal.n_dropped, 1);
}

static void add_next(void *ctx)
{
    struct event *event = ctx;
    int number = event->number;
    note(event);
    if (number < 9) {
        event->number++;
        xcy_timers_add(event->journal->timers, xcy_mono_now(), add_next, NULL, event);
    }
}

static void a_callback_may_add_timers(void **state)
{
    (void)state;
    struct journal journal;
    init(&journal);
    struct event event = {.journal = &journal, .number = 0};
    xcy_timers_add(journal.timers, xcy_mono_now(), add_next, NULL, &event);
    wait_for(&journal, 10);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(journal.events[i], i);
    }
    stop(&journal);
}

static void a_stop_fires_none_of_the_rest_and_drops_each_once(void **state)
{
    (void)state;
    enum { N = 100 };
    static struct event events[N];
    struct journal journal;
    init(&journal);
    for (int i = 0; i < N; i++) {
        add(&events[i], &journal, i, xcy_mono_add(xcy_mono_now(), FAR_S * XCY_NS_PER_S));
    }
    xcy_timers_add(journal.timers, xcy_mono_add(xcy_mono_now(), FAR_S * XCY_NS_PER_S), note, NULL,
                   &events[0]);
    stop(&journal);
    assert_int_equal(journal.n, 0);
    assert_int_equal(journal.n_dropped, N);
}

static void stopping_nothing_is_allowed(void **state)
{
    (void)state;
    xcy_timers_stop(NULL);
    struct xcy_timers *timers = xcy_timers_start();
    assert_non_null(timers);
    xcy_timers_stop(timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_the_order_of_their_instants_not_of_adding),
        cmocka_unit_test(timers_of_one_instant_fire_in_the_order_of_adding),
        cmocka_unit_test(no_timer_fires_before_its_instant_and_none_on_the_callers_thread),
        cmocka_unit_test(an_earlier_timer_wakes_a_thread_that_waits_for_a_far_one),
        cmocka_unit_test(a_callback_may_add_timers),
        cmocka_unit_test(a_stop_fires_none_of_the_rest_and_drops_each_once),
        cmocka_unit_test(stopping_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
