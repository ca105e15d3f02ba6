#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/data/number.h"
#include "loadgen/judge/comparison.h"
#include "loadgen/judge/metric.h"
#include "loadgen/judge/objective.h"
#include "loadgen/judge/unit.h"

#include <stdlib.h>

#define EXAMPLE "response.p99<50ms"

enum { NAME_BYTES = 64 };

/* A piece of the option's value that is looked at, for messages. */
struct part {
    const char *option;
    const char *text;
};

/* Of one that is too long only the beginning, for messages. */
static void copy_name(char to[NAME_BYTES], struct xcy_bytes name)
{
    size_t n = name.len < NAME_BYTES - 1 ? name.len : NAME_BYTES - 1;
    memcpy(to, name.ptr, n);
    to[n] = '\0';
}

static enum xcy_status fail_metric(const struct part *part, const char *name, const char *dot,
                                   struct xcy_error *err)
{
    const char *names[XCY_N_METRICS];
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        names[i] = xcy_metric_name(i);
    }
    const char *nearest = xcy_nearest(name, names, XCY_N_METRICS);
    if (!nearest) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: no metric is called '%s%s'; there are response, service, lag and "
                        "start_lag with .p99, .min, .mean or .max, and failed, ok, skipped, late, "
                        "retries, rate, throughput, and outcomes such as throttled",
                        part->option, name, dot);
    }
    bool is_duration = xcy_metric_kind(xcy_metric_find(nearest)) == XCY_METRIC_DURATION;
    const char *none = is_duration ? ".p99" : "";
    return xcy_fail(err, XCY_EUSAGE, "%s: no metric is called '%s%s' (did you mean '%s%s'?)",
                    part->option, name, dot, nearest, is_duration && dot[0] ? dot : none);
}

/* Of the text after "p". */
static enum xcy_status parse_percentile(const struct part *part, const char *text,
                                        struct xcy_objective *o, struct xcy_error *err)
{
    double percentile = 0;
    bool is_number = text[strspn(text, ".0123456789")] == '\0' &&
                     xcy_double_parse(xcy_bytes_of(text), &percentile);
    if (!is_number || !(percentile > 0 && percentile < 100)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: in '%.200s' the percentile 'p%s' must lie between p0 and p100, such "
                        "as p99 or p99.9; the ends are called min and max",
                        part->option, part->text, text);
    }
    o->statistic = XCY_STATISTIC_PERCENTILE;
    o->percentile = percentile;
    return XCY_OK;
}

/* dot: what follows the metric's name, with the point; "" if nothing does. */
static enum xcy_status parse_statistic(const struct part *part, const char *dot,
                                       struct xcy_objective *o, struct xcy_error *err)
{
    const char *name = xcy_metric_name(o->metric);
    if (xcy_metric_kind(o->metric) != XCY_METRIC_DURATION) {
        return dot[0] == '\0'
                   ? XCY_OK
                   : xcy_fail(err, XCY_EUSAGE, "%s: '%s' is no duration: '%s' cannot follow it",
                              part->option, name, dot);
    }
    if (dot[0] == '.' && dot[1] == 'p') {
        return parse_percentile(part, dot + 2, o, err);
    }
    for (int s = XCY_STATISTIC_MIN; s < XCY_N_STATISTICS; s++) {
        if (dot[0] == '.' && strcmp(dot + 1, xcy_statistic_names[s]) == 0) {
            o->statistic = s;
            return XCY_OK;
        }
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "%s: in '%.200s' '%s' must be followed by .p99 (or another percentile), "
                    ".min, .mean or .max, got '%s'",
                    part->option, part->text, name, dot);
}

static enum xcy_status parse_metric(const struct part *part, struct xcy_bytes text,
                                    struct xcy_objective *o, struct xcy_error *err)
{
    char whole[NAME_BYTES];
    char name[NAME_BYTES];
    copy_name(whole, text);
    size_t name_len = strcspn(whole, ".");
    copy_name(name, xcy_bytes(whole, name_len));
    if (whole[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: '%.200s' does not say what is compared; right would be " EXAMPLE,
                        part->option, part->text);
    }
    o->metric = xcy_metric_find(name);
    if (o->metric == XCY_N_METRICS || text.len >= NAME_BYTES) {
        return fail_metric(part, name, whole + name_len, err);
    }
    return parse_statistic(part, whole + name_len, o, err);
}

