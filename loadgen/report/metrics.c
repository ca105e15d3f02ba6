#include "loadgen/report/metrics.h"

#include "common/data/number.h"
#include "loadgen/report/exposition.h"

#include <inttypes.h>
#include <stdio.h>

/* The families of /metrics, and how each is written. */

#define PREFIX "xcybench_loadgen_"

struct scene {
    const struct xcy_metrics_facts *facts;
    const struct xcy_view *view;
};

struct family {
    const char *name; /* with the prefix */
    const char *type;
    const char *help;
    void (*add)(const struct family *family, const struct scene *scene, struct xcy_buf *out);
    int64_t (*count_of)(const struct xcy_counts *counts); /* of add_phases */
    double (*value_of)(const struct scene *scene);        /* of add_value */
    enum xcy_latency_kind kind;                           /* of add_latencies */
};

/* Slots of the warm-up and measured ones are counted apart. */
static const char *const phases[] = {"warmup", "measured"};

enum { N_PHASES = 2 };

static const struct xcy_counts *counts_of(const struct scene *scene, size_t phase)
{
    const struct xcy_tally *total = scene->view->total;
    return phase == 0 ? &total->warmup : &total->measured;
}

static void add_info(const struct family *family, const struct scene *scene, struct xcy_buf *out)
{
    const struct xcy_plan *plan = scene->view->plan;
    xcy_buf_addf(out, "%s{", family->name);
    xcy_exposition_label("run", plan->run, false, out);
    xcy_exposition_label("arrivals", xcy_schedule_text(plan->schedule), false, out);
    xcy_exposition_label("engine", scene->facts->engine, false, out);
    xcy_exposition_label("endpoint", scene->facts->endpoint, false, out);
    xcy_exposition_label("version", XCY_VERSION, true, out);
    xcy_buf_add_text(out, "} 1\n");
}

static void add_value(const struct family *family, const struct scene *scene, struct xcy_buf *out)
{
    char number[XCY_DOUBLE_TEXT_BYTES];
    xcy_double_format(family->value_of(scene), number);
    xcy_buf_addf(out, "%s %s\n", family->name, number);
}

static void add_phases(const struct family *family, const struct scene *scene, struct xcy_buf *out)
{
    for (size_t p = 0; p < N_PHASES; p++) {
        xcy_buf_addf(out, "%s{phase=\"%s\"} %" PRId64 "\n", family->name, phases[p],
                     family->count_of(counts_of(scene, p)));
    }
}

static void add_outcomes(const struct family *family, const struct scene *scene,
                         struct xcy_buf *out)
{
    for (size_t p = 0; p < N_PHASES; p++) {
        for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
            xcy_buf_addf(out, "%s{phase=\"%s\",outcome=\"%s\"} %" PRId64 "\n", family->name,
                         phases[p], xcy_outcome_names[i], counts_of(scene, p)->outcomes[i]);
        }
    }
}

static void add_skips(const struct family *family, const struct scene *scene, struct xcy_buf *out)
{
    for (size_t p = 0; p < N_PHASES; p++) {
        for (size_t i = 0; i < XCY_N_SKIPS; i++) {
            xcy_buf_addf(out, "%s{phase=\"%s\",reason=\"%s\"} %" PRId64 "\n", family->name,
                         phases[p], xcy_skip_names[i], counts_of(scene, p)->skipped[i]);
        }
    }
}

/* ok always, so that its series begins with 0; others once they have values. */
static void add_latencies(const struct family *family, const struct scene *scene,
                          struct xcy_buf *out)
{
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        const struct xcy_hist *hist = scene->view->total->latency[i].of[family->kind];
        bool has_values = hist && xcy_hist_count(hist) + xcy_hist_outside(hist) > 0;
        if (i == XCY_OUTCOME_OK || has_values) {
            char labels[64];
            int n = snprintf(labels, sizeof labels, "outcome=\"%s\",", xcy_outcome_names[i]);
            xcy_assert(n > 0 && (size_t)n < sizeof labels);
            xcy_exposition_histogram(family->name, labels, hist, out);
        }
    }
}

static void add_start_lag(const struct family *family, const struct scene *scene,
                          struct xcy_buf *out)
{
    xcy_exposition_histogram(family->name, "", scene->view->total->start_lag, out);
}

static int64_t sent_of(const struct xcy_counts *counts)
{
    return counts->sent;
}

static int64_t late_of(const struct xcy_counts *counts)
{
    return counts->late;
}

static int64_t retries_of(const struct xcy_counts *counts)
{
    return counts->retries;
}

static double start_time_of(const struct scene *scene)
{
    return (double)scene->facts->started.ns / 1e9;
}

