#include "loadgen/report/search_report.h"

#include "common/cli/table.h"
#include "common/data/json.h"

#include <inttypes.h>
#include <stdio.h>

static const double ns_per_s = 1e9;

/* "378.92", "300000": five digits, and never an exponent. */
struct rate {
    char text[32];
};

static struct rate rate_of(double rate_per_s)
{
    struct rate rate;
    snprintf(rate.text, sizeof rate.text, rate_per_s < 1e5 ? "%.5g" : "%.0f", rate_per_s);
    return rate;
}

/* The rate was judged so over the longer window. */
static bool is_confirmed(const struct xcy_search_report *r, double rate_per_s,
                         enum xcy_step_result result)
{
    for (size_t i = 0; i < r->result->n_steps; i++) {
        const struct xcy_step *step = &r->result->steps[i];
        if (step->is_confirmation && step->rate_per_s == rate_per_s && step->result == result) {
            return true;
        }
    }
    return false;
}

static void add_end_rate(const struct xcy_search_report *r, const char *verb, double rate_per_s,
                         enum xcy_step_result result, struct xcy_buf *out)
{
    bool is_sure = is_confirmed(r, rate_per_s, result);
    int64_t over_ns = is_sure ? r->options->confirm_ns : r->options->step_ns;
    xcy_buf_addf(out, "%s at %s/s (%s %g s)", verb, rate_of(rate_per_s).text,
                 is_sure ? "confirmed over" : "in one step of", (double)over_ns / ns_per_s);
}

static void add_lower(const struct xcy_search_report *r, struct xcy_buf *out)
{
    add_end_rate(r, "holds", r->result->lower_per_s, XCY_STEP_HOLDS, out);
}

static void add_upper(const struct xcy_search_report *r, struct xcy_buf *out)
{
    add_end_rate(r, "fails", r->result->upper_per_s, XCY_STEP_FAILS, out);
}

/* Both ends, as far as they are known. */
static void add_bracket(const struct xcy_search_report *r, struct xcy_buf *out)
{
    const struct xcy_search_result *result = r->result;
    bool has_both = result->lower_per_s > 0 && result->upper_per_s > 0;
    if (result->lower_per_s > 0) {
        add_lower(r, out);
    }
    xcy_buf_add_text(out, has_both ? " and " : "");
    if (result->upper_per_s > 0) {
        add_upper(r, out);
    }
    if (result->lower_per_s <= 0 && result->upper_per_s <= 0) {
        xcy_buf_add_text(out, "nothing is known of any rate");
    }
}

static double width(const struct xcy_search_result *result)
{
    return result->upper_per_s / result->lower_per_s - 1;
}

/* Steps that failed below the bracket, or held above it: the knee is softer than the bracket. */
static void add_disagreement(const struct xcy_search_report *r, struct xcy_buf *out)
{
    double lowest_failed = r->result->upper_per_s;
    double highest_held = r->result->lower_per_s;
    for (size_t i = 0; i < r->result->n_steps; i++) {
        const struct xcy_step *step = &r->result->steps[i];
        if (step->result == XCY_STEP_FAILS && step->rate_per_s < lowest_failed) {
            lowest_failed = step->rate_per_s;
        }
        if (step->result == XCY_STEP_HOLDS && step->rate_per_s > highest_held) {
            highest_held = step->rate_per_s;
        }
    }
    if (lowest_failed < highest_held) {
        xcy_buf_addf(out, "; steps from %s/s to %s/s disagree, so that it is known no better",
                     rate_of(lowest_failed).text, rate_of(highest_held).text);
    }
}

static void answer_found(const struct xcy_search_report *r, struct xcy_buf *out)
{
    xcy_buf_addf(out, "the highest rate that holds lies between %s/s and %s/s, known to %.2g%%: ",
                 rate_of(r->result->lower_per_s).text, rate_of(r->result->upper_per_s).text,
                 width(r->result) * 100);
    add_bracket(r, out);
    add_disagreement(r, out);
}

