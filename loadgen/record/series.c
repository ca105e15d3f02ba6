#include "loadgen/record/series.h"

#include "common/data/number.h"
#include "common/run/columns.h"

#include <stddef.h>

/* A duration, or empty: nothing was measured. */
struct cell {
    char text[XCY_DOUBLE_TEXT_BYTES];
};

struct row {
    int64_t second;
    int64_t started_us;
    int64_t is_warmup;
    double asked_per_s;
    int64_t sent;
    int64_t ok;
    int64_t failed;
    int64_t skipped;
    int64_t late;
    int64_t retries;
    int64_t in_flight;
    struct cell response_p50;
    struct cell response_p99;
    struct cell response_max;
    struct cell service_p50;
    struct cell service_p99;
    struct cell lag_p50;
    struct cell lag_p99;
    struct cell lag_max;
};

#define COLUMN(column, kind, member, what)                                                         \
    .name = (column), .type = (kind), .offset = offsetof(struct row, member), .meaning = (what)
#define COUNT(column, member, what) COLUMN(column, XCY_COLUMN_INT, member, what)
#define CELL(column, member, what)                                                                 \
    COLUMN(column, XCY_COLUMN_TEXT, member, what), .size = sizeof(struct cell)

static const struct xcy_column columns[] = {
    {COUNT("second", second, "of the run, from 0")},
    {COLUMN("started_us", XCY_COLUMN_STAMP, started_us, "its begin")},
    {COUNT("warmup", is_warmup, "1: it began in the warm-up")},
    {COLUMN("asked_per_s", XCY_COLUMN_DOUBLE, asked_per_s, "the schedule's rate")},
    {COUNT("sent", sent, "requests whose first attempt was sent in it")},
    {COUNT("ok", ok, "requests that ended well in it")},
    {COUNT("failed", failed, "requests that ended otherwise")},
    {COUNT("skipped", skipped, "slots whose turn came in it, and that were not sent")},
    {COUNT("late", late, "sent more than 1 ms after due")},
    {COUNT("retries", retries, "attempts that were to be repeated")},
    {COUNT("in_flight", in_flight, "at its end")},
    {CELL("response_p50_us", response_p50, "acked - due, of those that ended well in it")},
    {CELL("response_p99_us", response_p99, "as before")},
    {CELL("response_max_us", response_max, "as before")},
    {CELL("service_p50_us", service_p50, "acked - sent, of the same")},
    {CELL("service_p99_us", service_p99, "as before")},
    {CELL("lag_p50_us", lag_p50, "sent - due, of the same")},
    {CELL("lag_p99_us", lag_p99, "as before")},
    {CELL("lag_max_us", lag_max, "as before")},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

void xcy_series_header(struct xcy_buf *out)
{
    xcy_columns_header(columns, N_COLUMNS, out);
}

static struct cell cell_of(const struct xcy_tally *tally, enum xcy_latency_kind kind, double pct)
{
    struct cell cell = {.text = ""};
    const struct xcy_hist *hist = tally->latency[XCY_OUTCOME_OK].of[kind];
    if (hist && xcy_hist_count(hist) > 0) {
        int64_t ns = xcy_hist_percentile(hist, pct);
        xcy_double_format((double)ns / 1e3, cell.text);
    }
    return cell;
}

void xcy_second_format(const struct xcy_second *second, struct xcy_buf *out)
{
    const struct xcy_tally *tally = second->tally;
    struct xcy_counts all = tally->measured;
    xcy_counts_add(&all, &tally->warmup);
    struct row row = {.second = second->number,
                      .started_us = second->started_us,
                      .is_warmup = second->is_warmup,
                      .asked_per_s = second->asked_per_s,
                      .sent = all.sent,
                      .ok = all.outcomes[XCY_OUTCOME_OK],
                      .failed = xcy_counts_failed(&all),
                      .skipped = all.outcomes[XCY_OUTCOME_SKIPPED],
                      .late = all.late,
                      .retries = all.retries,
                      .in_flight = second->in_flight,
                      .response_p50 = cell_of(tally, XCY_RESPONSE, 50),
                      .response_p99 = cell_of(tally, XCY_RESPONSE, 99),
                      .response_max = cell_of(tally, XCY_RESPONSE, 100),
                      .service_p50 = cell_of(tally, XCY_SERVICE, 50),
                      .service_p99 = cell_of(tally, XCY_SERVICE, 99),
                      .lag_p50 = cell_of(tally, XCY_LAG, 50),
                      .lag_p99 = cell_of(tally, XCY_LAG, 99),
                      .lag_max = cell_of(tally, XCY_LAG, 100)};
    xcy_columns_format(columns, N_COLUMNS, &row, out);
}
