#include "analyzers/delay_report.h"

#include "analyzers/cells.h"
#include "analyzers/duration.h"
#include "analyzers/facts.h"
#include "analyzers/ms_grid.h"
#include "common/base/mem.h"
#include "common/cli/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const double xcy_delay_targets[XCY_N_DELAY_TARGETS] = {0.1, 0.01, 0.001, 0.0001};

static const double us_per_ms = 1e3;

static int64_t delay_ms(const struct xcy_summary *s)
{
    return s->evidence.manifest.combination.delay_ms;
}

static enum xcy_status check_pair(const struct xcy_summary *first, const struct xcy_summary *other,
                                  struct xcy_error *err)
{
    enum xcy_status status =
        xcy_facts_check_alike(&first->evidence, &other->evidence, 1U << XCY_FACT_DELAY_MS,
                              "a sweep varies the delay alone", err);
    if (status != XCY_OK) {
        return status;
    }
    if (delay_ms(other) < delay_ms(first)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: its delay of %lld ms is below that of %s; name the run with the least "
                        "delay first",
                        other->evidence.path, (long long)delay_ms(other), first->evidence.path);
    }
    return XCY_OK;
}

static void check_sweep(struct xcy_delay_report *r)
{
    for (size_t i = 0; i < r->n_sweep; i++) {
        const struct xcy_summary *s = r->sweep[i];
        struct xcy_delay_reads reads = xcy_delay_reads_of(&s->evidence);
        int64_t beyond_us = (delay_ms(s) - delay_ms(r->run)) * (int64_t)us_per_ms;
        r->checks[i] = xcy_delay_check(&r->curve, beyond_us, reads, r->n_sweep);
    }
}

enum xcy_status xcy_delay_report_make(const struct xcy_summary *runs, size_t n_runs,
                                      const double *targets, size_t n_targets,
                                      struct xcy_delay_report *report, struct xcy_error *err)
{
    struct xcy_delay_curve curve;
    enum xcy_status status = xcy_delay_curve_make(&runs[0].evidence, XCY_CONFIDENCE, &curve, err);
    for (size_t i = 1; status == XCY_OK && i < n_runs; i++) {
        status = check_pair(&runs[0], &runs[i], err);
    }
    if (status != XCY_OK) {
        return status;
    }
    *report = (struct xcy_delay_report){
        .run = &runs[0],
        .curve = curve,
        .needed = xcy_alloc_array(n_targets, sizeof *report->needed),
        .n_needed = n_targets,
        .sweep = xcy_alloc_array(n_runs, sizeof(const struct xcy_summary *)),
        .checks = xcy_alloc_array(n_runs, sizeof *report->checks),
        .n_sweep = n_runs - 1,
    };
    for (size_t i = 0; i < n_targets; i++) {
        report->needed[i] = xcy_delay_curve_needed(&curve, targets[i]);
    }
    for (size_t i = 0; i < report->n_sweep; i++) {
        report->sweep[i] = &runs[i + 1];
    }
    check_sweep(report);
    return XCY_OK;
}

void xcy_delay_report_clear(struct xcy_delay_report *report)
{
    free(report->needed);
    free((void *)report->sweep);
    free(report->checks);
    *report = (struct xcy_delay_report){.n_needed = 0};
}

size_t xcy_delay_report_disagreeing(const struct xcy_delay_report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_sweep; i++) {
        n += report->checks[i].agrees ? 0 : 1;
    }
    return n;
}

/* whose: " of the sweep", or "" of the curve's run. */
static void add_left_out(struct xcy_buf *out, const char *whose,
                         const struct xcy_delay_reads *reads)
{
    const struct {
        int64_t n;
        const char *why;
    } rows[] = {
        {reads->many_execs, "whose writer ran more than once, or may have: which of its posts was "
                            "read is not known"},
        {reads->untold, "that do not tell when they asked"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].n > 0) {
            xcy_buf_addf(out, "  left out%s: %lld reads %s\n", whose, (long long)rows[i].n,
                         rows[i].why);
        }
    }
}

