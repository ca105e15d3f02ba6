#include "tests/support/unit.h"

#include "collectors/reference_sizes.h"

#include "common/base/mem.h"

#include <stdlib.h>

/* What the reference writes, shortened; a test changes one line of it. */
static const char *const lines[] = {
    "antipode_enabled: false",
    "cleaned: false",
    "delay: 250",
    "latencies:\n  0: 1795100000.152478\n  7: 1795100001\n  2: '1795100000.5'",
    "notification_storage: sns",
    "post_storage: dynamo",
    "reader_region: us-east-1",
    "requests: 3",
    "writer__lambda__arn: arn:aws:lambda:eu-central-1:641424397462:function:writer",
    "writer_region: eu-central-1",
};

enum { N_LINES = sizeof lines / sizeof *lines };

/* The file with the line of a key replaced (NULL: left out) and another at its end; free with free(). */
static char *with(const char *key, const char *line, const char *more)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    for (size_t l = 0; l < N_LINES; l++) {
        bool is_it =
            key && strncmp(lines[l], key, strlen(key)) == 0 && lines[l][strlen(key)] == ':';
        const char *chosen = is_it ? line : lines[l];
        if (chosen) {
            xcy_buf_addf(&text, "%s\n", chosen);
        }
    }
    xcy_buf_addf(&text, "%s", more ? more : "");
    return xcy_buf_take(&text);
}

static struct xcy_reference_state *read_with(const char *key, const char *line, const char *more)
{
    struct xcy_error err;
    struct xcy_reference_state *state = NULL;
    char *text = with(key, line, more);
    assert_ok(xcy_reference_state_parse("last.yml", xcy_bytes_of(text), &state, &err), &err);
    free(text);
    return state;
}

static void a_state_file_is_read(void **state)
{
    (void)state;
    struct xcy_reference_state *s = read_with(NULL, NULL, NULL);
    assert_false(s->antipode_enabled);
    assert_false(s->has_rendezvous);
    assert_int_equal(s->requests, 3);
    assert_int_equal(s->combination.delay_ms, 250);
    assert_int_equal(s->combination.post_storage, XCY_POST_DYNAMO);
    assert_int_equal(s->combination.notification_storage, XCY_NOTIFICATION_SNS);
    assert_string_equal(s->combination.writer_region, "eu-central-1");
    assert_string_equal(s->combination.reader_region, "us-east-1");
    assert_string_equal(s->writer_function,
                        "arn:aws:lambda:eu-central-1:641424397462:function:writer");
    assert_int_equal(xcy_reference_state_extra(s), 0);
    xcy_reference_state_free(s);
}

static void replies_are_found_by_number_whatever_their_order(void **state)
{
    (void)state;
    struct xcy_reference_state *s = read_with(NULL, NULL, NULL);
    int64_t seventh = xcy_reference_state_find(s, 7);
    assert_true(seventh >= 0 && s->replies[seventh].at_s == 1795100001.0);
    assert_true(s->replies[xcy_reference_state_find(s, 2)].at_s == 1795100000.5);
    assert_int_equal(xcy_reference_state_find(s, 1), -1);
    assert_int_equal(xcy_reference_state_find(s, -1), -1);
    xcy_reference_state_free(s);
}

static void check_tag(const char *antipode, const char *more, int64_t n, unsigned extra,
                      const char *expected)
{
    struct xcy_reference_state *s = read_with("antipode_enabled", antipode, more);
    char *tag = xcy_reference_state_tag(s, n);
    assert_string_equal(tag, expected);
    assert_int_equal(xcy_reference_state_extra(s), extra);
    free(tag);
    xcy_reference_state_free(s);
}

static void the_tag_and_the_columns_are_those_of_the_protocol(void **state)
{
    (void)state;
    const char *off = "antipode_enabled: false";
    const char *on = "antipode_enabled: true";
    const char *ncc = "rendezvous_enabled: true\nrendezvous_ncc: true\n";
    unsigned rendezvous = XCY_REFERENCE_WRITE_POST | XCY_REFERENCE_RENDEZVOUS;
    check_tag(off, NULL, 3, 0, "eu-us__3__delay-250ms");
    check_tag(on, NULL, 2, XCY_REFERENCE_ANTIPODE, "antipode__eu-us__2__delay-250ms");
    check_tag(off, "rendezvous_enabled: false\nrendezvous_ncc: true\n", 3, XCY_REFERENCE_WRITE_POST,
              "eu-us__3__delay-250ms");
    check_tag(off, "rendezvous_enabled: true\nrendezvous_ncc: false\n", 3, rendezvous,
              "rendezvous__eu-us__3__delay-250ms");
    check_tag(off, "rendezvous_enabled: true\n", 3, rendezvous,
              "rendezvous__eu-us__3__delay-250ms");
    check_tag(on, ncc, 3, rendezvous | XCY_REFERENCE_ANTIPODE,
              "rendezvous_ncc__antipode__eu-us__3__delay-250ms");
}

