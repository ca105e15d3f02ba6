#include "tests/support/example.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/dkw.h"
#include "common/stats/fisher.h"
#include "common/stats/hist.h"
#include "common/stats/hodges_lehmann.h"
#include "common/stats/holm.h"
#include "common/stats/kruskal_wallis.h"
#include "common/stats/mann_whitney.h"
#include "common/stats/needed.h"
#include "common/stats/newcombe.h"
#include "common/stats/proportion.h"
#include "common/stats/quantile.h"
#include "common/stats/rounds.h"
#include "common/stats/tost.h"
#include "common/stats/turnbull.h"
#include "common/stats/welch.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static double number(const struct example *e, size_t argument)
{
    assert_int_equal(e->arguments[argument].n, 1);
    return e->arguments[argument].at[0];
}

static struct xcy_share share(const struct example *e, size_t argument)
{
    return (struct xcy_share){(int64_t)number(e, argument), (int64_t)number(e, argument + 1)};
}

static void assert_interval(const struct example *e, struct xcy_interval i)
{
    const double ends[] = {i.low, i.high};
    example_assert(e, ends, 2, NULL);
}

static void assert_number(const struct example *e, double value)
{
    example_assert(e, &value, 1, NULL);
}

static void do_wilson(const struct example *e)
{
    struct xcy_share s = share(e, 0);
    assert_interval(e, xcy_wilson(s.events, s.n, number(e, 2)));
}

static void do_clopper_pearson(const struct example *e)
{
    struct xcy_share s = share(e, 0);
    assert_interval(e, xcy_clopper_pearson(s.events, s.n, number(e, 2)));
}

static void do_newcombe(const struct example *e)
{
    assert_interval(e, xcy_newcombe(share(e, 0), share(e, 2), number(e, 4)));
}

static void do_fisher(const struct example *e)
{
    assert_number(e, xcy_fisher(share(e, 0), share(e, 2)));
}

static void do_quantile(const struct example *e)
{
    assert_number(e, xcy_quantile(e->arguments[0].at, e->arguments[0].n, number(e, 1)));
}

static void do_quantile_ranks(const struct example *e)
{
    struct xcy_quantile_interval i =
        xcy_quantile_ranks((size_t)number(e, 0), number(e, 1), number(e, 2));
    const double ranks[] = {(double)i.low_index + 1, (double)i.high_index + 1};
    example_assert(e, ranks, i.exists ? 2 : 0, i.exists ? NULL : "none");
}

static void do_rounds(const struct example *e)
{
    struct xcy_rounds r = xcy_rounds_of(e->arguments[0].at, e->arguments[0].n, number(e, 1));
    const double numbers[] = {r.mean, r.low, r.high};
    example_assert(e, numbers, 3, xcy_rounds_kind_names[r.kind]);
}

static void do_mann_whitney(const struct example *e)
{
    struct xcy_mann_whitney r = xcy_mann_whitney(e->arguments[0], e->arguments[1]);
    const double numbers[] = {r.u, r.p};
    example_assert(e, numbers, 2, r.is_exact ? "exact" : "normal");
}

static void do_hodges_lehmann(const struct example *e)
{
    struct xcy_hodges_lehmann r =
        xcy_hodges_lehmann(e->arguments[0], e->arguments[1], number(e, 2));
    const double numbers[] = {r.estimate.low, r.estimate.high, r.interval.low, r.interval.high};
    example_assert(e, numbers, 4, NULL);
}

static void do_welch(const struct example *e)
{
    struct xcy_welch w = xcy_welch(e->arguments[0], e->arguments[1], number(e, 2));
    const double numbers[] = {w.difference, w.interval.low, w.interval.high, w.p};
    example_assert(e, numbers, 4, NULL);
}

static void do_tost(const struct example *e)
{
    struct xcy_tost t =
        xcy_tost_welch(e->arguments[0], e->arguments[1], number(e, 2), number(e, 3));
    const double numbers[] = {t.log_ratio.low, t.log_ratio.high, t.p};
    example_assert(e, numbers, 3, xcy_tost_verdict_names[t.verdict]);
}

static void do_holm(const struct example *e)
{
    size_t n = e->arguments[0].n;
    double *adjusted = xcy_alloc_array(n, sizeof *adjusted);
    xcy_holm(e->arguments[0].at, n, adjusted);
    example_assert(e, adjusted, n, NULL);
    free(adjusted);
}

static void do_dkw_epsilon(const struct example *e)
{
    assert_number(e, xcy_dkw_epsilon((size_t)number(e, 0), number(e, 1)));
}

static void do_dkw_band(const struct example *e)
{
    assert_interval(e, xcy_dkw_band((size_t)number(e, 0), (size_t)number(e, 1), number(e, 2)));
}