static void print_head(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    char text[XCY_CELL_BYTES];
    const struct xcy_delay_curve *c = &r->curve;
    xcy_combination_describe(&r->run->evidence.manifest.combination, text);
    xcy_buf_addf(out,
                 "%s\n  %s\n  from %lld reads: %lld inconsistent, visibility polled for %lld of "
                 "these\n",
                 r->run->evidence.path, text, (long long)c->reads.share.n,
                 (long long)c->reads.share.events, (long long)c->polled);
    add_left_out(out, "", &c->reads);
    if (c->basis == XCY_DELAY_AT_ZERO) {
        xcy_visibility_format(&r->run->evidence.manifest.combination, text);
        xcy_buf_addf(out,
                     "  no inconsistent read was polled (visibility was %s, run.yml): what more "
                     "delay would hide is not known\n",
                     text);
    } else if (isfinite(c->defined_to_us)) {
        xcy_duration_format(c->defined_to_us, text);
        xcy_buf_addf(out,
                     "  beyond %s of delay (past the run's own) the upper end says nothing: polls "
                     "were given up\n",
                     text);
    }
    if (c->unknown > 0) {
        xcy_buf_addf(out,
                     "  %lld requests were lost or failed and never read: the last column has them "
                     "all consistent, and all inconsistent\n",
                     (long long)c->unknown);
    }
}

static void add_shares(struct xcy_table *table, struct xcy_interval share)
{
    if (share.low == share.high) {
        xcy_table_add_cell(table, "%.2f%%", 100 * share.high);
    } else {
        xcy_table_add_cell(table, "%.2f..%.2f%%", 100 * share.low, 100 * share.high);
    }
}

static void add_titles(struct xcy_table *table, const char *const *titles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
}

