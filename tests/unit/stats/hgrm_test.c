#include "common/stats/hgrm.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static const int64_t ms_ns = 1000000;

/*
 * Of the values i * i * 1000 for i = 1 .. 40, and 123456789. Made by this Python, which follows
 * HdrHistogram_c's iterator (levels by adding up steps) rather than ours:
 *
 *   v = [i * i * 1000 for i in range(1, 41)] + [123456789]; n = len(v); top = max(v)
 *   def bounds(x): s = max(0, x.bit_length() - 9); lo = x >> s << s; return lo, lo + (1 << s) - 1
 *   c = sorted(Counter(map(bounds, v)).items()); level = 0.0; seen = 0
 *   for (lo, hi), k in c:
 *       seen += k
 *       while level <= 100.0 * seen / n:
 *           print("%12.6f %12f %12d %12.2f" % (min(hi, top) / 1e6, level / 100, seen,
 *                                              1 / (1 - level / 100)))
 *           level += 100.0 / (5 * 2 ** (int(log(100 / (100.0 - level)) / log(2)) + 1))
 *           if seen == n: break
 *   mean = sum(v) / n
 *   deviation = sqrt(sum(((lo + (hi - lo) / 2) - mean) ** 2 * k for (lo, hi), k in c) / n)
 *   buckets = 1 + how often 512 must be doubled to pass 2 ** 47
 */
static const char squares[] = "       Value   Percentile   TotalCount 1/(1-Percentile)\n"
                              "\n"
                              "    0.001001     0.000000            1         1.00\n"
                              "    0.025023     0.100000            5         1.11\n"
                              "    0.081151     0.200000            9         1.25\n"
                              "    0.169471     0.300000           13         1.43\n"
                              "    0.289791     0.400000           17         1.67\n"
                              "    0.441343     0.500000           21         2.00\n"
                              "    0.530431     0.550000           23         2.22\n"
                              "    0.626687     0.600000           25         2.50\n"
                              "    0.729087     0.650000           27         2.86\n"
                              "    0.841727     0.700000           29         3.33\n"
                              "    0.962559     0.750000           31         4.00\n"
                              "    1.026047     0.775000           32         4.44\n"
                              "    1.089535     0.800000           33         5.00\n"
                              "    1.159167     0.825000           34         5.71\n"
                              "    1.228799     0.850000           35         6.67\n"
                              "    1.298431     0.875000           36         8.00\n"
                              "    1.372159     0.887500           37         8.89\n"
                              "    1.372159     0.900000           37        10.00\n"
                              "    1.445887     0.912500           38        11.43\n"
                              "    1.445887     0.925000           38        13.33\n"
                              "    1.523711     0.937500           39        16.00\n"
                              "    1.523711     0.943750           39        17.78\n"
                              "    1.523711     0.950000           39        20.00\n"
                              "    1.601535     0.956250           40        22.86\n"
                              "    1.601535     0.962500           40        26.67\n"
                              "    1.601535     0.968750           40        32.00\n"
                              "    1.601535     0.971875           40        35.56\n"
                              "    1.601535     0.975000           40        40.00\n"
                              "  123.456789     0.978125           41        45.71\n"
                              "  123.456789     1.000000           41          inf\n"
                              "#[Mean    =     3.551141, StdDeviation   =    18.946655]\n"
                              "#[Max     =   123.456789, Total count    =           41]\n"
                              "#[Buckets =           40, SubBuckets     =          512]\n";

static struct xcy_hist *hist_new(void)
{
    return xcy_hist_new(INT64_C(1) << 47, 8);
}

static char *format(const struct xcy_hist *h)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 20);
    xcy_hgrm_format(h, ms_ns, &out);
    assert_false(out.overflowed);
    return xcy_buf_take(&out);
}

static void the_text_is_what_hdr_histogram_prints(void **state)
{
    (void)state;
    struct xcy_hist *h = hist_new();
    for (int64_t i = 1; i <= 40; i++) {
        assert_true(xcy_hist_add(h, i * i * 1000));
    }
    assert_true(xcy_hist_add(h, 123456789));
    char *text = format(h);
    assert_string_equal(text, squares);
    free(text);
    xcy_hist_free(h);
}

static void one_value_is_one_level_and_the_end(void **state)
{
    (void)state;
    struct xcy_hist *h = hist_new();
    assert_true(xcy_hist_add(h, 2 * ms_ns));
    char *text = format(h);
    assert_non_null(strstr(text, "\n\n    2.000000     0.000000            1         1.00\n"
                                 "    2.000000     1.000000            1          inf\n#[Mean"));
    free(text);
    xcy_hist_free(h);
}

static void an_empty_one_has_its_head_and_its_sums(void **state)
{
    (void)state;
    struct xcy_hist *h = hist_new();
    char *text = format(h);
    assert_string_equal(text, "       Value   Percentile   TotalCount 1/(1-Percentile)\n\n"
                              "#[Mean    =     0.000000, StdDeviation   =     0.000000]\n"
                              "#[Max     =     0.000000, Total count    =            0]\n"
                              "#[Buckets =           40, SubBuckets     =          512]\n");
    free(text);
    xcy_hist_free(h);
}

/* All but one of 2^20 lie below: levels go on while the share above them is 2^-20 or more, which are 5
 * for each of 20 halvings and 1; then one for the last value, and the end. */
static void levels_go_on_as_far_as_the_counts_do(void **state)
{
    (void)state;
    struct xcy_hist *h = hist_new();
    assert_true(xcy_hist_add_count(h, 0, (1 << 20) - 1));
    assert_true(xcy_hist_add(h, ms_ns));
    char *text = format(h);
    size_t n_lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        n_lines++;
    }
    assert_int_equal(n_lines, 2 + 5 * 20 + 1 + 1 + 1 + 3);
    assert_non_null(strstr(text, "    0.000000     0.999999      1048575   1048576.00\n"
                                 "    1.000000     0.999999      1048576   1165084.44\n"));
    free(text);
    xcy_hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_what_hdr_histogram_prints),
        cmocka_unit_test(one_value_is_one_level_and_the_end),
        cmocka_unit_test(an_empty_one_has_its_head_and_its_sums),
        cmocka_unit_test(levels_go_on_as_far_as_the_counts_do),
    };
    return cmocka_run_group_tests_name("hgrm", tests, NULL, NULL);
}
