#include "tests/support/changing_keys.h"
#include "tests/support/keys.h"
#include "tests/support/unit.h"

#include "common/aws/key_times.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "tests/unit/aws/canned.h"

struct fixture {
    struct changing_keys keys;
    struct xcy_error err;
};

static int setup(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    changing_keys_open(&f->keys, "0.4");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    changing_keys_close(&f->keys);
    free(f);
    return 0;
}

static struct xcy_key_source *open_source(struct fixture *f)
{
    struct xcy_key_source *source = NULL;
    assert_ok(xcy_key_source_open(NULL, &source, &f->err), &f->err);
    return source;
}

static void keys_are_replaced_and_those_taken_stay(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = open_source(f);
    uint64_t version = xcy_key_source_version(source);
    const struct xcy_credentials *first = xcy_key_source_peek(source);
    const struct xcy_credentials *later = NULL;
    struct xcy_credentials was = xcy_credentials_copy(first);
    assert_string_equal(xcy_key_source_origin(source), "credential_process of profile default");
    changing_keys_await(source, version + 2);
    assert_ok(xcy_key_source_take(source, &later, &f->err), &f->err);
    assert_string_equal(first->access_key, was.access_key);
    assert_string_equal(first->secret_key, was.secret_key);
    assert_string_not_equal(later->access_key, was.access_key);
    assert_string_not_equal(later->secret_key, was.secret_key);
    assert_true(later->expires.ns > first->expires.ns);
    xcy_credentials_clear(&was);
    xcy_key_source_give(source, first);
    xcy_key_source_give(source, later);
    xcy_key_source_close(source);
}

static void a_call_is_signed_with_the_keys_of_its_moment(void **state)
{
    struct fixture *f = *state;
    struct xcy_canned c;
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    struct xcy_key_source *source = open_source(f);
    xcy_canned_open(&c, 200, "", "{}");
    c.aws.credentials = NULL;
    c.aws.keys = source;
    xcy_aws_request_init(&r, &c.aws, "sqs", "POST", NULL);
    assert_ok(xcy_aws_request_finish(&r, &f->err), &f->err);
    changing_keys_write(&f->keys, "life", "3600");
    int last = changing_keys_await_lasting(source); /* as between two attempts of one call */
    assert_ok(xcy_aws_call(&c.aws, &r, "it", &reply, &f->err), &f->err);
    assert_int_equal(changing_keys_signer(c.server, 0), last);
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    xcy_key_source_close(source);
    xcy_canned_close(&c);
}

static void lost_keys_are_explained_once_they_are_over(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = open_source(f);
    const struct xcy_credentials *keys = NULL;
    changing_keys_write(&f->keys, "broken", "");
    while (xcy_key_source_check(source, &f->err) == XCY_OK) {
        usleep(1000);
    }
    static const char why[] =
        "the credentials have expired and could not be refreshed: credential_process of profile "
        "default: it ended with exit code 1: out of order";
    assert_string_equal(f->err.text, why);
    assert_status(xcy_key_source_take(source, &keys, &f->err), XCY_EAUTH, &f->err);
    assert_string_equal(f->err.text, why);
    assert_null(keys);
    changing_keys_write(&f->keys, "life", "3600");
    changing_keys_remove(&f->keys, "broken");
    assert_ok(xcy_key_source_take(source, &keys, &f->err), &f->err); /* it is asked at once */
    assert_ok(xcy_key_source_check(source, &f->err), &f->err);
    xcy_key_source_give(source, keys);
    xcy_key_source_close(source);
}

/* A process may take a minute. */
static void closing_does_not_wait_for_a_process_that_hangs(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = open_source(f);
    char *hanging = xcy_format("%s/hanging", f->keys.folder);
    changing_keys_write(&f->keys, "hangs", "");
    while (!xcy_file_exists(hanging)) {
        usleep(1000);
    }
    struct xcy_mono before = xcy_mono_now();
    xcy_key_source_close(source);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), before) < 30 * XCY_NS_PER_S);
    free(hanging);
}

