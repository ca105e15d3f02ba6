#include "common/base/mem.h"
#include "sandbox/regions/replicated.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOME, AWAY };

static const struct xcy_spread at_once = {0, 0, false};
static const struct xcy_spread slow = {100, 50, false}; /* applied at +100, settled at +150 */
static const struct xcy_spread gate = {0, 0, true};

static struct xcy_mono t(int64_t ns)
{
    return (struct xcy_mono){ns};
}

static struct xcy_replicated *table_new(void)
{
    return xcy_replicated_new(2, free);
}

static void put(struct xcy_replicated *r, const char *key, size_t region, int64_t now,
                const struct xcy_spread *spread, const char *value)
{
    struct xcy_arrival arrivals[2];
    xcy_replicated_write(r, key, region, t(now), spread, xcy_strdup(value), arrivals);
}

/* What a read sees, "-" for nothing. */
static const char *strong_at(struct xcy_replicated *r, const char *key, size_t region, int64_t now)
{
    bool opened;
    const char *value = xcy_replicated_read(r, key, region, true, t(now), &opened);
    return value ? value : "-";
}

static const char *eventual_at(struct xcy_replicated *r, const char *key, size_t region,
                               int64_t now)
{
    bool opened;
    const char *value = xcy_replicated_read(r, key, region, false, t(now), &opened);
    return value ? value : "-";
}

static void the_home_region_sees_a_write_at_once(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &slow, "v1");
    assert_string_equal(strong_at(r, "k", HOME, 1000), "v1");
    assert_string_equal(eventual_at(r, "k", HOME, 1000), "v1");
    assert_string_equal(strong_at(r, "other", HOME, 1000), "-");
    xcy_replicated_free(r);
}

static void the_other_region_sees_it_when_applied_and_when_settled(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &slow, "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 1099), "-");
    assert_string_equal(strong_at(r, "k", AWAY, 1100), "v1");
    assert_string_equal(eventual_at(r, "k", AWAY, 1149), "-");
    assert_string_equal(eventual_at(r, "k", AWAY, 1150), "v1");
    xcy_replicated_free(r);
}

static void a_write_tells_when_it_arrives_where(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    xcy_replicated_write(r, "k", AWAY, t(1000), &slow, xcy_strdup("v"), arrivals);
    assert_int_equal(arrivals[AWAY].applied.ns, 1000);
    assert_int_equal(arrivals[AWAY].settled.ns, 1000);
    assert_int_equal(arrivals[HOME].applied.ns, 1100);
    assert_int_equal(arrivals[HOME].settled.ns, 1150);
    xcy_replicated_free(r);
}

static void an_older_version_is_read_until_the_newer_one_arrives(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &slow, "v1");
    put(r, "k", HOME, 2000, &slow, "v2");
    assert_string_equal(strong_at(r, "k", HOME, 2000), "v2");
    assert_string_equal(strong_at(r, "k", AWAY, 2099), "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 2100), "v2");
    assert_string_equal(eventual_at(r, "k", AWAY, 2149), "v1");
    assert_string_equal(eventual_at(r, "k", AWAY, 2150), "v2");
    xcy_replicated_free(r);
}

static void a_later_write_never_overtakes_an_earlier_one(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    put(r, "k", HOME, 1000, &slow, "v1");
    xcy_replicated_write(r, "k", HOME, t(1010), &at_once, xcy_strdup("v2"), arrivals);
    assert_int_equal(arrivals[AWAY].applied.ns, 1100);
    assert_int_equal(arrivals[AWAY].settled.ns, 1150);
    assert_string_equal(strong_at(r, "k", AWAY, 1099), "-");
    assert_string_equal(strong_at(r, "k", AWAY, 1100), "v2");
    xcy_replicated_free(r);
}

static void other_keys_are_not_held_back(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "slow", HOME, 1000, &slow, "v1");
    put(r, "fast", HOME, 1010, &at_once, "v2");
    assert_string_equal(strong_at(r, "fast", AWAY, 1010), "v2");
    assert_string_equal(strong_at(r, "slow", AWAY, 1010), "-");
    xcy_replicated_free(r);
}

