#include "loadgen/report/live.h"

#include "loadgen/judge/objective.h"
#include "loadgen/report/figures.h"

#include <inttypes.h>
#include <math.h>

enum { LINE_BYTES = 512 };

/* "9999", then "123k", "12.3M": five characters at most. */
static void add_count(int64_t n, struct xcy_buf *out)
{
    if (n < 100000) {
        xcy_buf_addf(out, "%" PRId64, n);
    } else if (n < 10000000) {
        xcy_buf_addf(out, "%" PRId64 "k", n / 1000);
    } else {
        xcy_buf_addf(out, "%" PRId64 "M", n / 1000000);
    }
}

/* "18s", "1m05s", "2h03m"; a part of a second counts as one. */
static void add_time(int64_t ns, struct xcy_buf *out)
{
    int64_t s = (ns + XCY_NS_PER_S - 1) / XCY_NS_PER_S;
    if (s < 60) {
        xcy_buf_addf(out, "%" PRId64 "s", s);
    } else if (s < 3600) {
        xcy_buf_addf(out, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
    } else {
        xcy_buf_addf(out, "%" PRId64 "h%02" PRId64 "m", s / 3600, s / 60 % 60);
    }
}

static int64_t slots_ended(const struct xcy_tally *t)
{
    return xcy_counts_slots(&t->measured) + xcy_counts_slots(&t->warmup);
}

/* Until the last slot is due: by the schedule; of a closed loop that counts its slots by the speed so
 * far. Below 0: it cannot be told. */
static int64_t time_left_ns(const struct xcy_view *view)
{
    const struct xcy_schedule *schedule = view->plan->schedule;
    int64_t length_ns = xcy_schedule_length_ns(schedule);
    if (length_ns > 0) {
        return length_ns > view->elapsed_ns ? length_ns - view->elapsed_ns : 0;
    }
    int64_t slots = xcy_schedule_slots(schedule);
    int64_t ended = slots_ended(view->total);
    if (slots == 0 || ended == 0) {
        return -1;
    }
    return (int64_t)((double)view->elapsed_ns * (double)(slots - ended) / (double)ended);
}

static bool is_warming_up(const struct xcy_view *view)
{
    return view->elapsed_ns < xcy_schedule_warmup_length_ns(view->plan->schedule);
}

static void add_phase(const struct xcy_view *view, struct xcy_buf *out)
{
    int64_t left_ns = time_left_ns(view);
    if (view->elapsed_ns < 0) {
        xcy_buf_add_text(out, "starts in ");
        add_time(-view->elapsed_ns, out);
        return;
    }
    if (view->is_stopping || left_ns == 0) {
        xcy_buf_add_text(out, view->is_stopping ? "stopping" : "ending");
        return;
    }
    xcy_buf_add_text(out, is_warming_up(view) ? "warm-up, " : "");
    if (left_ns < 0) {
        add_time(view->elapsed_ns, out);
        xcy_buf_add_text(out, " so far");
    } else {
        add_time(left_ns, out);
        xcy_buf_add_text(out, " left");
    }
}

static void add_rate_number(double rate_per_s, struct xcy_buf *out)
{
    if (rate_per_s < 9.95) {
        xcy_buf_addf(out, "%.3g", rate_per_s);
    } else {
        add_count(llround(rate_per_s), out);
    }
}

/* Of the last whole second; what was asked in its middle beside it. */
static void add_rate(const struct xcy_view *view, struct xcy_buf *out)
{
    const struct xcy_schedule *schedule = view->plan->schedule;
    bool is_closed = xcy_schedule_closed_in_flight(schedule) > 0;
    xcy_buf_add_text(out, "  ");
    if (view->second) {
        add_count(view->second->measured.sent + view->second->warmup.sent, out);
        xcy_buf_add_text(out, is_closed ? "/s" : " of ");
    }
    if (!is_closed) {
        add_rate_number(view->second ? xcy_schedule_rate_in_second(schedule, view->second_number)
                                     : xcy_schedule_rate_at(schedule, view->elapsed_ns),
                        out);
        xcy_buf_add_text(out, view->second ? "/s" : "/s asked");
    }
}

/* The outcome that most of the failed ones have; of several the first. */
static size_t commonest_failure(const struct xcy_counts *a, const struct xcy_counts *b)
{
    size_t found = XCY_OUTCOME_OK;
    int64_t most = 0;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        int64_t n = a->outcomes[i] + b->outcomes[i];
        if (i != XCY_OUTCOME_OK && i != XCY_OUTCOME_SKIPPED && n > most) {
            found = i;
            most = n;
        }
    }
    return found;
}

static void add_troubles(const struct xcy_tally *total, struct xcy_buf *out)
{
    const struct xcy_counts *measured = &total->measured;
    const struct xcy_counts *warmup = &total->warmup;
    int64_t failed = xcy_counts_failed(measured) + xcy_counts_failed(warmup);
    int64_t skipped =
        measured->outcomes[XCY_OUTCOME_SKIPPED] + warmup->outcomes[XCY_OUTCOME_SKIPPED];
    size_t commonest = commonest_failure(measured, warmup);
    bool is_all = measured->outcomes[commonest] + warmup->outcomes[commonest] == failed;
    xcy_buf_add_text(out, "  ");
    add_count(failed, out);
    if (failed == 0) {
        xcy_buf_add_text(out, " failed");
    } else {
        xcy_buf_addf(out, is_all ? " %s" : " failed (%s)", xcy_outcome_names[commonest]);
    }
    if (skipped > 0) {
        xcy_buf_add_text(out, "  ");
        add_count(skipped, out);
        xcy_buf_add_text(out, " skipped");
    }
}

static void add_latency(const struct xcy_view *view, struct xcy_buf *out)
{
    const struct xcy_hist *response =
        view->second ? view->second->latency[XCY_OUTCOME_OK].of[XCY_RESPONSE] : NULL;
    if (!response || xcy_hist_count(response) == 0) {
        return;
    }
    char p50[XCY_DURATION_BYTES];
    char high[XCY_DURATION_BYTES];
    bool has_p99 = xcy_hist_count(response) >= xcy_percentile_needs(99);
    xcy_duration_format((double)xcy_hist_percentile(response, 50), p50);
    xcy_duration_format((double)xcy_hist_percentile(response, has_p99 ? 99 : 100), high);
    xcy_buf_addf(out, "  p50 %s %s %s", p50, has_p99 ? "p99" : "max", high);
}

void xcy_live_format(const struct xcy_view *view, struct xcy_buf *out)
{
    add_phase(view, out);
    if (view->elapsed_ns < 0) {
        return;
    }
    add_rate(view, out);
    xcy_buf_add_text(out, "  ");
    add_count(view->in_flight, out);
    xcy_buf_add_text(out, " in flight");
    add_troubles(view->total, out);
    add_latency(view, out);
}

void xcy_live_show(struct xcy_progress *progress, const struct xcy_view *view)
{
    if (!xcy_progress_is_due(progress)) {
        return;
    }
    struct xcy_buf line;
    xcy_buf_init(&line, LINE_BYTES);
    xcy_live_format(view, &line);
    xcy_progress_show(progress, "%s", line.ptr);
    xcy_buf_clear(&line);
}
