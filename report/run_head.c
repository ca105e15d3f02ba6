/* run_head.c - whether a run is valid, and what was run. */

#include "report/run_part.h"

#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static const char *verdict_meaning(enum xcy_verdict verdict)
{
    static const char *const meanings[] = {
        [XCY_VERDICT_NONE] = "none was given",
        [XCY_VERDICT_VALID] = "it sent when it was due",
        [XCY_VERDICT_GENERATOR_LIMITED] = "the load generator could not keep up",
        [XCY_VERDICT_TARGET_LIMITED] = "the system under test could not keep up",
    };
    return meanings[verdict];
}

static void add_phase(struct xcy_buf *out, const struct xcy_run_part *run, enum xcy_phase_of of,
                      const char *what)
{
    struct xcy_branch phases = xcy_branch_get(&run->json, "phases");
    struct xcy_branch phase = xcy_branch_get(&phases, xcy_phase_names[of]);
    if (!run->summary->phases[of].is_found) {
        return;
    }
    xcy_buf_addf(out, "<p class=\"warning\"><strong>Warning: a phase.</strong> %s went from ",
                 what);
    if (of == XCY_PHASE_SHARE) {
        xcy_branch_show_share(&phase, "least_share", 1, out);
        xcy_buf_add_text(out, " to ");
        xcy_branch_show_share(&phase, "most_share", 1, out);
    } else {
        xcy_branch_show_ms(&phase, "least_p50_ms", "-", out);
        xcy_buf_add_text(out, " to ");
        xcy_branch_show_ms(&phase, "most_p50_ms", "-", out);
    }
    xcy_buf_addf(out, " over %zu blocks of time, which chance explains with ",
                 run->summary->evidence.timeline.n);
    xcy_branch_show_p(&phase, "p", out);
    xcy_buf_add_text(out, ". Each figure below is a mixture of these.</p>\n");
}

void xcy_run_add_verdict(struct xcy_buf *out, const struct xcy_run_part *run)
{
    const char *problem = run->summary->problem;
    if (problem[0]) {
        xcy_buf_add_text(out, "<p class=\"verdict bad\"><strong>Not valid.</strong> "
                              "These figures are not to be used: ");
        xcy_markup_add_text(out, problem);
        xcy_buf_add_text(out, ".</p>\n");
    } else {
        xcy_buf_add_text(out, "<p class=\"verdict\"><strong>Valid.</strong> Load, clocks and "
                              "counts were in order.</p>\n");
    }
    add_phase(out, run, XCY_PHASE_SHARE, "The share of inconsistent reads");
    add_phase(out, run, XCY_PHASE_WINDOW, "The median upper end of the windows by visibility");
    add_phase(out, run, XCY_PHASE_MISSED,
              "The median upper end of the windows of inconsistent reads");
}

static void add_fact(struct xcy_buf *out, const char *name, const char *text)
{
    if (text && text[0]) {
        xcy_buf_addf(out, "<dt>%s</dt><dd>", name);
        xcy_markup_add_text(out, text);
        xcy_buf_add_text(out, "</dd>\n");
    }
}

static void add_instant(struct xcy_buf *out, const char *name, int64_t us)
{
    char text[40];
    struct tm utc;
    time_t seconds = (time_t)(us / 1000000);
    if (us > 0 && gmtime_r(&seconds, &utc)) {
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc);
        add_fact(out, name, text);
    }
}

static void add_load(struct xcy_buf *out, const struct xcy_run_part *run)
{
    const struct xcy_manifest *m = &run->summary->evidence.manifest;
    xcy_buf_add_text(out, "<dt>load</dt><dd>");
    if (m->rate_per_s > 0) {
        xcy_branch_show(&run->json, "rate_per_s", out, "%g", m->rate_per_s);
        xcy_buf_add_text(out, " requests/s asked, ");
    }
    xcy_markup_add_text(out, m->arrivals);
    xcy_buf_addf(out, " arrivals, %s; time scale ", m->is_async ? "asynchronous" : "synchronous");
    xcy_branch_show(&run->json, "time_scale", out, "%g", m->time_scale);
    xcy_buf_add_text(out, "</dd>\n");
}

static void add_verdict_of_load(struct xcy_buf *out, const struct xcy_manifest *m)
{
    char text[512];
    snprintf(text, sizeof text, "%s: %s%s%s", xcy_verdict_names[m->verdict],
             verdict_meaning(m->verdict), m->verdict_reason && m->verdict_reason[0] ? "; " : "",
             m->verdict_reason ? m->verdict_reason : "");
    add_fact(out, "load's verdict", text);
}

static void add_numbers(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch combination = xcy_branch_get(&run->json, "combination");
    xcy_buf_add_text(out, "<dt>posts of</dt><dd>");
    xcy_branch_show_count(&combination, "post_bytes", out);
    xcy_buf_add_text(out, " bytes</dd>\n<dt>delay</dt><dd>");
    xcy_branch_show_count(&combination, "delay_ms", out);
    xcy_buf_add_text(out, " ms, between write and notification</dd>\n");
}

void xcy_run_add_asked(struct xcy_buf *out, const struct xcy_run_part *run)
{
    char visibility[XCY_VISIBILITY_BYTES];
    const struct xcy_manifest *m = &run->summary->evidence.manifest;
    xcy_visibility_format(&m->combination, visibility);
    xcy_buf_add_text(out, "<h3>What was run</h3>\n<dl>\n");
    add_fact(out, "run", m->run);
    add_fact(out, "folder", run->summary->evidence.path);
    add_fact(out, "tag", m->tag);
    add_numbers(out, run);
    add_load(out, run);
    add_verdict_of_load(out, m);
    add_instant(out, "began", m->started_us);
    add_instant(out, "ended", m->ended_us);
    add_fact(out, "endpoint", m->endpoint);
    add_fact(out, "deployment", m->deployment);
    add_fact(out, "misses polled", visibility);
    add_fact(out, "from machine", m->host);
    add_fact(out, "xcybench", m->version);
    xcy_buf_add_text(out, "</dl>\n");
}