static void what_was_seen_stays_seen(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    bool strong_seen = false;
    bool eventual_seen = false;
    put(r, "k", HOME, 1000, &slow, "v1");
    for (int64_t now = 1000; now < 1400; now++) {
        if (now == 1200) {
            put(r, "k", HOME, now, &slow, "v2");
        }
        bool strong = strcmp(strong_at(r, "k", AWAY, now), "-") != 0;
        bool eventual = strcmp(eventual_at(r, "k", AWAY, now), "-") != 0;
        assert_true(strong || !strong_seen);
        assert_true(eventual || !eventual_seen);
        assert_true(strong || !eventual); /* what is settled is applied */
        strong_seen = strong;
        eventual_seen = eventual;
    }
    assert_true(strong_seen && eventual_seen);
    xcy_replicated_free(r);
}

static void the_later_of_two_writes_in_two_regions_wins(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &slow, "home");
    put(r, "k", AWAY, 1010, &slow, "away");
    assert_string_equal(strong_at(r, "k", AWAY, 1010), "away");
    assert_string_equal(strong_at(r, "k", HOME, 1010), "home");
    assert_string_equal(strong_at(r, "k", AWAY, 1100),
                        "away"); /* the older one arrived: too late */
    assert_string_equal(strong_at(r, "k", HOME, 1110), "away");
    xcy_replicated_free(r);
}

