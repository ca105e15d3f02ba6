#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/cli/program.h"
#include "loadgen/commands/commands.h"
#include "loadgen/judge/search.h"
#include "loadgen/judge/step.h"
#include "loadgen/options.h"
#include "loadgen/report/search_report.h"
#include "loadgen/session.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_REPORT_BYTES = 1 << 20 };

/* Of objectives that say nothing of failures: quick errors are no capacity. */
#define FAILURES_ALLOWED "failed<1%"

/* The others have rates of their own. */
static const char *const arrivals_names[] = {"constant", "poisson", NULL};

struct find_max {
    struct xcy_session_options session;
    struct xcy_string_list slo;
    struct xcy_search_options search;
    double resolution_percent;
    bool is_from_given;
    int arrivals; /* of arrivals_names */
    int64_t pause_ns;
    struct xcy_objectives objectives;
    int64_t n_steps; /* made */
};

static const char description[] =
    "Searches for the highest rate at which the objectives hold, by steps that are runs of their "
    "own: doubles the rate until a step fails, bisects between the highest that held and the "
    "lowest that failed until they lie within the resolution, then confirms both over a longer "
    "window. The answer is that bracket, with the figures and the run directory of every step.\n\n"
    "A step in which this program itself fell behind (GENERATOR_LIMITED) says nothing about the "
    "target: it is made once more, and then the search ends and says so; it is never taken for the "
    "target's limit. Objectives that say nothing of failures (failed, ok) have failed<1% beside "
    "them; slots skipped because too many requests were in flight are a failed step.\n\n"
    "Every step invokes for real: with the lambda engine posts are written and evaluations sent, "
    "which nobody gathers; `clean` empties the queue afterwards.\n\n"
    "With --json the result is one object: slo, from_per_s, to_per_s, resolution, step_s, "
    "confirm_s, end, lower_per_s, upper_per_s, width, is_lower_confirmed, is_upper_confirmed, "
    "answer, error, and steps, each with rate_per_s, duration_s, is_confirmation, result, "
    "achieved_per_s, evidence and path.";

static const char exit_codes[] =
    "0\tthe bracket was found, or the objectives hold up to --to\n"
    "1\tfailed\n"
    "2\tthe command line or a configuration file is wrong\n"
    "3\tno answer: the generator fell behind, or the steps contradict each other\n"
    "4\tthe objectives hold at no rate that was tried\n"
    "130\tinterrupted; the steps made so far are reported\n";

static const char examples[] =
    "loadgen find-max --slo 'response.p99<800ms,failed<1%'\thow much the functions take\n"
    "loadgen find-max --slo 'response.p99<20ms' --url http://127.0.0.1:8080/ --from 1000\tthe same "
    "of any server\n";

/* One step: a session at its rate. */
static enum xcy_status make_step(void *ctx, struct xcy_step *step, struct xcy_error *err)
{
    struct find_max *f = ctx;
    struct xcy_session_options options = f->session;
    struct xcy_session *session = NULL;
    options.plan.rate_per_s = step->rate_per_s;
    options.plan.is_rate_given = true;
    options.plan.duration_ns = step->duration_ns;
    if (f->n_steps++ > 0 &&
        !xcy_sleep_until(xcy_mono_add(xcy_mono_now(), f->pause_ns), xcy_stop_fd())) {
        return xcy_fail(err, XCY_ESTOPPED, "interrupted between two steps");
    }
    enum xcy_status status = xcy_session_run(&options, &session, err);
    if (session && (status == XCY_OK || status == XCY_EINVALID || status == XCY_EFAIL)) {
        status = xcy_step_judge(xcy_session_plan(session), xcy_session_total(session),
                                &f->objectives, step, err);
        step->path = xcy_strdup(xcy_session_path(session));
    }
    xcy_session_free(session);
    if (status == XCY_OK && f->session.shows_progress) {
        xcy_log(XCY_LOG_INFO, "%g/s for %g s %s: %s", step->rate_per_s,
                (double)step->duration_ns / 1e9, xcy_step_result_names[step->result],
                step->evidence);
    }
    return status;
}

