#include "sandbox/services/s3_rows.h"
#include "tests/support/unit.h"

/* Rows without bodies on disk: every object here is a marker, which rows do not look into. */

struct pair {
    struct xcy_s3_rows *source;
    struct xcy_s3_rows *replica;
};

static struct xcy_mono at(int64_t ns)
{
    return (struct xcy_mono){ns};
}

static struct pair open_pair(void)
{
    return (struct pair){xcy_s3_rows_new(), xcy_s3_rows_new()};
}

static void close_pair(struct pair *p)
{
    xcy_s3_rows_free(p->source);
    xcy_s3_rows_free(p->replica);
}

/* Written at `now`, to arrive at `visible`. */
static const struct xcy_s3_object *write(struct pair *p, const char *key, int64_t now,
                                         int64_t visible, bool is_gate)
{
    struct xcy_s3_entry *source = xcy_s3_rows_add(p->source, key, xcy_s3_object_new(NULL), at(now));
    xcy_s3_rows_add_replica(p->replica, key, source, at(visible), is_gate);
    return source->object;
}

static const struct xcy_s3_object *read_at(struct xcy_s3_rows *rows, const char *key,
                                           const char *version, int64_t now)
{
    bool opened;
    const struct xcy_s3_entry *entry = xcy_s3_rows_read(rows, key, version, at(now), &opened);
    return entry ? entry->object : NULL;
}

static void a_replica_is_seen_from_its_instant_on(void **state)
{
    (void)state;
    struct pair p = open_pair();
    const struct xcy_s3_object *object = write(&p, "k", 10, 50, false);
    assert_ptr_equal(read_at(p.source, "k", NULL, 10), object);
    assert_null(read_at(p.replica, "k", NULL, 49));
    assert_null(read_at(p.replica, "k", object->version, 49));
    assert_ptr_equal(read_at(p.replica, "k", NULL, 50), object);
    assert_ptr_equal(read_at(p.replica, "k", object->version, 50), object);
    assert_null(read_at(p.replica, "other", NULL, 50));
    close_pair(&p);
}

static void versions_arrive_in_the_order_in_which_they_were_written(void **state)
{
    (void)state;
    struct pair p = open_pair();
    const struct xcy_s3_object *first = write(&p, "k", 10, 50, false);
    const struct xcy_s3_object *second = write(&p, "k", 11, 20, false); /* drew a smaller lag */
    const struct xcy_s3_object *other = write(&p, "l", 12, 21, false);
    assert_null(read_at(p.replica, "k", second->version, 49));
    assert_ptr_equal(read_at(p.replica, "k", NULL, 50), second);
    assert_ptr_equal(read_at(p.replica, "k", first->version, 50), first);
    assert_ptr_equal(read_at(p.replica, "l", NULL, 21), other);
    close_pair(&p);
}

static void a_gate_opens_for_reads_behind_one_that_missed(void **state)
{
    (void)state;
    struct pair p = open_pair();
    bool opened;
    const struct xcy_s3_object *object = write(&p, "k", 10, 10, true);
    const struct xcy_s3_object *behind = write(&p, "k", 11, 11, false); /* stays behind the first */
    const struct xcy_s3_object *shut = write(&p, "l", 12, 12, true);
    assert_null(read_at(p.replica, "m", NULL, 20));
    assert_null(xcy_s3_rows_read(p.replica, "k", object->version, at(20), &opened));
    assert_true(opened);
    assert_ptr_equal(read_at(p.replica, "k", object->version, 20), object);
    xcy_s3_rows_read(p.replica, "k", NULL, at(21), &opened);
    assert_true(opened); /* of the second version, which this read missed */
    assert_ptr_equal(read_at(p.replica, "k", NULL, 21), behind);
    bool is_latest;
    const char *key = NULL;
    assert_non_null(xcy_s3_rows_next(p.replica, &key, NULL, at(30), &is_latest));
    key = "k";
    assert_null(
        xcy_s3_rows_next(p.replica, &key, NULL, at(30), &is_latest)); /* walks open nothing */
    assert_null(read_at(p.replica, "l", NULL, 30));
    assert_ptr_equal(read_at(p.replica, "l", NULL, 30), shut);
    close_pair(&p);
}

