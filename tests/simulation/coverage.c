/* coverage - prints the table of docs/statistics/coverage.md; exit 1 when a method is right less
 * often than it claims. */

#include "tests/simulation/simulation.h"

#include <math.h>
#include <stdio.h>

/* Of a binomial: a correct method fails a check about once in 16 000 times; the seeds are fixed. */
enum { STANDARD_ERRORS = 4 };

static double allowance(double share, int runs)
{
    return STANDARD_ERRORS * sqrt(share * (1 - share) / runs);
}

static const char *check_of(const struct simulation *s)
{
    if (isnan(s->enumerated)) {
        return s->is_at_least ? "at least claimed" : "stated";
    }
    return s->is_at_least ? "at least claimed, as enumerated" : "as enumerated";
}

static void format_share(double share, char to[16])
{
    to[0] = '\0';
    if (!isnan(share)) {
        snprintf(to, 16, "%.2f %%", 100 * share);
    }
}

bool simulation_report(const struct simulation *s)
{
    double share = (double)s->right / s->runs;
    char claimed[16];
    char enumerated[16];
    format_share(s->claimed, claimed);
    format_share(s->enumerated, enumerated);
    printf("| %s | %s | %s | %s | %.2f %% | %d | %s |\n", s->method, s->data, claimed, enumerated,
           100 * share, s->runs, check_of(s));
    bool is_short = s->is_at_least && share < s->claimed - allowance(s->claimed, s->runs);
    bool is_other = fabs(share - s->enumerated) > allowance(s->enumerated, s->runs);
    if (is_short || is_other) {
        fprintf(stderr, "%s, %s: right in %d of %d runs\n", s->method, s->data, s->right, s->runs);
    }
    return !is_short && !is_other;
}

/* z(0.99) = 2.326..: the logarithm of this lognormal has deviation 1. */
double simulation_normal(struct xcy_stream *stream)
{
    return log(xcy_stream_lognormal(stream, 1, exp(2.3263478740408408)));
}

int main(void)
{
    printf("| method | data | claimed | enumerated | right | runs | checked |\n"
           "| --- | --- | --- | --- | --- | --- | --- |\n");
    int n_failed = simulate_shares() + simulate_samples() + simulate_rounds();
    return n_failed == 0 ? 0 : 1;
}
