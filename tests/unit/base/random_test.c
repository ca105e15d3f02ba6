/* random_test.c - the form of identifiers; that they differ. */

#include "tests/support/unit.h"

#include "common/base/random.h"

#include <string.h>

static void hex_has_exactly_the_digits_asked_for(void **state)
{
    (void)state;
    char hex[40];
    memset(hex, '#', sizeof hex);
    xcy_random_hex(hex, 32);
    assert_int_equal(strlen(hex), 32);
    assert_int_equal(strspn(hex, "0123456789abcdef"), 32);
    assert_int_equal(hex[33], '#');
    xcy_random_hex(hex, 0);
    assert_string_equal(hex, "");
}

static void a_uuid_is_of_version_4(void **state)
{
    (void)state;
    char uuid[37];
    for (int i = 0; i < 200; i++) {
        xcy_random_uuid(uuid);
        assert_int_equal(strlen(uuid), 36);
        assert_int_equal(strspn(uuid, "0123456789abcdef-"), 36);
        assert_true(uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-');
        assert_int_equal(uuid[14], '4');
        assert_non_null(strchr("89ab", uuid[19]));
    }
}

static void two_identifiers_differ(void **state)
{
    (void)state;
    char a[33];
    char b[33];
    xcy_random_hex(a, 32);
    xcy_random_hex(b, 32);
    assert_string_not_equal(a, b);
    assert_int_not_equal(xcy_random_seed(), xcy_random_seed());
}

static void a_seed_survives_a_double(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint64_t seed = xcy_random_seed();
        assert_true((uint64_t)(double)seed == seed);
    }
}

static void every_byte_is_filled(void **state)
{
    (void)state;
    unsigned char seen[64] = {0};
    for (int round = 0; round < 64; round++) { /* a byte stays 0 in all with probability 2^-512 */
        unsigned char bytes[64] = {0};
        xcy_random_bytes(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++) {
            seen[i] |= bytes[i];
        }
    }
    for (size_t i = 0; i < sizeof seen; i++) {
        assert_int_not_equal(seen[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_has_exactly_the_digits_asked_for),
        cmocka_unit_test(a_uuid_is_of_version_4),
        cmocka_unit_test(two_identifiers_differ),
        cmocka_unit_test(a_seed_survives_a_double),
        cmocka_unit_test(every_byte_is_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