static enum xcy_status parse_value(const struct part *part, struct xcy_bytes text,
                                   struct xcy_objective *o, struct xcy_error *err)
{
    struct xcy_quantity quantity;
    if (!xcy_unit_parse(o->metric, text, &quantity)) {
        return xcy_fail(err, XCY_EUSAGE, "%s: in '%.200s' the value must be %s, got '%.*s'",
                        part->option, part->text, xcy_unit_wanted(o->metric), (int)text.len,
                        text.ptr);
    }
    if (quantity.value <= 0 && o->op == XCY_BELOW) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: '%.200s' can never hold, nothing is below 0; right would be <= or a "
                        "larger value",
                        part->option, part->text);
    }
    o->value = quantity.value;
    o->is_share = quantity.is_share;
    return XCY_OK;
}

/* A comparison that is none of ours, or none at all. */
static enum xcy_status fail_comparison(const struct part *part, size_t sign_at,
                                       struct xcy_error *err)
{
    if (part->text[sign_at] == '\0') {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: '%.200s' compares nothing; right would be METRIC<VALUE, such "
                        "as " EXAMPLE,
                        part->option, part->text);
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "%s: in '%.200s' the comparison must be <, <=, > or >=, such as " EXAMPLE,
                    part->option, part->text);
}

static char *without_blanks(const char *text)
{
    char *copy = xcy_strdup(text);
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (!xcy_unit_is_blank(*p)) {
            copy[n++] = *p;
        }
    }
    copy[n] = '\0';
    return copy;
}

static enum xcy_status parse_one(const struct part *part, struct xcy_objective *objective,
                                 struct xcy_error *err)
{
    struct xcy_objective o = {0};
    size_t sign_at = strcspn(part->text, "<>=!~");
    enum xcy_comparison comparison = xcy_comparison_find(part->text + sign_at);
    if (comparison == XCY_N_COMPARISONS) {
        return fail_comparison(part, sign_at, err);
    }
    size_t sign_len = strlen(xcy_comparison_signs[comparison]);
    const char *value = part->text + sign_at + sign_len;
    if (value[0] != '\0' && strchr("<>=!~", value[0])) {
        return fail_comparison(part, sign_at, err);
    }
    o.op = (int)comparison;
    enum xcy_status status =
        parse_metric(part, xcy_unit_trim(xcy_bytes(part->text, sign_at)), &o, err);
    if (status == XCY_OK) {
        status = parse_value(part, xcy_unit_trim(xcy_bytes_of(value)), &o, err);
    }
    if (status == XCY_OK) {
        o.text = without_blanks(part->text);
        *objective = o;
    }
    return status;
}

static enum xcy_status parse_part(const char *option, struct xcy_bytes text, const char *whole,
                                  struct xcy_objectives *list, struct xcy_error *err)
{
    struct xcy_bytes inner = xcy_unit_trim(text);
    if (inner.len == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: an objective is missing in '%.200s'; right would be such "
                        "as " EXAMPLE ",failed<1%%",
                        option, whole);
    }
    char *copy = xcy_strndup(inner.ptr, inner.len);
    struct part part = {.option = option, .text = copy};
    struct xcy_objective objective;
    enum xcy_status status = parse_one(&part, &objective, err);
    if (status == XCY_OK) {
        list->items = xcy_realloc_array(list->items, list->n + 1, sizeof *list->items);
        list->items[list->n++] = objective;
    }
    free(copy);
    return status;
}

static void move_all(struct xcy_objectives *into, struct xcy_objectives *from)
{
    into->items = xcy_realloc_array(into->items, into->n + from->n, sizeof *into->items);
    for (size_t i = 0; i < from->n; i++) {
        into->items[into->n++] = from->items[i];
    }
    free(from->items);
}

enum xcy_status xcy_objectives_parse(const char *option, const char *text,
                                     struct xcy_objectives *list, struct xcy_error *err)
{
    struct xcy_objectives parsed = {0};
    const char *at = text;
    for (;;) {
        size_t n = strcspn(at, ",");
        enum xcy_status status = parse_part(option, xcy_bytes(at, n), text, &parsed, err);
        if (status != XCY_OK) {
            xcy_objectives_clear(&parsed);
            return status;
        }
        if (at[n] == '\0') {
            break;
        }
        at += n + 1;
    }
    move_all(list, &parsed);
    return XCY_OK;
}

void xcy_objectives_clear(struct xcy_objectives *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].text);
    }
    free(list->items);
    *list = (struct xcy_objectives){0};
}
