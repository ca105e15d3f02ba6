#include "analyzers/ms_grid.h"
#include "analyzers/summary_json.h"
#include "analyzers/windows/windows.h"

#include <math.h>

enum { MOST_TIMES = 200 };

static const double us_per_ms = 1e3;

static void put_windows(struct xcy_json *o, const struct xcy_distribution *d)
{
    struct xcy_window_kinds kinds = xcy_window_kinds_of(d);
    xcy_json_put_int64(o, "n", xcy_distribution_size(d));
    xcy_json_put_int64(o, "n_left_censored", kinds.left);
    xcy_json_put_int64(o, "n_interval", kinds.interval);
    xcy_json_put_int64(o, "n_right_censored", kinds.right);
    struct xcy_json *percentiles = xcy_json_put_object(o, "percentiles");
    for (size_t p = 0; p < XCY_N_PERCENTILES; p++) {
        struct xcy_estimate e = xcy_estimate_of(d, xcy_percentiles[p]);
        xcy_json_put_estimate(percentiles, xcy_percentiles[p], &e);
    }
}

static void put_likeliest(struct xcy_json *point, const struct xcy_turnbull *likeliest,
                          double at_us)
{
    struct xcy_interval share =
        likeliest ? xcy_turnbull_at_most(likeliest, at_us) : (struct xcy_interval){NAN, NAN};
    xcy_json_put_number(point, "likeliest_low", share.low);
    xcy_json_put_number(point, "likeliest_high", share.high);
}

static void put_within(struct xcy_json *o, const struct xcy_windows_group *g)
{
    const struct xcy_distribution *d = &g->windows;
    int64_t grid[MOST_TIMES];
    size_t n = xcy_ms_grid(XCY_MS_FINE, xcy_within_last_us(d) / us_per_ms, grid, MOST_TIMES);
    struct xcy_json *all = xcy_json_put_array(o, "within");
    for (size_t i = 0; i < n; i++) {
        struct xcy_within w = xcy_within_at(d, grid[i] * (int64_t)us_per_ms, XCY_CONFIDENCE);
        struct xcy_json *point = xcy_json_append_object(all);
        xcy_json_put_int64(point, "at_ms", grid[i]);
        xcy_json_put_number(point, "share_low", w.polling.low);
        xcy_json_put_number(point, "share_high", w.polling.high);
        xcy_json_put_number(point, "clock_share_low", w.clocks.low);
        xcy_json_put_number(point, "clock_share_high", w.clocks.high);
        xcy_json_put_number(point, "band95_low", w.band.low);
        xcy_json_put_number(point, "band95_high", w.band.high);
        put_likeliest(point, g->likeliest, (double)grid[i] * us_per_ms);
    }
}

static void put_rounds(struct xcy_json *o, const struct xcy_windows_group *g)
{
    struct xcy_json *all = xcy_json_put_array(o, "rounds");
    for (size_t i = 0; i < g->n_rounds; i++) {
        struct xcy_json *round = xcy_json_append_object(all);
        xcy_json_put_string(round, "path", g->rounds[i]->evidence.path);
        put_windows(round, xcy_windows_of(g->rounds[i]));
        xcy_json_put_timeline(round, g->rounds[i]);
    }
}

static void put_between(struct xcy_json *o, const struct xcy_windows_group *g)
{
    struct xcy_json *between = xcy_json_put_object(o, "between_rounds");
    xcy_json_put_bool(between, "is_compared", g->between.is_tested);
    xcy_json_put_bool(between, "differ", xcy_windows_differ(g));
    xcy_json_put_number(between, "p", g->between.p);
    xcy_json_put_ms(between, "least_p50_ms", g->between.least);
    xcy_json_put_ms(between, "most_p50_ms", g->between.most);
    xcy_json_put_number(between, "inconsistent_p", g->between_missed.p);
    xcy_json_put_ms(between, "inconsistent_least_p50_ms", g->between_missed.least);
    xcy_json_put_ms(between, "inconsistent_most_p50_ms", g->between_missed.most);
}

struct xcy_json *xcy_windows_to_json(const struct xcy_windows *windows)
{
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *groups = xcy_json_put_array(root, "groups");
    for (size_t i = 0; i < windows->n; i++) {
        const struct xcy_windows_group *g = &windows->groups[i];
        struct xcy_json *o = xcy_json_append_object(groups);
        xcy_json_put(o, "combination", xcy_combination_to_json(g->combination));
        xcy_json_put_int64(o, "unknown", g->unknown);
        put_windows(o, &g->windows);
        put_within(o, g);
        put_between(o, g);
        put_rounds(o, g);
    }
    return root;
}