static void answer_never_held(const struct xcy_search_report *r, struct xcy_buf *out)
{
    xcy_buf_addf(out,
                 "held at no rate tried, the lowest being %s/s: the target does not reach the "
                 "objective, or only below that",
                 rate_of(r->result->upper_per_s).text);
}

static void answer_bound_reached(const struct xcy_search_report *r, struct xcy_buf *out)
{
    add_lower(r, out);
    xcy_buf_add_text(out, ", and nothing above was to be tried; raise --to to find where it fails");
}

/* The lowest rate at which the generator fell behind. */
static double lowest_unfit(const struct xcy_search_result *result)
{
    double lowest = 0;
    for (size_t i = 0; i < result->n_steps; i++) {
        const struct xcy_step *step = &result->steps[i];
        bool is_lower = lowest <= 0 || step->rate_per_s < lowest;
        lowest = step->result == XCY_STEP_UNFIT && is_lower ? step->rate_per_s : lowest;
    }
    return lowest;
}

static void answer_generator_limited(const struct xcy_search_report *r, struct xcy_buf *out)
{
    if (r->result->lower_per_s > 0) {
        add_lower(r, out);
        xcy_buf_add_text(out, ", perhaps at more: ");
    }
    xcy_buf_addf(out,
                 "the generator fell behind at %s/s, which tells nothing of the target; use more "
                 "--threads, or a freer machine",
                 rate_of(lowest_unfit(r->result)).text);
}

static void answer_unstable(const struct xcy_search_report *r, struct xcy_buf *out)
{
    xcy_buf_addf(out,
                 "no stable answer, %d confirmations contradicted their steps; without "
                 "contradiction it ",
                 XCY_SEARCH_CONTRADICTIONS);
    add_bracket(r, out);
    xcy_buf_add_text(out, "; lengthen --step and --confirm");
}

static void answer_ended_early(const struct xcy_search_report *r, struct xcy_buf *out)
{
    xcy_buf_addf(out, "ended after %zu step%s without an answer; so far: ", r->result->n_steps,
                 r->result->n_steps == 1 ? "" : "s");
    add_bracket(r, out);
}

void xcy_search_report_answer(const struct xcy_search_report *report, struct xcy_buf *out)
{
    typedef void answer_fn(const struct xcy_search_report *, struct xcy_buf *);
    static answer_fn *const answers[] = {
        [XCY_SEARCH_FOUND] = answer_found,
        [XCY_SEARCH_NEVER_HELD] = answer_never_held,
        [XCY_SEARCH_BOUND_REACHED] = answer_bound_reached,
        [XCY_SEARCH_GENERATOR_LIMITED] = answer_generator_limited,
        [XCY_SEARCH_UNSTABLE] = answer_unstable,
        [XCY_SEARCH_ENDED_EARLY] = answer_ended_early,
    };
    answers[report->result->end](report, out);
}