static const struct {
    enum xcy_search_end end;
    enum xcy_status status;
    const char *words;
} ends[] = {
    {XCY_SEARCH_NEVER_HELD, XCY_EEXPECT, "the objectives held at no rate that was tried"},
    {XCY_SEARCH_GENERATOR_LIMITED, XCY_EINVALID,
     "the generator fell behind before the target did; use more --threads or a freer machine"},
    {XCY_SEARCH_ENDED_EARLY, XCY_EINVALID,
     "no answer within --max-steps; raise it, or --from, or the --resolution"},
    {XCY_SEARCH_UNSTABLE, XCY_EINVALID,
     "the steps contradict each other: no stable limit; use longer --step and --confirm"},
};

static enum xcy_status conclude(const struct xcy_search_result *result, struct xcy_error *err)
{
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ends[i].end == result->end) {
            return xcy_fail(err, ends[i].status, "%s", ends[i].words);
        }
    }
    return XCY_OK;
}

/* A step must be able to tell its percentiles: below some rate it has too few requests. */
static enum xcy_status settle_rates(struct find_max *f, struct xcy_error *err)
{
    struct xcy_search_options *search = &f->search;
    double step_s = (double)search->step_ns / 1e9;
    int64_t need = xcy_objectives_need(&f->objectives);
    search->lowest_per_s = (double)need / step_s;
    if (!f->is_from_given) {
        search->from_per_s = fmin(fmax(search->from_per_s, search->lowest_per_s), search->to_per_s);
    }
    if (search->from_per_s > search->to_per_s) {
        return xcy_fail(err, XCY_EUSAGE, "--from %g is above --to %g", search->from_per_s,
                        search->to_per_s);
    }
    if (search->from_per_s < search->lowest_per_s) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--%s %g/s makes too few requests in --step %g s to tell --slo by, which "
                        "takes %" PRId64 "; give %g/s or more, or --step %gs",
                        f->is_from_given ? "from" : "to", search->from_per_s, step_s, need,
                        ceil(search->lowest_per_s), ceil((double)need / search->from_per_s));
    }
    return XCY_OK;
}

static enum xcy_status parse_slo(struct find_max *f, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    if (f->slo.n == 0) {
        return xcy_fail(err, XCY_EUSAGE, "--slo is missing, as --slo 'response.p99<800ms'");
    }
    for (size_t i = 0; status == XCY_OK && i < f->slo.n; i++) {
        status = xcy_objectives_parse("--slo", f->slo.items[i], &f->objectives, err);
    }
    if (status == XCY_OK && !xcy_objectives_bound_failures(&f->objectives)) {
        status = xcy_objectives_parse("--slo", FAILURES_ALLOWED, &f->objectives, err);
    }
    return status;
}

static void report(const struct find_max *f, const struct xcy_search_result *result,
                   const char *error, struct xcy_buf *out)
{
    struct xcy_buf slo;
    xcy_buf_init(&slo, MAX_REPORT_BYTES);
    for (size_t i = 0; i < f->objectives.n; i++) {
        xcy_buf_addf(&slo, "%s%s", i > 0 ? "," : "", f->objectives.items[i].text);
    }
    char *text = xcy_buf_take(&slo);
    struct xcy_search_report made = {
        .slo = text, .options = &f->search, .result = result, .error = error};
    if (f->session.is_json) {
        xcy_search_report_json(&made, out);
    } else {
        xcy_search_report_text(&made, out);
    }
    free(text);
}

static int search(struct find_max *f)
{
    struct xcy_search_result result = {.n_steps = 0};
    struct xcy_error err;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_REPORT_BYTES);
    if (f->session.shows_progress) {
        xcy_log_set_level(XCY_LOG_INFO); /* a line a step */
    }
    f->search.resolution = f->resolution_percent / 100;
    f->session.plan.arrivals = arrivals_names[f->arrivals];
    enum xcy_status status = parse_slo(f, &err);
    if (status == XCY_OK) {
        status = settle_rates(f, &err);
    }
    if (status == XCY_OK) {
        status = xcy_search_run(&f->search, make_step, f, &result, &err);
    }
    if (result.n_steps > 0) {
        report(f, &result, status == XCY_OK ? NULL : err.text, &text);
    }
    if (status == XCY_OK) {
        status = conclude(&result, &err);
    }
    xcy_search_result_clear(&result);
    xcy_objectives_clear(&f->objectives);
    return xcy_command_end(&text, status, &err);
}

