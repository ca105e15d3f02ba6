#include "loadgen/judge/objective.h"

#include "common/stats/proportion.h"
#include "loadgen/judge/comparison.h"
#include "loadgen/judge/metric.h"
#include "loadgen/judge/sample.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { VALUE_BYTES = 48 };

static const double confidence = 0.95;

const char *const xcy_objective_state_names[] = {"met", "missed", "unknown", NULL};

static enum xcy_objective_state state_of(const struct xcy_objective *o, double found)
{
    bool holds = xcy_comparison_holds((enum xcy_comparison)o->op, found, o->value);
    return holds ? XCY_OBJECTIVE_MET : XCY_OBJECTIVE_MISSED;
}

static const struct scale {
    double at_least;
    double factor;
    const char *unit;
} scales[] = {{1e9, 1e9, " s"}, {1e6, 1e6, " ms"}, {1e3, 1e3, " us"}, {0, 1, " ns"}};

static const struct scale *scale_of(double ns)
{
    size_t i = 0;
    while (ns < scales[i].at_least) {
        i++;
    }
    return &scales[i];
}

/* With four digits, or as many as it takes to see on which side of the bound it lies. */
static void format_value(const struct xcy_objective *o, double value, const struct scale *scale,
                         char to[VALUE_BYTES])
{
    for (int digits = 4; digits <= 12; digits += 4) {
        double shown = value / scale->factor;
        int n = shown < pow(10, digits) ? digits : digits + 4;
        snprintf(to, VALUE_BYTES, "%.*g%s", n, shown, scale->unit);
        if (state_of(o, strtod(to, NULL) * scale->factor) == state_of(o, value)) {
            return;
        }
    }
}

static void format_duration(const struct xcy_objective *o, double ns, char to[VALUE_BYTES])
{
    if (isinf(ns)) {
        snprintf(to, VALUE_BYTES, "longer than can be recorded");
        return;
    }
    format_value(o, ns, scale_of(ns), to);
}

static void add_interval(const struct xcy_objective *o, struct xcy_interval i,
                         struct xcy_buf *words)
{
    char low[VALUE_BYTES];
    char high[VALUE_BYTES];
    format_duration(o, i.low, low);
    format_duration(o, i.high, high);
    if (i.low > 0 && !isinf(i.high)) {
        xcy_buf_addf(words, "95%% CI %s..%s", low, high);
    } else if (i.low > 0) {
        xcy_buf_addf(words, "95%% CI from %s", low);
    } else if (!isinf(i.high)) {
        xcy_buf_addf(words, "95%% CI up to %s", high);
    } else {
        xcy_buf_addf(words, "no 95%% CI");
    }
}

/* Fewer values than the percentile needs: only the interval can tell. */
static enum xcy_objective_state judge_few(const struct xcy_objective *o, const struct xcy_sample *s,
                                          struct xcy_buf *words)
{
    struct xcy_interval i = xcy_sample_interval(s, o->percentile);
    if (words) {
        xcy_buf_addf(words, "%" PRId64 " value%s: too few for p%g, which needs %" PRId64 " (", s->n,
                     s->n == 1 ? "" : "s", o->percentile, xcy_percentile_needs(o->percentile));
        add_interval(o, i, words);
        xcy_buf_add_char(words, ')');
    }
    enum xcy_objective_state low = state_of(o, i.low);
    return low == state_of(o, i.high) ? low : XCY_OBJECTIVE_UNKNOWN;
}

static enum xcy_objective_state judge_percentile(const struct xcy_objective *o,
                                                 const struct xcy_sample *s, struct xcy_buf *words)
{
    if (!xcy_sample_has_percentile(s, o->percentile)) {
        return judge_few(o, s, words);
    }
    double found = xcy_sample_percentile(s, o->percentile);
    if (words) {
        char text[VALUE_BYTES];
        format_duration(o, found, text);
        xcy_buf_addf(words, "%s (", text);
        add_interval(o, xcy_sample_interval(s, o->percentile), words);
        xcy_buf_add_char(words, ')');
    }
    return state_of(o, found);
}

static enum xcy_objective_state judge_duration(const struct xcy_objective *o,
                                               const struct xcy_tally *total, struct xcy_buf *words)
{
    typedef double exact_fn(const struct xcy_sample *);
    static exact_fn *const exact[XCY_N_STATISTICS] = {
        [XCY_STATISTIC_MIN] = xcy_sample_min,
        [XCY_STATISTIC_MEAN] = xcy_sample_mean,
        [XCY_STATISTIC_MAX] = xcy_sample_max,
    };
    struct xcy_sample s = xcy_sample_of(xcy_metric_hist(o->metric, total));
    if (s.n == 0) {
        if (words) {
            xcy_buf_add_text(words, "unknown, no request was measured that could tell");
        }
        return XCY_OBJECTIVE_UNKNOWN;
    }
    if (o->statistic == XCY_STATISTIC_PERCENTILE) {
        return judge_percentile(o, &s, words);
    }
    double found = exact[o->statistic](&s);
    if (words) {
        char text[VALUE_BYTES];
        format_duration(o, found, text);
        xcy_buf_addf(words, "%s (of %" PRId64 ")", text, s.n);
    }
    return state_of(o, found);
}