static void add_steps(const struct xcy_search_result *result, struct xcy_buf *out)
{
    static const char *const heads[] = {"step",   "rate/s",     "s",   "kind",
                                        "result", "achieved/s", "run", "evidence"};
    struct xcy_table *table = xcy_table_new("rrrllrll");
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    for (size_t i = 0; i < result->n_steps; i++) {
        const struct xcy_step *step = &result->steps[i];
        xcy_table_add_cell(table, "%zu", i + 1);
        xcy_table_add_cell(table, "%s", rate_of(step->rate_per_s).text);
        xcy_table_add_cell(table, "%g", (double)step->duration_ns / ns_per_s);
        xcy_table_add_cell(table, "%s", step->is_confirmation ? "confirm" : "search");
        xcy_table_add_cell(table, "%s", xcy_step_result_names[step->result]);
        xcy_table_add_cell(table, "%.2f", step->achieved_per_s);
        xcy_table_add_cell(table, "%s", step->path ? step->path : "-");
        xcy_table_add_cell(table, "%s", step->evidence);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

void xcy_search_report_text(const struct xcy_search_report *report, struct xcy_buf *out)
{
    const struct xcy_search_options *o = report->options;
    xcy_buf_addf(out, "objective  %s\n", report->slo);
    xcy_buf_addf(out,
                 "search     from %s/s up to %s/s, to %g%%; steps of %g s, confirmed over %g s\n\n",
                 rate_of(o->from_per_s).text, rate_of(o->to_per_s).text, o->resolution * 100,
                 (double)o->step_ns / ns_per_s, (double)o->confirm_ns / ns_per_s);
    add_steps(report->result, out);
    xcy_buf_addf(out, "\nresult     %s\n", xcy_search_end_names[report->result->end]);
    xcy_buf_add_text(out, "answer     ");
    xcy_search_report_answer(report, out);
    xcy_buf_add_char(out, '\n');
    if (report->error) {
        xcy_buf_addf(out, "error      %s\n", report->error);
    }
}

static void put_rate(struct xcy_json *o, const char *key, double rate_per_s)
{
    if (rate_per_s > 0) {
        xcy_json_put_number(o, key, rate_per_s);
    } else {
        xcy_json_put_null(o, key);
    }
}

static void put_steps(struct xcy_json *o, const struct xcy_search_result *result)
{
    struct xcy_json *steps = xcy_json_put_array(o, "steps");
    for (size_t i = 0; i < result->n_steps; i++) {
        const struct xcy_step *step = &result->steps[i];
        struct xcy_json *s = xcy_json_append_object(steps);
        xcy_json_put_number(s, "rate_per_s", step->rate_per_s);
        xcy_json_put_number(s, "duration_s", (double)step->duration_ns / ns_per_s);
        xcy_json_put_bool(s, "is_confirmation", step->is_confirmation);
        xcy_json_put_string(s, "result", xcy_step_result_names[step->result]);
        put_rate(s, "achieved_per_s", step->achieved_per_s);
        xcy_json_put_string(s, "evidence", step->evidence);
        xcy_json_put_string(s, "path", step->path);
    }
}

static void put_bracket(struct xcy_json *o, const struct xcy_search_report *r)
{
    double lower = r->result->lower_per_s;
    double upper = r->result->upper_per_s;
    xcy_json_put_string(o, "end", xcy_search_end_names[r->result->end]);
    put_rate(o, "lower_per_s", lower);
    put_rate(o, "upper_per_s", upper);
    if (lower > 0 && upper > 0) {
        xcy_json_put_number(o, "width", width(r->result));
    } else {
        xcy_json_put_null(o, "width");
    }
    xcy_json_put_bool(o, "is_lower_confirmed", lower > 0 && is_confirmed(r, lower, XCY_STEP_HOLDS));
    xcy_json_put_bool(o, "is_upper_confirmed", upper > 0 && is_confirmed(r, upper, XCY_STEP_FAILS));
}

enum { ANSWER_MAX_BYTES = 4096 };

void xcy_search_report_json(const struct xcy_search_report *report, struct xcy_buf *out)
{
    const struct xcy_search_options *options = report->options;
    struct xcy_json *o = xcy_json_new_object();
    struct xcy_buf answer;
    xcy_buf_init(&answer, ANSWER_MAX_BYTES);
    xcy_search_report_answer(report, &answer);
    xcy_json_put_string(o, "slo", report->slo);
    xcy_json_put_number(o, "from_per_s", options->from_per_s);
    xcy_json_put_number(o, "to_per_s", options->to_per_s);
    xcy_json_put_number(o, "resolution", options->resolution);
    xcy_json_put_number(o, "step_s", (double)options->step_ns / ns_per_s);
    xcy_json_put_number(o, "confirm_s", (double)options->confirm_ns / ns_per_s);
    put_bracket(o, report);
    xcy_json_put_string(o, "answer", answer.ptr);
    xcy_json_put_string(o, "error", report->error);
    put_steps(o, report->result);
    xcy_json_print(o, false, out);
    xcy_buf_clear(&answer);
}
