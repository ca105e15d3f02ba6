#include "tests/support/unit.h"

#include "common/cli/bound.h"
#include "common/cli/table.h"

#include <math.h>

static void a_bound_says_which_ends_it_has_and_is_rounded_outwards(void **state)
{
    (void)state;
    static const struct {
        double low;
        double high;
        const char *text;
    } cases[] = {{-51.04, 2.06, "+2.1/-51.1"},
                 {-5.1, 0.001, "+0.1/-5.1"},
                 {0, 0, "+0.0/-0.0"},
                 {10.06, 90.04, "+90.1/+10.0"},
                 {-90.04, -10.06, "-10.0/-90.1"},
                 {-INFINITY, 2, "+2.0/unbounded below"},
                 {-51, INFINITY, "unbounded above/-51.0"},
                 {-INFINITY, INFINITY, "unbounded"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[XCY_BOUND_BYTES];
        xcy_bound_format(cases[i].low, cases[i].high, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void a_cell_has_the_same(void **state)
{
    (void)state;
    struct xcy_buf out;
    struct xcy_table *table = xcy_table_new("l");
    xcy_buf_init(&out, 1000);
    xcy_table_add_bound(table, -51.04, 2.06);
    xcy_table_format(table, &out);
    assert_string_equal(out.ptr, "+2.1/-51.1\n");
    xcy_buf_clear(&out);
    xcy_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_says_which_ends_it_has_and_is_rounded_outwards),
        cmocka_unit_test(a_cell_has_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