static void a_deletion_travels_like_a_write(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    put(r, "k", HOME, 1000, &at_once, "v1");
    xcy_replicated_write(r, "k", HOME, t(2000), &slow, NULL, arrivals);
    assert_string_equal(strong_at(r, "k", HOME, 2000), "-");
    assert_string_equal(strong_at(r, "k", AWAY, 2099), "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 2100), "-");
    xcy_replicated_free(r);
}

static void deleting_what_was_never_written_keeps_nothing(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    xcy_replicated_write(r, "k", HOME, t(1000), &slow, NULL, arrivals);
    assert_int_equal(xcy_replicated_keys(r), 0);
    xcy_replicated_free(r);
}

static void a_gate_opens_after_the_first_miss(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    bool opened;
    put(r, "k", HOME, 1000, &gate, "v1");
    assert_string_equal(strong_at(r, "k", HOME, 1000), "v1");
    assert_null(xcy_replicated_read(r, "k", AWAY, false, t(900000), &opened));
    assert_true(opened);
    assert_string_equal(xcy_replicated_read(r, "k", AWAY, false, t(900000), &opened), "v1");
    assert_false(opened);
    assert_string_equal(strong_at(r, "k", AWAY, 900001), "v1");
    xcy_replicated_free(r);
}

static void a_strong_read_opens_a_gate_too(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &gate, "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 1001), "-");
    assert_string_equal(eventual_at(r, "k", AWAY, 1001), "v1");
    xcy_replicated_free(r);
}

static void a_read_at_home_or_a_look_opens_no_gate(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    const char *key = NULL;
    put(r, "k", HOME, 1000, &gate, "v1");
    assert_string_equal(strong_at(r, "k", HOME, 1001), "v1");
    assert_null(xcy_replicated_peek(r, "k", AWAY, true, t(1002)));
    assert_null(xcy_replicated_next(r, NULL, AWAY, true, t(1003), &key));
    assert_string_equal(strong_at(r, "k", AWAY, 1004), "-");
    xcy_replicated_free(r);
}

static void each_gated_version_is_missed_once(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    put(r, "k", HOME, 1000, &gate, "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 1001), "-");
    assert_string_equal(strong_at(r, "k", AWAY, 1002), "v1");
    put(r, "k", HOME, 1003, &gate, "v2");
    assert_string_equal(strong_at(r, "k", AWAY, 1004), "v1");
    assert_string_equal(strong_at(r, "k", AWAY, 1005), "v2");
    xcy_replicated_free(r);
}

static void a_walk_goes_through_what_the_region_sees_in_order(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    put(r, "c", HOME, 1000, &at_once, "vc");
    put(r, "a", HOME, 1000, &at_once, "va");
    put(r, "b", HOME, 1000, &slow, "vb");
    put(r, "d", HOME, 1000, &at_once, "vd");
    xcy_replicated_write(r, "d", HOME, t(1001), &at_once, NULL, arrivals);
    char seen[2][8] = {"", ""};
    for (size_t region = HOME; region <= AWAY; region++) {
        const char *key = NULL;
        for (size_t n = 0; xcy_replicated_next(r, key, region, true, t(1002), &key); n++) {
            assert_true(n < 7);
            seen[region][n] = key[0];
        }
    }
    assert_string_equal(seen[HOME], "abc");
    assert_string_equal(seen[AWAY], "ac");
    const char *key;
    assert_string_equal(xcy_replicated_next(r, "bb", HOME, true, t(1002), &key), "vc");
    xcy_replicated_free(r);
}

static void a_walk_forgets_what_is_deleted_everywhere(void **state)
{
    (void)state;
    struct xcy_replicated *r = table_new();
    struct xcy_arrival arrivals[2];
    const char *key = NULL;
    put(r, "k", HOME, 1000, &slow, "v1");
    xcy_replicated_write(r, "k", HOME, t(1200), &slow, NULL, arrivals);
    assert_null(xcy_replicated_next(r, NULL, HOME, true, t(1200), &key));
    assert_int_equal(xcy_replicated_keys(r), 1); /* the other region still sees it */
    assert_string_equal(strong_at(r, "k", AWAY, 1250), "v1");
    assert_null(xcy_replicated_next(r, NULL, HOME, true, t(1350), &key));
    assert_int_equal(xcy_replicated_keys(r), 0);
    xcy_replicated_free(r);
}

/* The values are addresses of one counter. */
static void count_freed(void *value)
{
    ++*(int *)value;
}

static void versions_are_freed_once_no_read_can_see_them(void **state)
{
    (void)state;
    int n_freed = 0;
    struct xcy_arrival arrivals[2];
    struct xcy_replicated *r = xcy_replicated_new(2, count_freed);
    for (int64_t i = 0; i < 100; i++) { /* each settles before the next */
        xcy_replicated_write(r, "k", HOME, t(1000 * (i + 1)), &slow, &n_freed, arrivals);
    }
    assert_int_equal(n_freed, 98); /* the last one and what it will replace are left */
    xcy_replicated_free(r);
    assert_int_equal(n_freed, 100);
}

static void one_region_alone_has_no_lag(void **state)
{
    (void)state;
    struct xcy_replicated *r = xcy_replicated_new(1, free);
    struct xcy_arrival arrival;
    xcy_replicated_write(r, "k", 0, t(1000), &slow, xcy_strdup("v"), &arrival);
    assert_int_equal(arrival.settled.ns, 1000);
    assert_string_equal(eventual_at(r, "k", 0, 1000), "v");
    xcy_replicated_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_home_region_sees_a_write_at_once),
        cmocka_unit_test(the_other_region_sees_it_when_applied_and_when_settled),
        cmocka_unit_test(a_write_tells_when_it_arrives_where),
        cmocka_unit_test(an_older_version_is_read_until_the_newer_one_arrives),
        cmocka_unit_test(a_later_write_never_overtakes_an_earlier_one),
        cmocka_unit_test(other_keys_are_not_held_back),
        cmocka_unit_test(what_was_seen_stays_seen),
        cmocka_unit_test(the_later_of_two_writes_in_two_regions_wins),
        cmocka_unit_test(a_deletion_travels_like_a_write),
        cmocka_unit_test(deleting_what_was_never_written_keeps_nothing),
        cmocka_unit_test(a_gate_opens_after_the_first_miss),
        cmocka_unit_test(a_strong_read_opens_a_gate_too),
        cmocka_unit_test(a_read_at_home_or_a_look_opens_no_gate),
        cmocka_unit_test(each_gated_version_is_missed_once),
        cmocka_unit_test(a_walk_goes_through_what_the_region_sees_in_order),
        cmocka_unit_test(a_walk_forgets_what_is_deleted_everywhere),
        cmocka_unit_test(versions_are_freed_once_no_read_can_see_them),
        cmocka_unit_test(one_region_alone_has_no_lag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
