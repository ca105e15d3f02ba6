#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/place.h"

#include <stdlib.h>

static void every_spelling_of_this_machine_is_known(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "127.0.0.1",    "127.255.255.254",
        "127.1",        "127.0.1",
        "0x7f.1",       "0X7F.0.0.1",
        "0177.0.0.1",   "2130706433",
        "0x7f000001",   "017700000001",
        "0.0.0.0",      "0",
        "localhost",    "LocalHost",
        "localhost.",   "sandbox.localhost",
        "A.LOCALHOST.", "[::1]",
        "[::1%25lo]",   "[0:0:0:0:0:0:0:1]",
        "[::0001]",     "[::ffff:127.0.0.1]",
        "[::]",         "[::FFFF:7f00:1]",
        "%6cocalhost",  "[::ffff:127.9.9.9]",
        "1%327.0.0.1",  "[::ffff:0.0.0.0]",
    };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        char *url = xcy_format("https://%s:4566/a?b=c", hosts[i]);
        struct xcy_place place;
        if (!xcy_place_of(url, &place) || !place.is_this_machine) {
            fail_msg("%s is this machine", url);
        }
        assert_int_equal(place.port, 4566);
        free(url);
    }
}

static void what_only_looks_like_this_machine_is_another(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "http://127.example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://notlocalhost/",
        "http://mylocalhost:80/",
        "http://localhost../",
        "http://128.0.0.1/",
        "http://126.255.255.255/",
        "http://2147483648/",
        "http://0.0.0.1/",
        "http://[::2]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:128.0.0.1]/",
        "http://[2001:db8::1]/127.0.0.1",
        "http://example.com/?localhost",
        "http://example.com:127/",
        "https://sqs.us-east-1.amazonaws.com",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct xcy_place place;
        if (!xcy_place_of(urls[i], &place) || place.is_this_machine) {
            fail_msg("%s is another machine", urls[i]);
        }
    }
}

static void host_and_port_are_those_that_are_connected_to(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *host;
        int port;
    } cases[] = {
        {"http://example.com", "example.com", 80},
        {"https://example.com/", "example.com", 443},
        {"https://example.com:8443?x=1", "example.com", 8443},
        {"http://0x7f.1:81", "127.0.0.1", 81},
        {"http://[::1]:82/", "::1", 82},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_place place;
        assert_true(xcy_place_of(cases[i].url, &place));
        assert_string_equal(place.host, cases[i].host);
        assert_int_equal(place.port, cases[i].port);
    }
}

static void what_is_no_address_has_no_place(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "",
        "127.0.0.1:4566",
        "ftp://127.0.0.1/",
        "http://",
        "http:///a",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://me@127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://me:secret@localhost/",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct xcy_place place;
        if (xcy_place_of(urls[i], &place)) {
            fail_msg("%s is no address", urls[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_this_machine_is_known),
        cmocka_unit_test(what_only_looks_like_this_machine_is_another),
        cmocka_unit_test(host_and_port_are_those_that_are_connected_to),
        cmocka_unit_test(what_is_no_address_has_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
