/* run_classes.c - what became of the requests, and the share of inconsistent reads. */

#include "report/run_part.h"

#include "report/html.h"
#include "report/panel.h"

#include <math.h>

static const char *const meanings[XCY_N_CLASSES] = {
    [XCY_CLASS_CONSISTENT] = "the first read found the post",
    [XCY_CLASS_INCONSISTENT] = "the first read did not find it",
    [XCY_CLASS_LOST] = "no evaluation came",
    [XCY_CLASS_FAILED] = "writer, reader or barrier failed",
    [XCY_CLASS_SKIPPED] = "the load generator did not send it",
};

static void add_class(struct xcy_buf *out, const struct xcy_branch *classes, const char *name,
                      const char *meaning)
{
    xcy_buf_addf(out, "<tr><th scope=\"row\">%s</th><td class=\"number\">", name);
    xcy_branch_show_count(classes, name, out);
    xcy_buf_addf(out, "</td><td class=\"long\">%s</td></tr>\n", meaning);
}

/* "planned 10 = warmup 2 + consistent 8 + …": that it holds was asserted when it was counted. */
static void add_sum(struct xcy_buf *out, const struct xcy_branch *classes)
{
    xcy_buf_add_text(out, "<p class=\"faint\">planned ");
    xcy_branch_show_count(classes, "planned", out);
    xcy_buf_add_text(out, " = warmup ");
    xcy_branch_show_count(classes, "warmup", out);
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        xcy_buf_addf(out, " + %s ", xcy_class_names[c]);
        xcy_branch_show_count(classes, xcy_class_names[c], out);
    }
    xcy_buf_add_text(out, "</p>\n");
}

/* What befell single requests, whatever their class. */
static void add_befell(struct xcy_buf *out, const struct xcy_branch *json)
{
    static const struct {
        const char *key;
        const char *words;
    } counts[] = {
        {"late", "sent late by the load generator"},
        {"retried", "sent more than once"},
        {"many_execs", "whose writer ran, or may have run, more than once"},
        {"conflicts", "whose readers disagree"},
        {"refused", "with an evaluation of another combination"},
        {"disordered", "with points in an impossible order"},
    };
    xcy_buf_add_text(out, "<p class=\"faint\">Requests ");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        xcy_buf_addf(out, "%s%s: ", i == 0 ? "" : "; ", counts[i].words);
        xcy_branch_show_count(json, counts[i].key, out);
    }
    xcy_buf_add_text(out, ".</p>\n");
}

void xcy_run_add_classes(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch classes = xcy_branch_get(&run->json, "classes");
    xcy_buf_add_text(out, "<h3>Requests and their classes</h3>\n");
    xcy_scroll_begin(out, "classes");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr><th scope=\"col\">class</th>"
                          "<th scope=\"col\" class=\"number\">requests</th>"
                          "<th scope=\"col\">meaning</th></tr></thead><tbody>\n");
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        add_class(out, &classes, xcy_class_names[c], meanings[c]);
    }
    add_class(out, &classes, "warmup", "sent first, and in no figure");
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
    add_sum(out, &classes);
    add_befell(out, &run->json);
}

static void add_interval(struct xcy_buf *out, const struct xcy_branch *share)
{
    xcy_buf_add_text(out, "95 % interval ");
    xcy_branch_show_share(share, "wilson95_low", 1, out);
    xcy_buf_add_text(out, " to ");
    xcy_branch_show_share(share, "wilson95_high", 1, out);
    xcy_buf_add_text(out, " (Wilson); at most ");
    xcy_branch_show_share(share, "clopper_pearson95_high", 2, out);
    xcy_buf_add_text(out, " (exact)");
}

static void add_barrier(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch barrier = xcy_branch_get(&run->json, "barrier");
    if (run->summary->evidence.manifest.combination.consistency == XCY_CONSISTENCY_NONE) {
        return;
    }
    xcy_buf_add_text(out, "<p>Behind the barrier ");
    xcy_branch_show_count(&barrier, "residual", out);
    xcy_buf_add_text(out, " inconsistencies were left; ");
    xcy_branch_show_count(&barrier, "waited", out);
    xcy_buf_add_text(out, " reads waited for it, ");
    xcy_branch_show_count(&barrier, "past_deadline", out);
    xcy_buf_add_text(out, " past its deadline (failed).</p>\n");
}

void xcy_run_add_share(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch share = xcy_branch_get(&run->json, "inconsistent");
    xcy_buf_add_text(out, "<h3>Inconsistent reads</h3>\n");
    if (run->summary->decided == 0) {
        xcy_buf_add_text(out, "<p>No read was decided.</p>\n");
        return;
    }
    xcy_buf_add_text(out, "<p class=\"big\">");
    xcy_branch_show_share(&share, "share", 1, out);
    xcy_buf_add_text(out, "</p>\n<p>");
    xcy_branch_show_count(&share, "events", out);
    xcy_buf_add_text(out, " of ");
    xcy_branch_show_count(&share, "n", out);
    xcy_buf_add_text(out, " decided reads; ");
    add_interval(out, &share);
    xcy_buf_add_text(out, ".</p>\n<p class=\"faint\">Whatever lost, failed and conflicting "
                          "requests were: ");
    xcy_branch_show_share(&share, "share_min", 1, out);
    xcy_buf_add_text(out, " to ");
    xcy_branch_show_share(&share, "share_max", 1, out);
    xcy_buf_add_text(out, ".</p>\n");
    add_barrier(out, run);
}