/* Low ends, high ends, and a share. */
static void do_turnbull(const struct example *e)
{
    struct xcy_interval intervals[EXAMPLE_VALUES];
    assert_int_equal(e->arguments[0].n, e->arguments[1].n);
    for (size_t i = 0; i < e->arguments[0].n; i++) {
        intervals[i] = (struct xcy_interval){e->arguments[0].at[i], e->arguments[1].at[i]};
    }
    struct xcy_turnbull t;
    xcy_turnbull_init(&t, intervals, e->arguments[0].n);
    struct xcy_interval at = xcy_turnbull_quantile(&t, number(e, 2));
    xcy_turnbull_clear(&t);
    assert_interval(e, at);
}

static void do_kruskal_wallis(const struct example *e)
{
    struct xcy_kruskal_wallis r = xcy_kruskal_wallis(e->arguments, e->n_arguments);
    const double numbers[] = {r.h, r.freedom, r.p};
    example_assert(e, numbers, 3, NULL);
}

static void do_needed_for_quantile(const struct example *e)
{
    assert_number(e, (double)xcy_needed_for_quantile(number(e, 0), number(e, 1)));
}

static void do_needed_for_share(const struct example *e)
{
    int64_t n = xcy_needed_for_share((int64_t)number(e, 0), number(e, 1), number(e, 2));
    assert_number(e, (double)n);
}

static void do_needed_for_dkw(const struct example *e)
{
    assert_number(e, (double)xcy_needed_for_dkw(number(e, 0), number(e, 1)));
}

static void do_needed_rounds(const struct example *e)
{
    int64_t n = xcy_needed_rounds(xcy_moments_of(e->arguments[0]), xcy_moments_of(e->arguments[1]),
                                  number(e, 2), number(e, 3));
    assert_number(e, (double)n);
}

/* Values in ns, bits, and a percentage. */
static void do_hist_percentile(const struct example *e)
{
    struct xcy_hist *h = xcy_hist_new(INT64_C(1) << 40, (int)number(e, 1));
    for (size_t i = 0; i < e->arguments[0].n; i++) {
        assert_true(xcy_hist_add(h, (int64_t)e->arguments[0].at[i]));
    }
    double value = (double)xcy_hist_percentile(h, number(e, 2));
    xcy_hist_free(h);
    assert_number(e, value);
}

static const struct {
    const char *name;
    size_t n_arguments; /* 0: any */
    void (*check)(const struct example *e);
} examples[] = {
    {"wilson", 3, do_wilson},
    {"clopper_pearson", 3, do_clopper_pearson},
    {"newcombe", 5, do_newcombe},
    {"fisher", 4, do_fisher},
    {"quantile", 2, do_quantile},
    {"quantile_ranks", 3, do_quantile_ranks},
    {"rounds", 2, do_rounds},
    {"mann_whitney", 2, do_mann_whitney},
    {"hodges_lehmann", 3, do_hodges_lehmann},
    {"welch", 3, do_welch},
    {"tost", 4, do_tost},
    {"holm", 1, do_holm},
    {"dkw_epsilon", 2, do_dkw_epsilon},
    {"dkw_band", 3, do_dkw_band},
    {"turnbull", 3, do_turnbull},
    {"kruskal_wallis", 0, do_kruskal_wallis},
    {"needed_for_quantile", 2, do_needed_for_quantile},
    {"needed_for_share", 3, do_needed_for_share},
    {"needed_for_dkw", 2, do_needed_for_dkw},
    {"needed_rounds", 4, do_needed_rounds},
    {"hist_percentile", 3, do_hist_percentile},
};
enum { N_EXAMPLES = sizeof examples / sizeof examples[0] };

static void check(const struct example *e, size_t *n_used)
{
    for (size_t i = 0; i < N_EXAMPLES; i++) {
        if (strcmp(examples[i].name, e->name) == 0) {
            assert_true(examples[i].n_arguments == 0 || examples[i].n_arguments == e->n_arguments);
            examples[i].check(e);
            n_used[i]++;
            return;
        }
    }
    fail_msg("%s:%d: nothing is called %s", e->page, e->line, e->name);
}

static void check_page(const char *path, size_t *n_used)
{
    FILE *page = fopen(path, "r");
    assert_non_null(page);
    struct example e = {.page = path};
    size_t n = 0;
    while (example_next(&e, page)) {
        check(&e, n_used);
        n++;
    }
    fclose(page);
    /* The index and the table of the simulation show no example. */
    bool has_none = strstr(path, "/README.md") || strstr(path, "/coverage.md");
    if ((n == 0) != has_none) {
        fail_msg("%s has %zu examples", path, n);
    }
}

static void the_numbers_of_each_page_are_what_the_functions_give(void **state)
{
    (void)state;
    size_t n_used[N_EXAMPLES] = {0};
    glob_t pages;
    const char *pattern = "../../../docs/statistics/*.md";
    int code = glob(pattern, 0, NULL, &pages); /* NOLINT(concurrency-mt-unsafe): one thread */
    assert_int_equal(code, 0);
    for (size_t i = 0; i < pages.gl_pathc; i++) {
        check_page(pages.gl_pathv[i], n_used);
    }
    globfree(&pages);
    for (size_t i = 0; i < N_EXAMPLES; i++) {
        if (n_used[i] == 0) {
            fail_msg("no page has an example of %s", examples[i].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_of_each_page_are_what_the_functions_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
