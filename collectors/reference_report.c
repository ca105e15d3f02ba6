#include "collectors/reference_report.h"

#include "collectors/report.h"
#include "collectors/sums.h"

#include "common/data/json.h"
#include "common/record/evaluation.h"
#include "common/stats/proportion.h"

/* What is wrong with every figure of these files, and stays so for the sake of comparing. */
static const char *const errors[] = {
    "i alone is the match: messages of an earlier run pass for this one's",
    "n is what arrived: 85 of 100 counts as 85 of 85",
    "notification sizes are of Python's heap, not of the wire",
    "sizes of DynamoDB and S3 are constants",
    "times are cut to whole ms: 0.5 ms too short in the mean",
    "three machines' clocks are subtracted unchecked",
};

enum { N_ERRORS = sizeof errors / sizeof *errors };

/* The share, and what it could be. */
struct shares {
    double share;
    struct xcy_interval wilson95;
    double least; /* whatever the missing requests were */
    double most;
};

static struct shares shares_of(const struct xcy_reference_gathered *g)
{
    double requests = (double)g->state->requests;
    return (struct shares){
        .share = (double)g->inconsistent / (double)g->results,
        .wilson95 = xcy_wilson(g->inconsistent, g->results, 0.95),
        .least = (double)g->inconsistent / requests,
        .most = (double)(g->inconsistent + g->n_missing) / requests,
    };
}

static void add_sum(struct xcy_sum sum, struct xcy_buf *out)
{
    xcy_sum_format(&sum, out);
    xcy_buf_add_char(out, '\n');
}

static void add_range(const struct xcy_reference_gathered *g, struct xcy_buf *out)
{
    struct shares s = shares_of(g);
    if (g->n_missing > 0) {
        xcy_buf_addf(out,
                     "of all %lld requests it is between %.2f %% and %.2f %%: %lld have not "
                     "reported\n",
                     (long long)g->state->requests, 100 * s.least, 100 * s.most,
                     (long long)g->n_missing);
    }
    if (g->n_unused > 0) {
        xcy_buf_addf(out,
                     "%lld duplicates came after the reference would have stopped: they are in "
                     "no row\n",
                     (long long)g->n_unused);
    }
}

void xcy_reference_report_text(const struct xcy_reference_gathered *gathered, struct xcy_buf *out)
{
    const struct xcy_combination *c = &gathered->state->combination;
    struct shares s = shares_of(gathered);
    xcy_buf_addf(out, "%s-%s, %s, delay %lld ms, %s to %s\n\n",
                 xcy_post_storage_names[c->post_storage],
                 xcy_notification_storage_names[c->notification_storage],
                 xcy_consistency_names[c->consistency], (long long)c->delay_ms, c->writer_region,
                 c->reader_region);
    xcy_buf_addf(out, "inconsistent %.2f %% (%lld of %lld; 95 %% interval %.2f %% to %.2f %%)\n",
                 100 * s.share, (long long)gathered->inconsistent, (long long)gathered->results,
                 100 * s.wilson95.low, 100 * s.wilson95.high);
    add_range(gathered, out);
    add_sum(xcy_sum_of_messages(&gathered->tally), out);
    if (gathered->has_received) {
        add_sum(xcy_sum_of_queue(&gathered->received), out);
    }
    xcy_buf_add_text(out, "\nthe reference's figures, with its errors:\n");
    for (size_t e = 0; e < N_ERRORS; e++) {
        xcy_buf_addf(out, "  - %s\n", errors[e]);
    }
    xcy_buf_addf(out, "\nfiles %s\n", gathered->path);
}

static void put_share(struct xcy_json *object, const struct xcy_reference_gathered *g)
{
    struct shares s = shares_of(g);
    struct xcy_json *inconsistent = xcy_json_put_object(object, "inconsistent");
    xcy_json_put_int64(inconsistent, "events", g->inconsistent);
    xcy_json_put_int64(inconsistent, "n", g->results);
    xcy_json_put_number(inconsistent, "share", s.share);
    xcy_json_put_number(inconsistent, "wilson95_low", s.wilson95.low);
    xcy_json_put_number(inconsistent, "wilson95_high", s.wilson95.high);
    xcy_json_put_number(inconsistent, "share_min", s.least);
    xcy_json_put_number(inconsistent, "share_max", s.most);
}

void xcy_reference_report_json(const struct xcy_reference_gathered *gathered, struct xcy_buf *out)
{
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put_int64(object, "v", XCY_FORMAT_VERSION);
    xcy_json_put_string(object, "path", gathered->path);
    xcy_json_put_string(object, "ended", gathered->ended);
    xcy_json_put_bool(object, "valid", gathered->is_valid);
    xcy_json_put_string(object, "reason", gathered->why_invalid);
    xcy_json_put_int64(object, "requests", gathered->state->requests);
    xcy_json_put_int64(object, "missing", gathered->n_missing);
    xcy_json_put_int64(object, "results", gathered->results);
    xcy_json_put_int64(object, "expected", gathered->expected);
    xcy_json_put_int64(object, "unused", gathered->n_unused);
    put_share(object, gathered);
    xcy_report_put_messages(object, &gathered->tally);
    if (gathered->has_received) {
        xcy_report_put_queue(object, &gathered->received);
    }
    struct xcy_json *list = xcy_json_put_array(object, "errors");
    for (size_t e = 0; e < N_ERRORS; e++) {
        xcy_json_append(list, xcy_json_new_string(errors[e]));
    }
    xcy_json_print(object, false, out);
}