static void keys_that_come_too_late_are_refused(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = NULL;
    changing_keys_write(&f->keys, "life", "-120");
    assert_status(xcy_key_source_open(NULL, &source, &f->err), XCY_EAUTH, &f->err);
    assert_non_null(strstr(f->err.text, "had expired already, 120 s ago"));
}

static void keys_that_are_known_never_change(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = keys_of("AK", "HUSH");
    const struct xcy_credentials *keys = NULL;
    assert_ok(xcy_key_source_take(source, &keys, &f->err), &f->err);
    assert_string_equal(keys->secret_key, "HUSH");
    assert_ok(xcy_key_source_check(source, &f->err), &f->err);
    assert_int_equal(xcy_key_source_version(source), 1);
    assert_null(xcy_key_source_origin(source));
    xcy_key_source_give(source, keys);
    xcy_key_source_close(source);
}

static struct xcy_key_times times_of(int64_t life_s, uint64_t chance)
{
    struct xcy_key_times times;
    xcy_key_times_set(&times, (struct xcy_wall){xcy_wall_now().ns + life_s * XCY_NS_PER_S}, chance);
    return times;
}

static void refreshing_begins_before_the_end(void **state)
{
    (void)state;
    for (uint64_t chance = 0; chance < UINT64_MAX / 8 * 7; chance += UINT64_MAX / 8) {
        struct xcy_key_times hour = times_of(3600, chance);
        struct xcy_key_times short_one = times_of(4, chance);
        struct xcy_key_times over = times_of(-1, chance);
        assert_in_range(hour.lead_ns, 300 * XCY_NS_PER_S, 375 * XCY_NS_PER_S);
        assert_in_range(short_one.lead_ns, 19 * XCY_NS_PER_S / 10, 25 * XCY_NS_PER_S / 10);
        assert_true(xcy_key_times_wait_ns(&hour) <= 3300 * XCY_NS_PER_S);
        assert_true(xcy_key_times_left_ns(&over) <= 0);
        assert_true(xcy_key_times_wait_ns(&over) <= 0);
    }
}

static void tries_become_rarer_but_not_past_the_end(void **state)
{
    (void)state;
    struct xcy_key_times hour = times_of(3600, 0);
    struct xcy_key_times soon = times_of(20, 0);
    int64_t before_ns = 0;
    for (unsigned n = 1; n < 100; n++) {
        int64_t hour_ns = xcy_key_times_retry_ns(&hour, n);
        assert_true(hour_ns >= before_ns && hour_ns <= 30 * XCY_NS_PER_S);
        assert_true(xcy_key_times_retry_ns(&soon, n) <= 5 * XCY_NS_PER_S);
        before_ns = hour_ns;
    }
    assert_int_equal(before_ns, 30 * XCY_NS_PER_S);
}

static void keys_without_an_end_last(void **state)
{
    (void)state;
    struct xcy_key_times times;
    xcy_key_times_set(&times, (struct xcy_wall){0}, 1);
    assert_true(xcy_key_times_left_ns(&times) == INT64_MAX);
    assert_true(xcy_key_times_wait_ns(&times) == INT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    xcy_stop_watch();
    xcy_log_init("key_source_test", XCY_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        TEST(keys_are_replaced_and_those_taken_stay),
        TEST(a_call_is_signed_with_the_keys_of_its_moment),
        TEST(lost_keys_are_explained_once_they_are_over),
        TEST(closing_does_not_wait_for_a_process_that_hangs),
        TEST(keys_that_come_too_late_are_refused),
        TEST(keys_that_are_known_never_change),
        cmocka_unit_test(refreshing_begins_before_the_end),
        cmocka_unit_test(tries_become_rarer_but_not_past_the_end),
        cmocka_unit_test(keys_without_an_end_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
