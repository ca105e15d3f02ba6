#include "tests/support/unit.h"

#include "common/aws/key_source.h"
#include "common/aws/key_times.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "tests/support/environment.h"
#include "tests/support/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A home with a credential_process: a shell script that runs what stands in the file "life". */
struct fixture {
    char folder[32];
    struct xcy_error err;
};

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", f->folder, name);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0700, &err), &err);
    free(path);
}

/* Prints keys with the number of the run in them, which last so many seconds from now. */
static const char script[] =
    "#!/bin/sh\n"
    "cd \"$(dirname \"$0\")\" || exit 1\n"
    "[ ! -e broken ] || { echo 'out of order' >&2; exit 1; }\n"
    "echo x >>runs; n=$(wc -l <runs)\n"
    "end=$(date -u -d \"+$(cat life) seconds\" +%Y-%m-%dT%H:%M:%S.%NZ)\n"
    "echo "
    "\"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"AK$n\\\",\\\"SecretAccessKey\\\":\\\"HUSH$n\\\","
    "\\\"SessionToken\\\":\\\"T$n\\\",\\\"Expiration\\\":\\\"$end\\\"}\"\n";

static int setup(void **state)
{
    struct fixture *f = xcy_alloc(sizeof *f);
    memcpy(f->folder, "/tmp/xcy-keys-XXXXXX", 21);
    assert_non_null(mkdtemp(f->folder));
    char *config = xcy_format("[default]\ncredential_process = %s/give\n", f->folder);
    char *path = xcy_format("%s/config", f->folder);
    move_home(f->folder);
    put_variable("AWS_CONFIG_FILE", path);
    write_file(f, "config", config);
    write_file(f, "give", script);
    free(config);
    free(path);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    assert_ok(xcy_dir_remove(f->folder, &f->err), &f->err);
    free(f);
    return 0;
}

static struct xcy_key_source *open_source(struct fixture *f, const char *life)
{
    struct xcy_key_source *source = NULL;
    write_file(f, "life", life);
    assert_ok(xcy_key_source_open(NULL, &source, &f->err), &f->err);
    return source;
}

static void wait_version(const struct xcy_key_source *source, uint64_t version)
{
    while (xcy_key_source_version(source) < version) {
        usleep(1000);
    }
}

static void keys_are_replaced_and_those_taken_stay(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = open_source(f, "0.4");
    const struct xcy_credentials *first = NULL;
    const struct xcy_credentials *later = NULL;
    first = xcy_key_source_peek(source);
    assert_string_equal(first->access_key, "AK1");
    assert_string_equal(xcy_key_source_origin(source), "credential_process of profile default");
    wait_version(source, 3);
    assert_string_equal(first->secret_key, "HUSH1");
    assert_ok(xcy_key_source_take(source, &later, &f->err), &f->err);
    assert_string_not_equal(later->access_key, "AK1");
    assert_string_not_equal(later->access_key, "AK2");
    assert_true(later->expires.ns > first->expires.ns);
    xcy_key_source_give(source, first);
    xcy_key_source_give(source, later);
    xcy_key_source_close(source);
}

static void lost_keys_are_explained_once_they_are_over(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = open_source(f, "0.4");
    const struct xcy_credentials *keys = NULL;
    write_file(f, "broken", "");
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
    char *path = xcy_format("%s/broken", f->folder);
    write_file(f, "life", "3600");
    assert_int_equal(unlink(path), 0);
    free(path);
    assert_ok(xcy_key_source_take(source, &keys, &f->err), &f->err); /* it is asked at once */
    assert_ok(xcy_key_source_check(source, &f->err), &f->err);
    xcy_key_source_give(source, keys);
    xcy_key_source_close(source);
}

static void keys_that_come_too_late_are_refused(void **state)
{
    struct fixture *f = *state;
    struct xcy_key_source *source = NULL;
    write_file(f, "life", "-120");
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
        TEST(lost_keys_are_explained_once_they_are_over),
        TEST(keys_that_come_too_late_are_refused),
        TEST(keys_that_are_known_never_change),
        cmocka_unit_test(refreshing_begins_before_the_end),
        cmocka_unit_test(tries_become_rarer_but_not_past_the_end),
        cmocka_unit_test(keys_without_an_end_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
