#include "sandbox/services/evaluation_damage.h"

#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/data/utf8.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static const char body[] = "{\"i\":7,\"ok\":true,\"xcy\":{\"run\":\"\xc3\xa9t\xc3\xa9\",\"points\":"
                           "{\"seen\":5}},\"none\":null,\"list\":[1]}";
enum { N_FIELDS = 7, N_WAYS = 5 };

static void each_way_comes_once_before_they_begin_anew(void **state)
{
    (void)state;
    size_t n = xcy_evaluation_damages(body);
    struct xcy_evaluation_damage *all = xcy_alloc_array(n, sizeof *all);
    for (size_t i = 0; i < n; i++) {
        xcy_evaluation_damage(body, i, &all[i]);
        assert_string_not_equal(all[i].text, body);
        for (size_t earlier = 0; earlier < i; earlier++) {
            assert_string_not_equal(all[earlier].name, all[i].name);
            assert_string_not_equal(all[earlier].text, all[i].text);
        }
    }
    struct xcy_evaluation_damage again;
    xcy_evaluation_damage(body, n + 3, &again);
    assert_string_equal(again.name, all[3].name);
    assert_string_equal(again.text, all[3].text);
    xcy_evaluation_damage_clear(&again);
    for (size_t i = 0; i < n; i++) {
        xcy_evaluation_damage_clear(&all[i]);
    }
    free(all);
}

static void each_field_is_damaged_in_each_way_and_nothing_else_is(void **state)
{
    static const char *const paths[N_FIELDS] = {"i",          "ok",   "xcy", "xcy.run",
                                                "xcy.points", "none", "list"};
    (void)state;
    char names[1024] = "";
    size_t n = xcy_evaluation_damages(body);
    size_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        struct xcy_evaluation_damage damage;
        xcy_evaluation_damage(body, i, &damage);
        if (strncmp(damage.name, "missing ", 8) == 0) {
            strncat(names, damage.name + 8, sizeof names - strlen(names) - 1);
            strncat(names, " ", sizeof names - strlen(names) - 1);
            n_missing++;
        }
        if (strcmp(damage.name, "huge xcy.points.seen") == 0) {
            assert_string_equal(damage.text,
                                "{\"i\":7,\"ok\":true,\"xcy\":{\"run\":\"\xc3\xa9t\xc3\xa9\","
                                "\"points\":{\"seen\":1e+300}},\"none\":null,\"list\":[1]}");
        }
        if (strcmp(damage.name, "missing xcy.run") == 0) {
            assert_string_equal(damage.text,
                                "{\"i\":7,\"ok\":true,\"xcy\":{\"points\":{\"seen\":5}}"
                                ",\"none\":null,\"list\":[1]}");
        }
        xcy_evaluation_damage_clear(&damage);
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        assert_non_null(strstr(names, paths[i]));
    }
    assert_non_null(strstr(names, "xcy.points.seen "));
    assert_int_equal(n_missing, N_FIELDS + 1);
}

static bool can_be_sent(const char *text)
{
    struct xcy_bytes all = xcy_bytes_of(text);
    for (size_t at = 0; at < all.len;) {
        uint32_t code;
        size_t n = xcy_utf8_read(all, at, &code);
        if (n == 0 || code < 0x20) {
            return false;
        }
        at += n;
    }
    return all.len > 0;
}

static void every_damaged_text_is_one_that_sqs_carries(void **state)
{
    static const char *const bodies[] = {body, "{}",     "\xc3\xa9", "\xc3\xa9\xc3\xa9\xc3\xa9",
                                         "7",  "{\"a\"", "[1,2]"};
    (void)state;
    for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++) {
        for (size_t i = 0; i < xcy_evaluation_damages(bodies[b]); i++) {
            struct xcy_evaluation_damage damage;
            xcy_evaluation_damage(bodies[b], i, &damage);
            if (!can_be_sent(damage.text)) {
                fail_msg("%s: %s", damage.name, damage.text);
            }
            xcy_evaluation_damage_clear(&damage);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_comes_once_before_they_begin_anew),
        cmocka_unit_test(each_field_is_damaged_in_each_way_and_nothing_else_is),
        cmocka_unit_test(every_damaged_text_is_one_that_sqs_carries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