/* With two digits of it, or of what is missing to all. */
static void format_percent(double share, char to[VALUE_BYTES])
{
    double percent = share * 100;
    double missing = 100 - percent;
    if (percent <= 50 || missing <= 0) {
        snprintf(to, VALUE_BYTES, "%.*g", percent <= 50 ? 2 : 3, percent);
        return;
    }
    int decimals = 1 - (int)floor(log10(missing));
    snprintf(to, VALUE_BYTES, "%.*f", decimals > 0 ? decimals : 0, percent);
}

/* Late ones may still be in flight, and retries be several a slot: such are no part of the slots. */
static void add_share(const struct xcy_objective *o, int64_t events, int64_t slots,
                      struct xcy_buf *words)
{
    static const struct scale percent = {0, 0.01, "%"};
    char text[VALUE_BYTES];
    char low[VALUE_BYTES];
    char high[VALUE_BYTES];
    if (events > 0) {
        format_value(o, (double)events / (double)slots, &percent, text);
        xcy_buf_addf(words, ", %s", text);
    }
    if (events > slots) {
        return;
    }
    struct xcy_interval i = xcy_clopper_pearson(events, slots, confidence);
    format_percent(i.low, low);
    format_percent(i.high, high);
    if (events == 0) {
        xcy_buf_addf(words, " (95%% CI up to %s%%)", high);
    } else if (events == slots) {
        xcy_buf_addf(words, " (95%% CI from %s%%)", low);
    } else {
        xcy_buf_addf(words, " (95%% CI %s..%s%%)", low, high);
    }
}

static enum xcy_objective_state judge_count(const struct xcy_objective *o,
                                            const struct xcy_tally *total, struct xcy_buf *words)
{
    int64_t slots = xcy_counts_slots(&total->measured);
    int64_t events = xcy_metric_count(o->metric, &total->measured);
    if (slots == 0) {
        if (words) {
            xcy_buf_add_text(words, "unknown, no measured slot has ended");
        }
        return XCY_OBJECTIVE_UNKNOWN;
    }
    if (words) {
        xcy_buf_addf(words, "%" PRId64 " of %" PRId64, events, slots);
    }
    if (words && o->is_share) {
        add_share(o, events, slots, words);
    }
    return state_of(o, o->is_share ? (double)events / (double)slots : (double)events);
}

static enum xcy_objective_state judge_rate(const struct xcy_objective *o,
                                           const struct xcy_tally *total, struct xcy_buf *words)
{
    static const struct scale per_second = {0, 1, "/s"};
    double found = 0;
    if (!xcy_metric_rate(o->metric, total, &found)) {
        if (words) {
            xcy_buf_add_text(words, "unknown, too few requests were measured");
        }
        return XCY_OBJECTIVE_UNKNOWN;
    }
    if (words) {
        char text[VALUE_BYTES];
        format_value(o, found, &per_second, text);
        xcy_buf_add_text(words, text);
    }
    return state_of(o, found);
}

enum xcy_objective_state xcy_objective_judge(const struct xcy_objective *objective,
                                             const struct xcy_tally *total, struct xcy_buf *words)
{
    typedef enum xcy_objective_state judge_fn(const struct xcy_objective *,
                                              const struct xcy_tally *, struct xcy_buf *);
    static judge_fn *const judges[] = {
        [XCY_METRIC_DURATION] = judge_duration,
        [XCY_METRIC_COUNT] = judge_count,
        [XCY_METRIC_RATE] = judge_rate,
    };
    if (words) {
        xcy_buf_addf(words, "%s: ", objective->text);
    }
    return judges[xcy_metric_kind(objective->metric)](objective, total, words);
}

enum xcy_objective_state xcy_objectives_judge(const struct xcy_objectives *list,
                                              const struct xcy_tally *total,
                                              const struct xcy_objective **first)
{
    const struct xcy_objective *found = NULL;
    enum xcy_objective_state worst = XCY_OBJECTIVE_MET;
    for (size_t i = 0; i < list->n && worst != XCY_OBJECTIVE_MISSED; i++) {
        enum xcy_objective_state state = xcy_objective_judge(&list->items[i], total, NULL);
        if (state == XCY_OBJECTIVE_MISSED || (state != worst && worst == XCY_OBJECTIVE_MET)) {
            worst = state;
            found = &list->items[i];
        }
    }
    if (first) {
        *first = found;
    }
    return worst;
}

int64_t xcy_objectives_need(const struct xcy_objectives *list)
{
    int64_t need = 1;
    for (size_t i = 0; i < list->n; i++) {
        const struct xcy_objective *o = &list->items[i];
        bool is_percentile = xcy_metric_kind(o->metric) == XCY_METRIC_DURATION &&
                             o->statistic == XCY_STATISTIC_PERCENTILE;
        int64_t needs = is_percentile ? xcy_percentile_needs(o->percentile) : 1;
        need = needs > need ? needs : need;
    }
    return need;
}

bool xcy_objectives_bound_failures(const struct xcy_objectives *list)
{
    size_t failed = xcy_metric_find("failed");
    size_t ok = xcy_metric_find(xcy_outcome_names[XCY_OUTCOME_OK]);
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].metric == failed || list->items[i].metric == ok) {
            return true;
        }
    }
    return false;
}