static double elapsed_of(const struct scene *scene)
{
    int64_t elapsed_ns = scene->view->elapsed_ns;
    return elapsed_ns > 0 ? (double)elapsed_ns / 1e9 : 0;
}

static double length_of(const struct scene *scene)
{
    return (double)xcy_schedule_length_ns(scene->view->plan->schedule) / 1e9;
}

static double planned_of(const struct scene *scene)
{
    return (double)xcy_schedule_slots(scene->view->plan->schedule);
}

static double asked_of(const struct scene *scene)
{
    const struct xcy_view *view = scene->view;
    const struct xcy_schedule *schedule = view->plan->schedule;
    int64_t length_ns = xcy_schedule_length_ns(schedule);
    bool is_over = view->is_stopping || (length_ns > 0 && view->elapsed_ns >= length_ns);
    return view->elapsed_ns < 0 || is_over ? 0 : xcy_schedule_rate_at(schedule, view->elapsed_ns);
}

static double in_flight_of(const struct scene *scene)
{
    return (double)scene->view->in_flight;
}

static double busiest_cpu_of(const struct scene *scene)
{
    return scene->view->total->busiest_cpu_share;
}

static const struct family families[] = {
    {.name = PREFIX "run_info",
     .type = "gauge",
     .help = "The run: its id, arrivals, engine, endpoint, and the version of xcybench. Always 1.",
     .add = add_info},
    {.name = PREFIX "start_time_seconds",
     .type = "gauge",
     .help = "Unix time at which the first request was due.",
     .add = add_value,
     .value_of = start_time_of},
    {.name = PREFIX "elapsed_seconds",
     .type = "gauge",
     .help = "Time since the first request was due.",
     .add = add_value,
     .value_of = elapsed_of},
    {.name = PREFIX "schedule_seconds",
     .type = "gauge",
     .help = "Length of the schedule, warm-up included; 0: a closed loop without a duration.",
     .add = add_value,
     .value_of = length_of},
    {.name = PREFIX "planned_requests",
     .type = "gauge",
     .help = "Slots of the schedule, warm-up included; 0: a closed loop bounded by time alone.",
     .add = add_value,
     .value_of = planned_of},
    {.name = PREFIX "asked_requests_per_second",
     .type = "gauge",
     .help = "Rate that the schedule asks for now; 0 of a closed loop, and when it is over.",
     .add = add_value,
     .value_of = asked_of},
    {.name = PREFIX "in_flight_requests",
     .type = "gauge",
     .help = "Requests begun whose end is not yet known.",
     .add = add_value,
     .value_of = in_flight_of},
    {.name = PREFIX "busiest_cpu_ratio",
     .type = "gauge",
     .help = "Share of a cpu that the busiest worker thread used, 0 to 1.",
     .add = add_value,
     .value_of = busiest_cpu_of},
    {.name = PREFIX "sent_requests_total",
     .type = "counter",
     .help = "Requests whose first attempt was sent.",
     .add = add_phases,
     .count_of = sent_of},
    {.name = PREFIX "late_requests_total",
     .type = "counter",
     .help = "Requests sent more than 1 ms after they were due.",
     .add = add_phases,
     .count_of = late_of},
    {.name = PREFIX "retries_total",
     .type = "counter",
     .help = "Attempts beyond the first of a request.",
     .add = add_phases,
     .count_of = retries_of},
    {.name = PREFIX "skipped_requests_total",
     .type = "counter",
     .help = "Slots that were never sent, by reason.",
     .add = add_skips},
    {.name = PREFIX "requests_total",
     .type = "counter",
     .help = "Slots that have ended, by what became of them; skipped ones too.",
     .add = add_outcomes},
    {.name = PREFIX "response_seconds",
     .type = "histogram",
     .help = "From the instant a request was due to its reply, of measured ones.",
     .add = add_latencies,
     .kind = XCY_RESPONSE},
    {.name = PREFIX "service_seconds",
     .type = "histogram",
     .help = "From the instant a request was sent to its reply, of measured ones.",
     .add = add_latencies,
     .kind = XCY_SERVICE},
    {.name = PREFIX "lag_seconds",
     .type = "histogram",
     .help = "From the instant a request was due to the instant it was sent, of measured ones.",
     .add = add_latencies,
     .kind = XCY_LAG},
    {.name = PREFIX "start_lag_seconds",
     .type = "histogram",
     .help = "How much later than due the generator began a request, of measured ones.",
     .add = add_start_lag},
};

void xcy_metrics_format(const struct xcy_metrics_facts *facts, const struct xcy_view *view,
                        struct xcy_buf *out)
{
    struct scene scene = {.facts = facts, .view = view};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        const struct family *family = &families[i];
        xcy_buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help, family->name,
                     family->type);
        family->add(family, &scene, out);
    }
}