static void the_source_says_how_far_its_replica_is(void **state)
{
    (void)state;
    struct pair p = open_pair();
    struct xcy_s3_entry *source = xcy_s3_rows_add(p.source, "k", xcy_s3_object_new(NULL), at(10));
    assert_null(xcy_s3_entry_replication(source, at(10)));
    const struct xcy_s3_entry *replica =
        xcy_s3_rows_add_replica(p.replica, "k", source, at(50), false);
    assert_string_equal(xcy_s3_entry_replication(source, at(49)), "PENDING");
    assert_string_equal(xcy_s3_entry_replication(source, at(50)), "COMPLETED");
    assert_string_equal(xcy_s3_entry_replication(replica, at(50)), "REPLICA");
    xcy_s3_object_release(xcy_s3_rows_remove(p.replica, "k", source->object->version, at(60)));
    assert_string_equal(xcy_s3_entry_replication(source, at(61)), "COMPLETED");
    close_pair(&p);
}

static void a_version_taken_away_before_it_arrived_never_arrives(void **state)
{
    (void)state;
    struct pair p = open_pair();
    char version[XCY_S3_VERSION_BYTES];
    const struct xcy_s3_object *object = write(&p, "k", 10, 50, false);
    memcpy(version, object->version, sizeof version);
    assert_null(xcy_s3_rows_remove(p.replica, "k", version, at(20))); /* not there yet */
    xcy_s3_object_release(xcy_s3_rows_remove(p.source, "k", version, at(30)));
    assert_null(read_at(p.source, "k", version, 40));
    assert_null(read_at(p.replica, "k", version, 100));
    object = write(&p, "k", 110, 120, false);
    memcpy(version, object->version, sizeof version);
    xcy_s3_object_release(xcy_s3_rows_remove(p.source, "k", version, at(120)));
    assert_non_null(read_at(p.replica, "k", version, 121)); /* that one had arrived */
    close_pair(&p);
}

static void walks_go_by_key_and_from_new_to_old(void **state)
{
    (void)state;
    struct pair p = open_pair();
    const struct xcy_s3_object *b1 = write(&p, "b", 10, 10, false);
    const struct xcy_s3_object *b2 = write(&p, "b", 11, 90, false);
    const struct xcy_s3_object *a1 = write(&p, "a", 12, 12, false);
    const struct {
        struct xcy_s3_rows *rows;
        const char *key;
        const char *version;
        const struct xcy_s3_object *next;
        bool is_latest;
    } cases[] = {
        {p.source, NULL, NULL, a1, true},
        {p.source, "a", a1->version, b2, true},
        {p.source, "a", NULL, b2, true},
        {p.source, "b", b2->version, b1, false},
        {p.source, "b", b1->version, NULL, false},
        {p.source, "b", NULL, NULL, false},
        {p.source, "b", "one that is gone", b2, true},
        {p.source, "aa", "x", b2, true},
        {p.replica, "a", a1->version, b1, true}, /* the newer one is not seen yet */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *key = cases[i].key;
        bool is_latest = false;
        const struct xcy_s3_entry *entry =
            xcy_s3_rows_next(cases[i].rows, &key, cases[i].version, at(20), &is_latest);
        assert_ptr_equal(entry ? entry->object : NULL, cases[i].next);
        if (entry) {
            assert_int_equal(is_latest, cases[i].is_latest);
            assert_string_equal(key, cases[i].next == a1 ? "a" : "b");
        }
    }
    close_pair(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replica_is_seen_from_its_instant_on),
        cmocka_unit_test(versions_arrive_in_the_order_in_which_they_were_written),
        cmocka_unit_test(a_gate_opens_for_reads_behind_one_that_missed),
        cmocka_unit_test(the_source_says_how_far_its_replica_is),
        cmocka_unit_test(a_version_taken_away_before_it_arrived_never_arrives),
        cmocka_unit_test(walks_go_by_key_and_from_new_to_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