static void a_wrong_file_is_told_with_its_line_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        const char *line;
        const char *expected;
    } cases[] = {
        {"latencies", NULL, "last.yml:1: key 'latencies' is missing: the reference's `run` writes"},
        {"delay", NULL, "last.yml:1: key 'delay' is missing: the reference's `build` writes it"},
        {"antipode_enabled", "antipode_enabled: 1", "last.yml:1: antipode_enabled must be true or"},
        {"delay", "delay: -1", "last.yml:3: delay must be 0..900000, got -1"},
        {"delay", "delay: soon", "last.yml:3: delay must be a whole number, got 'soon'"},
        {"post_storage", "post_storage: dynmo", "last.yml:9: post_storage must be one of dynamo"},
        {"reader_region", "reader_region: [us]", "last.yml:10: a region must be one such as"},
        {"reader_region", "reader_region: ../x", "got '../x'"},
        {"reader_region", "reader_region: ''", "a region must be one such as eu-central-1, got ''"},
        {"latencies", "latencies: {}", "last.yml:4: latencies is empty: no request succeeded"},
        {"latencies", "latencies: [1, 2, 3]", "latencies must be a map of request numbers"},
        {"latencies", "latencies:\n  0: 1.5\n  x: 1.5\n  2: 1.5",
         "last.yml:6: latencies: 'x' is no request number"},
        {"latencies", "latencies:\n  0: 1.5\n  1: null\n  2: 1.5",
         "last.yml:6: latencies: 1 must be the time of the reply in seconds since 1970"},
        {"latencies", "latencies:\n  0: 1.5\n  1: .nan\n  2: 1.5", "got '.nan'"},
        {"latencies", "latencies:\n  0: 1.5\n  1: nan\n  2: 1.5", "got 'nan'"},
        {"latencies", "latencies:\n  0: 1.5\n  1: [2]\n  2: 1.5", "got 'more than one value'"},
        {"latencies", "latencies:\n  0: 1.5\n  -1: 1.5\n  2: 1.5", "'-1' is no request number"},
        {"latencies", "latencies:\n  1: 1.5\n  01: 1.5\n  2: 1.5", "request 1 stands there twice"},
        {"requests", "requests: 4", "last.yml:11: requests is 4, but latencies has 3"},
        {"requests", "requests: 3\nrendezvous_enabled: maybe", "must be true or false"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_error err;
        struct xcy_reference_state *s = NULL;
        char *text = with(cases[c].key, cases[c].line, NULL);
        assert_status(xcy_reference_state_parse("last.yml", xcy_bytes_of(text), &s, &err),
                      XCY_EUSAGE, &err);
        assert_null(s);
        if (!strstr(err.text, cases[c].expected)) {
            fail_msg("'%s', expected '%s'", err.text, cases[c].expected);
        }
        free(text);
    }
}

static void no_file_and_an_empty_one_say_what_to_name(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_reference_state *s = NULL;
    assert_status(xcy_reference_state_parse("last.yml", xcy_bytes_of(""), &s, &err), XCY_EUSAGE,
                  &err);
    assert_non_null(strstr(err.text, "last.yml: empty"));
    assert_status(xcy_reference_state_read("/nowhere/last.yml", &s, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "/nowhere/last.yml: no such file; name the .last.yml"));
}

/* The constants of the reference, and of its Rendezvous branch; three requests. */
static void sizes_of_two_stores_are_constants_times_requests(void **state)
{
    (void)state;
    static const struct {
        const char *post;
        const char *antipode;
        const char *more;
        double bytes;
    } cases[] = {
        {"post_storage: dynamo", "false", NULL, 350012},
        {"post_storage: dynamo", "true", NULL, 350054},
        {"post_storage: dynamo", "false", "rendezvous_enabled: true\n", 350062},
        {"post_storage: dynamo", "true", "rendezvous_enabled: true\n", 350054},
        {"post_storage: dynamo", "false", "rendezvous_enabled: false\n", 350012},
        {"post_storage: s3", "false", NULL, 1000000},
        {"post_storage: s3", "true", NULL, 1000320},
        {"post_storage: s3", "false", "rendezvous_enabled: true\n", 1000010},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_reference_state *s = read_with("post_storage", cases[c].post, cases[c].more);
        s->antipode_enabled = strcmp(cases[c].antipode, "true") == 0;
        assert_false(xcy_reference_sizes_are_asked(s));
        struct xcy_sizes sizes = xcy_reference_sizes_known(s);
        assert_true(sizes.avg_bytes.value == cases[c].bytes && !sizes.avg_bytes.is_float);
        assert_true(sizes.total_bytes.value == 3 * cases[c].bytes && !sizes.total_bytes.is_float);
        xcy_reference_state_free(s);
    }
}

static void the_other_two_are_asked(void **state)
{
    (void)state;
    static const char *const stores[] = {"post_storage: mysql", "post_storage: cache"};
    for (size_t n = 0; n < 2; n++) {
        struct xcy_reference_state *s = read_with("post_storage", stores[n], NULL);
        assert_true(xcy_reference_sizes_are_asked(s));
        xcy_reference_state_free(s);
    }
}

static void sizes_given_by_hand_are_shown_as_they_were_given(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sizes sizes;
    assert_ok(xcy_reference_sizes_parse("1351052538:2702002.0", &sizes, &err), &err);
    assert_true(sizes.total_bytes.value == 1351052538 && !sizes.total_bytes.is_float);
    assert_true(sizes.avg_bytes.value == 2702002 && sizes.avg_bytes.is_float);
    static const char *const wrong[] = {"",     ":",     "5",     "5:",    ":5",
                                        "-1:5", "5:inf", "5:nan", "5:6:7", "5 :6"};
    for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
        assert_status(xcy_reference_sizes_parse(wrong[w], &sizes, &err), XCY_EUSAGE, &err);
        assert_non_null(strstr(err.text, "--post-sizes must be"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_file_is_read),
        cmocka_unit_test(replies_are_found_by_number_whatever_their_order),
        cmocka_unit_test(the_tag_and_the_columns_are_those_of_the_protocol),
        cmocka_unit_test(a_wrong_file_is_told_with_its_line_and_key),
        cmocka_unit_test(no_file_and_an_empty_one_say_what_to_name),
        cmocka_unit_test(sizes_of_two_stores_are_constants_times_requests),
        cmocka_unit_test(the_other_two_are_asked),
        cmocka_unit_test(sizes_given_by_hand_are_shown_as_they_were_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
