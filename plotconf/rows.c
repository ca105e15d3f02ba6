#include "plotconf/rows.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

static const double confidence = 0.95;

void xcy_row_put(struct xcy_json *row, const char *prefix, const char *name, double value)
{
    char *key = xcy_format("%s_%s", prefix, name);
    xcy_json_put_number(row, key, value);
    free(key);
}

void xcy_pooled_add(struct xcy_pooled *share, int64_t events, int64_t n)
{
    share->events += events;
    share->n += n;
    share->wilson = xcy_wilson(share->events, share->n, confidence);
    share->exact = xcy_clopper_pearson(share->events, share->n, confidence);
}

double xcy_pooled_value(const struct xcy_pooled *share)
{
    return share->n > 0 ? (double)share->events / (double)share->n : NAN;
}

void xcy_pooled_put(const struct xcy_pooled *share, struct xcy_json *row)
{
    bool has = share->n > 0;
    xcy_json_put_int64(row, "events", share->events);
    xcy_json_put_int64(row, "n", share->n);
    xcy_json_put_number(row, "share", xcy_pooled_value(share));
    xcy_json_put_number(row, "wilson95_low", has ? share->wilson.low : NAN);
    xcy_json_put_number(row, "wilson95_high", has ? share->wilson.high : NAN);
    xcy_json_put_number(row, "clopper_pearson95_low", has ? share->exact.low : NAN);
    xcy_json_put_number(row, "clopper_pearson95_high", has ? share->exact.high : NAN);
}

void xcy_pooled_print(const struct xcy_pooled *share, struct xcy_table *table)
{
    if (share->n == 0) {
        xcy_table_add_cell(table, "not known");
        xcy_table_add_cell(table, "%s", "");
        xcy_table_add_cell(table, "%s", "");
        return;
    }
    xcy_table_add_cell(table, "%lld of %lld", (long long)share->events, (long long)share->n);
    xcy_table_add_cell(table, "%.3g %%", xcy_pooled_value(share) * 100);
    xcy_table_add_cell(table, "%.3g..%.3g %%", share->exact.low * 100, share->exact.high * 100);
}
