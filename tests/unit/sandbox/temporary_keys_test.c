#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "sandbox/front/temporary_keys.h"

#include <stdlib.h>
#include <string.h>

static char root_key[] = "XCYSANDBOXROOT";
static char root_secret[] = "a secret";
static char other_secret[] = "another secret";
static const struct xcy_credentials root = {.access_key = root_key, .secret_key = root_secret};
static const struct xcy_credentials other = {.access_key = root_key, .secret_key = other_secret};

static struct xcy_temporary make(void)
{
    struct xcy_temporary made;
    xcy_temporary_make(&root, "arn:aws:sts::1:assumed-role/r/s", (struct xcy_wall){7000}, &made);
    return made;
}

static bool opens(const struct xcy_credentials *by, const char *access_key, const char *token)
{
    struct xcy_temporary opened = {.arn = ""};
    bool is_ours = xcy_temporary_open(by, access_key, token, &opened);
    xcy_temporary_clear(&opened);
    return is_ours;
}

static void what_was_made_is_opened_again_with_its_secret(void **state)
{
    (void)state;
    struct xcy_temporary made = make();
    struct xcy_temporary opened = {.arn = ""};
    const struct xcy_credentials *keys = &made.credentials;
    assert_true(xcy_temporary_open(&root, keys->access_key, keys->session_token, &opened));
    assert_string_equal(opened.credentials.secret_key, keys->secret_key);
    assert_string_equal(opened.credentials.session_token, keys->session_token);
    assert_string_equal(opened.arn, "arn:aws:sts::1:assumed-role/r/s");
    assert_int_equal(opened.credentials.expires.ns, 7000);
    assert_memory_equal(keys->access_key, XCY_SANDBOX_TEMP, strlen(XCY_SANDBOX_TEMP));
    assert_null(strstr(keys->session_token, root_secret));
    assert_null(strstr(keys->session_token, keys->secret_key));
    xcy_temporary_clear(&made);
    xcy_temporary_clear(&opened);
}

static void a_token_with_any_byte_changed_is_nobodys(void **state)
{
    (void)state;
    struct xcy_temporary made = make();
    char *token = made.credentials.session_token;
    for (size_t i = 0; token[i]; i++) {
        char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        assert_false(opens(&root, made.credentials.access_key, token));
        token[i] = was;
    }
    assert_true(opens(&root, made.credentials.access_key, token));
    token[strlen(token) - 1] = '\0';
    assert_false(opens(&root, made.credentials.access_key, token));
    xcy_temporary_clear(&made);
}

static void a_token_is_for_its_key_and_sandbox_only(void **state)
{
    (void)state;
    struct xcy_temporary a = make();
    struct xcy_temporary b = make();
    assert_string_not_equal(a.credentials.access_key, b.credentials.access_key);
    assert_string_not_equal(a.credentials.secret_key, b.credentials.secret_key);
    assert_false(opens(&root, a.credentials.access_key, b.credentials.session_token));
    assert_false(opens(&other, a.credentials.access_key, a.credentials.session_token));
    assert_false(opens(&root, "", a.credentials.session_token));
    xcy_temporary_clear(&a);
    xcy_temporary_clear(&b);
}

static void texts_that_are_no_tokens_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        ".",
                                        "XCYSANDBOXTOKEN",
                                        "XCYSANDBOXTOKEN.",
                                        "XCYSANDBOXTOKEN..",
                                        "XCYSANDBOXTOKEN.!!.00",
                                        "XCYSANDBOXTOKEN.QQ==."};
    char *longest = xcy_alloc(10001);
    memset(longest, 'A', 10000);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_false(opens(&root, "XCYSANDBOXTEMPA", texts[i]));
    }
    assert_false(opens(&root, "XCYSANDBOXTEMPA", longest));
    free(longest);
}

static void a_web_identity_is_of_one_sandbox(void **state)
{
    (void)state;
    char *token = xcy_web_identity_make(&root);
    assert_true(xcy_web_identity_is_right(&root, token));
    assert_false(xcy_web_identity_is_right(&other, token));
    assert_false(xcy_web_identity_is_right(&root, XCY_SANDBOX_TOKEN));
    assert_false(xcy_web_identity_is_right(&root, ""));
    assert_memory_equal(token, XCY_SANDBOX_TOKEN, strlen(XCY_SANDBOX_TOKEN));
    xcy_free_secret(&token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_made_is_opened_again_with_its_secret),
        cmocka_unit_test(a_token_with_any_byte_changed_is_nobodys),
        cmocka_unit_test(a_token_is_for_its_key_and_sandbox_only),
        cmocka_unit_test(texts_that_are_no_tokens_are_refused),
        cmocka_unit_test(a_web_identity_is_of_one_sandbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
