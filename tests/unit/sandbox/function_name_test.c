#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "sandbox/services/function_name.h"

#include <stdlib.h>

static void function_names_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *parsed; /* name|region|qualifier; NULL: refused */
    } cases[] = {
        {"writer", "writer||"},
        {"writer:$LATEST", "writer||$LATEST"},
        {"123456789012:function:writer", "writer||"},
        {"arn:aws:lambda:us-east-1:123456789012:function:writer:3", "writer|us-east-1|3"},
        {"arn:aws:lambda:us-east-1:123456789012:function:writer", "writer|us-east-1|"},
        {"arn:aws:sns:us-east-1:123456789012:writer", NULL},
        {"writer:", NULL},
        {"", NULL},
        {"wri ter", NULL},
        {"a:b:c:d:e:f:g:h:i", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_function_name name;
        bool is_right = xcy_function_name_parse(cases[i].text, &name);
        assert_int_equal(is_right, cases[i].parsed != NULL);
        if (is_right) {
            char *parsed = xcy_format("%s|%s|%s", name.name, name.region, name.qualifier);
            assert_string_equal(parsed, cases[i].parsed);
            free(parsed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(function_names_are_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