static void end_table(struct xcy_table *table, struct xcy_buf *out)
{
    xcy_buf_add_char(out, '\n');
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static void print_curve(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    enum { MOST = 40 };
    static const char *const titles[] = {"  delay", "inconsistent", "95% band", "lost and failed"};
    int64_t grid[MOST];
    size_t n =
        xcy_ms_grid(XCY_MS_ROUND, xcy_delay_curve_last_us(&r->curve) / us_per_ms, grid, MOST);
    struct xcy_table *table = xcy_table_new("rrrr");
    add_titles(table, titles, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < n; i++) {
        struct xcy_delay_point point = xcy_delay_curve_at(&r->curve, grid[i] * (int64_t)us_per_ms);
        int64_t at_ms = delay_ms(r->run) + grid[i];
        xcy_table_add_cell(table, "  %" PRId64 " ms", at_ms);
        add_shares(table, point.share);
        add_shares(table, point.band);
        add_shares(table, point.range);
    }
    end_table(table, out);
}

/* "1.55 s", "> 900 ms" beyond the polls, both "12.0 ms..14.0 ms". */
static void add_delay(struct xcy_table *table, struct xcy_interval us, double own_us)
{
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(us.low + own_us, low);
    xcy_duration_format(us.high + own_us, high);
    if (isinf(us.high)) {
        xcy_table_add_cell(table, isinf(us.low) ? "beyond the polls" : "> %s", low);
    } else if (us.low == us.high) {
        xcy_table_add_cell(table, "%s", high);
    } else {
        xcy_table_add_cell(table, "%s..%s", low, high);
    }
}

static void print_needed(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    static const char *const titles[] = {"  at most", "delay needed", "95% CI"};
    double own_us = (double)delay_ms(r->run) * us_per_ms;
    struct xcy_table *table = xcy_table_new("rrl");
    add_titles(table, titles, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < r->n_needed; i++) {
        const struct xcy_delay_needed *needed = &r->needed[i];
        xcy_table_add_cell(table, "  %g%%", 100 * needed->target);
        add_delay(table, needed->delay_us, own_us);
        if (needed->has_interval) {
            add_delay(table, needed->interval_us, own_us);
        } else if (needed->needs_n > 0) {
            xcy_table_add_cell(table, "needs n >= %lld", (long long)needed->needs_n);
        } else {
            xcy_table_add_cell(table, r->curve.basis == XCY_DELAY_AT_ZERO ? "needs polls"
                                                                          : "beyond the polls");
        }
    }
    end_table(table, out);
}

static void add_statement(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    xcy_delay_check_describe(r->n_sweep, xcy_delay_report_disagreeing(r), r->curve.confidence,
                             "run", out);
}

static void print_sweep(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    static const char *const titles[] = {"  delay",        "inconsistent", "n", "left out",
                                         "exact interval", "derived band", ""};
    struct xcy_delay_reads all = {.many_execs = 0};
    struct xcy_table *table = xcy_table_new("rrrrrrl");
    add_titles(table, titles, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < r->n_sweep; i++) {
        const struct xcy_delay_check *check = &r->checks[i];
        const struct xcy_share counted = check->reads.share;
        xcy_table_add_cell(table, "  %lld ms", (long long)delay_ms(r->sweep[i]));
        xcy_table_add_cell(table, "%.2f%%", 100 * xcy_share_value(counted));
        xcy_table_add_cell(table, "%lld", (long long)counted.n);
        xcy_table_add_cell(table, "%" PRId64, check->reads.many_execs + check->reads.untold);
        add_shares(table, check->exact);
        add_shares(table, check->derived);
        xcy_table_add_cell(table, "%s", check->agrees ? "agrees" : "DISAGREES");
        xcy_delay_reads_add(&all, &check->reads);
    }
    end_table(table, out);
    xcy_buf_add_char(out, '\n');
    add_left_out(out, " of the sweep", &all);
    xcy_buf_add_text(out, "  ");
    add_statement(r, out);
    xcy_buf_add_char(out, '\n');
}

void xcy_delay_report_print(const struct xcy_delay_report *r, struct xcy_buf *out)
{
    print_head(r, out);
    print_curve(r, out);
    print_needed(r, out);
    if (r->n_sweep > 0) {
        print_sweep(r, out);
    }
}

static void put_ms(struct xcy_json *o, const char *key, double us, double own_us)
{
    xcy_json_put_number(o, key, isfinite(us) ? (us + own_us) / us_per_ms : NAN);
}

static void put_curve(struct xcy_json *root, const struct xcy_delay_report *r)
{
    enum { MOST = 200 };
    int64_t grid[MOST];
    size_t n = xcy_ms_grid(XCY_MS_FINE, xcy_delay_curve_last_us(&r->curve) / us_per_ms, grid, MOST);
    struct xcy_json *all = xcy_json_put_array(root, "curve");
    for (size_t i = 0; i < n; i++) {
        struct xcy_delay_point p = xcy_delay_curve_at(&r->curve, grid[i] * (int64_t)us_per_ms);
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_int64(o, "delay_ms", delay_ms(r->run) + grid[i]);
        xcy_json_put_number(o, "share_low", p.share.low);
        xcy_json_put_number(o, "share_high", p.share.high);
        xcy_json_put_number(o, "band95_low", p.band.low);
        xcy_json_put_number(o, "band95_high", p.band.high);
        xcy_json_put_number(o, "share_min", p.range.low);
        xcy_json_put_number(o, "share_max", p.range.high);
    }
}

static void put_needed(struct xcy_json *root, const struct xcy_delay_report *r)
{
    double own_us = (double)delay_ms(r->run) * us_per_ms;
    struct xcy_json *all = xcy_json_put_array(root, "needed");
    for (size_t i = 0; i < r->n_needed; i++) {
        const struct xcy_delay_needed *needed = &r->needed[i];
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_number(o, "target", needed->target);
        put_ms(o, "low_ms", needed->delay_us.low, own_us);
        put_ms(o, "high_ms", needed->delay_us.high, own_us);
        put_ms(o, "ci95_low_ms", needed->has_interval ? needed->interval_us.low : NAN, own_us);
        put_ms(o, "ci95_high_ms", needed->has_interval ? needed->interval_us.high : NAN, own_us);
        xcy_json_put_number(o, "needs_n", needed->needs_n > 0 ? (double)needed->needs_n : NAN);
    }
}

static void put_sweep(struct xcy_json *root, const struct xcy_delay_report *r)
{
    struct xcy_json *all = xcy_json_put_array(root, "sweep");
    for (size_t i = 0; i < r->n_sweep; i++) {
        const struct xcy_delay_check *check = &r->checks[i];
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_string(o, "path", r->sweep[i]->evidence.path);
        xcy_json_put_int64(o, "delay_ms", delay_ms(r->sweep[i]));
        xcy_delay_check_put(check, o);
    }
    if (r->n_sweep == 0) {
        xcy_json_put_null(root, "agrees");
        xcy_json_put_null(root, "statement");
        return;
    }
    struct xcy_buf statement;
    xcy_buf_init(&statement, 1024);
    add_statement(r, &statement);
    xcy_json_put_bool(root, "agrees", xcy_delay_report_disagreeing(r) == 0);
    xcy_json_put_string(root, "statement", statement.ptr);
    xcy_buf_clear(&statement);
}

struct xcy_json *xcy_delay_report_to_json(const struct xcy_delay_report *r)
{
    const struct xcy_delay_curve *c = &r->curve;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_string(root, "path", r->run->evidence.path);
    xcy_json_put(root, "combination",
                 xcy_combination_to_json(&r->run->evidence.manifest.combination));
    xcy_delay_curve_put(c, root);
    put_ms(root, "defined_to_ms", c->defined_to_us, (double)delay_ms(r->run) * us_per_ms);
    put_curve(root, r);
    put_needed(root, r);
    put_sweep(root, r);
    return root;
}