/* To be freed. */
static struct xcy_option *option_table(struct find_max *f, size_t *n)
{
    const struct xcy_option own[] = {
        {.type = XCY_OPTION_GROUP, .help = "Search"},
        {.type = XCY_OPTION_LIST,
         .name = "slo",
         .arg = "OBJECTIVE",
         .help = "What must hold, as 'response.p99<800ms,failed<1%'; "
                 "without a word on failures: and failed<1%.",
         .to = &f->slo,
         .no_default = true},
        {.type = XCY_OPTION_DOUBLE,
         .name = "from",
         .arg = "PER_S",
         .help = "The first rate tried; more than the default where --step would have too few "
                 "requests to tell the objective by.",
         .to = &f->search.from_per_s,
         .min = 0.01,
         .max = 1e6,
         .given = &f->is_from_given},
        {.type = XCY_OPTION_DOUBLE,
         .name = "to",
         .arg = "PER_S",
         .help = "The highest rate tried.",
         .to = &f->search.to_per_s,
         .min = 0.01,
         .max = 1e6},
        {.type = XCY_OPTION_CHOICE,
         .name = "arrivals",
         .arg = "HOW",
         .help = "How the requests of a step follow each other.",
         .to = &f->arrivals,
         .choices = arrivals_names},
        {.type = XCY_OPTION_DOUBLE,
         .name = "resolution",
         .arg = "PERCENT",
         .help = "How close the two ends of the bracket are to come.",
         .to = &f->resolution_percent,
         .min = 0.1,
         .max = 50},
        {.type = XCY_OPTION_DURATION,
         .name = "step",
         .arg = "TIME",
         .help = "Length of a step, warm-up not counted.",
         .to = &f->search.step_ns,
         .min = 0.1,
         .max = 86400},
        {.type = XCY_OPTION_DURATION,
         .name = "confirm",
         .arg = "TIME",
         .help = "Length of the steps that confirm the bracket.",
         .to = &f->search.confirm_ns,
         .min = 0.1,
         .max = 86400},
        {.type = XCY_OPTION_DURATION,
         .name = "pause",
         .arg = "TIME",
         .help = "Between two steps, for the target to recover.",
         .to = &f->pause_ns,
         .min = 0,
         .max = 3600},
        {.type = XCY_OPTION_INT,
         .name = "max-steps",
         .arg = "N",
         .help = "Give up after so many.",
         .to = &f->search.max_steps,
         .min = 3,
         .max = 1000},
    };
    return xcy_session_option_table(&f->session, XCY_COMMAND_FIND_MAX, own,
                                    sizeof own / sizeof own[0], n);
}

static struct xcy_command_line parse(struct find_max *f, int argc, char *argv[])
{
    size_t n_options = 0;
    struct xcy_option *table = option_table(f, &n_options);
    const struct xcy_program program = {
        .name = "loadgen find-max",
        .summary = "finds the highest rate at which an objective holds",
        .arguments = "",
        .description = description,
        .options = table,
        .n_options = n_options,
        .examples = examples,
        .exit_codes = exit_codes,
        .see_also = "loadgen(1)",
    };
    struct xcy_command_line line = xcy_program_parse(&program, argc, argv);
    free(line.arguments);
    free(table);
    return line;
}

int xcy_command_find_max(int argc, char *argv[])
{
    struct find_max f = {.resolution_percent = 2,
                         .pause_ns = XCY_NS_PER_S,
                         .search = {.from_per_s = 10,
                                    .to_per_s = 100000,
                                    .step_ns = 10 * XCY_NS_PER_S,
                                    .confirm_ns = 30 * XCY_NS_PER_S,
                                    .max_steps = 60}};
    xcy_session_options_init(&f.session);
    f.session.asks_capacity = true;
    f.session.plan.warmup_ns = 2 * XCY_NS_PER_S;
    struct xcy_command_line line = parse(&f, argc, argv);
    int code = line.run ? search(&f) : line.exit_code;
    free(f.slo.items);
    xcy_session_options_clear(&f.session);
    return code;
}
