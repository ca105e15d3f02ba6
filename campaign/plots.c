#include "campaign/plots.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/yaml.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_PLOTS_BYTES = 64 << 20 };

static bool is_drawn(const struct xcy_campaign_state *state, size_t run)
{
    const struct xcy_run_record *r = &state->runs[run];
    return r->progress == XCY_RUN_DONE && r->is_valid && r->folder;
}

static const struct xcy_cell *cell_of(const struct xcy_campaign_state *state, size_t run)
{
    return &state->plan.cells[state->plan.runs[run].cell];
}

/* The reference draws windows of sns alone, without artificial delays. */
static bool is_window(const struct xcy_cell *cell)
{
    return cell->notification_storage == XCY_NOTIFICATION_SNS && cell->delay_ms == 0;
}

static bool is_undelayed(const struct xcy_cell *cell)
{
    return cell->delay_ms == 0;
}

static void add_path(const struct xcy_campaign_state *state, const char *base, size_t run,
                     struct xcy_buf *out)
{
    char *path = xcy_format("%s/%s", base, state->runs[run].folder);
    xcy_buf_add_text(out, "  - ");
    xcy_yaml_add_scalar(out, path);
    xcy_buf_add_char(out, '\n');
    free(path);
}

static void add_paths(const struct xcy_campaign_state *state, const char *base, const char *plot,
                      bool (*takes)(const struct xcy_cell *cell), struct xcy_buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        if (!is_drawn(state, i) || !takes(cell_of(state, i))) {
            continue;
        }
        if (n++ == 0) {
            xcy_buf_addf(out, "%s:\n  gather_paths:\n", plot);
        }
        add_path(state, base, i, out);
    }
}

static bool is_same_pair(const struct xcy_cell *a, const struct xcy_cell *b)
{
    return a->post_storage == b->post_storage && a->notification_storage == b->notification_storage;
}

static bool is_first_of_pair(const struct xcy_campaign_plan *plan, size_t cell)
{
    for (size_t i = 0; i < cell; i++) {
        if (is_same_pair(&plan->cells[i], &plan->cells[cell])) {
            return false;
        }
    }
    return true;
}

/* A delay tells something of runs without a consistency only. */
static bool is_of_sweep(const struct xcy_campaign_state *state, size_t run,
                        const struct xcy_cell *pair)
{
    const struct xcy_cell *cell = cell_of(state, run);
    return is_drawn(state, run) && is_same_pair(cell, pair) &&
           cell->consistency == XCY_CONSISTENCY_NONE;
}

/* Whether the pair was measured with a delay, and by which run first. */
static bool has_delayed_run(const struct xcy_campaign_state *state, const struct xcy_cell *pair,
                            size_t *first)
{
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        if (is_of_sweep(state, i, pair) && cell_of(state, i)->delay_ms > 0) {
            *first = i;
            return true;
        }
    }
    return false;
}

static const char *region_of(const struct xcy_run_record *r, const char *key)
{
    const struct xcy_json *combination = xcy_json_get(r->summary, "combination");
    return xcy_alias_of_region(xcy_json_get_string(combination, key, ""));
}

/* The runs of the pairs that were measured with delays, of one number of requests: the shares of others
 * are not told apart in the reference's plot. */
static void add_delayed_paths(const struct xcy_campaign_state *state, const char *base,
                              int64_t requests, struct xcy_buf *out)
{
    size_t first = 0;
    xcy_buf_add_text(out, "  gather_paths:\n");
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        const struct xcy_cell *cell = cell_of(state, i);
        if (cell->requests == requests && is_of_sweep(state, i, cell) &&
            has_delayed_run(state, cell, &first)) {
            add_path(state, base, i, out);
        }
    }
}

/* Each pair of stores that was measured with delays, once. gather_paths is our own key, so that runs
 * that are not valid stay out, and plot finds the others from anywhere. */
static void add_delays(const struct xcy_campaign_state *state, const char *base,
                       struct xcy_buf *out)
{
    size_t first = 0;
    int64_t requests = 0;
    for (size_t i = 0; i < state->plan.n_cells; i++) {
        const struct xcy_cell *cell = &state->plan.cells[i];
        if (!is_first_of_pair(&state->plan, i) || !has_delayed_run(state, cell, &first)) {
            continue;
        }
        if (requests == 0) {
            requests = cell_of(state, first)->requests;
            xcy_buf_addf(out,
                         "delay_vs_per_inconsistencies:\n  writer_region: %s\n"
                         "  reader_region: %s\n  num_requests: %lld\n  combinations:\n",
                         region_of(&state->runs[first], "writer_region"),
                         region_of(&state->runs[first], "reader_region"), (long long)requests);
        }
        if (cell_of(state, first)->requests == requests) {
            xcy_buf_addf(out, "  - {post_storage: %s, notification_storage: %s}\n",
                         xcy_post_storage_names[cell->post_storage],
                         xcy_notification_storage_names[cell->notification_storage]);
        }
    }
    if (requests > 0) {
        add_delayed_paths(state, base, requests, out);
    }
}

/* It differs from the other in nothing but what is done against inconsistencies: a barrier, or a delay. */
static bool is_remedy_beside(const struct xcy_cell *cell, const struct xcy_cell *other)
{
    struct xcy_cell wanted = *other; /* borrows its texts */
    wanted.consistency = cell->consistency;
    wanted.delay_ms = cell->delay_ms;
    return (cell->consistency == XCY_CONSISTENCY_NONE || cell->delay_ms == 0) &&
           xcy_cell_is_same(cell, &wanted);
}

static bool is_remedy_run(const struct xcy_campaign_state *state, size_t run,
                          const struct xcy_cell *beside)
{
    return is_drawn(state, run) && is_remedy_beside(cell_of(state, run), beside);
}

/* Whether there are runs beside this one without a remedy, with a delay and behind a barrier. */
static bool has_all_remedies(const struct xcy_campaign_state *state, const struct xcy_cell *beside)
{
    bool has_none = false;
    bool has_delay = false;
    bool has_barrier = false;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        if (is_remedy_run(state, i, beside)) {
            const struct xcy_cell *cell = cell_of(state, i);
            bool is_barrier = cell->consistency != XCY_CONSISTENCY_NONE;
            has_barrier |= is_barrier;
            has_delay |= cell->delay_ms > 0;
            has_none |= !is_barrier && cell->delay_ms == 0;
        }
    }
    return has_none && has_delay && has_barrier;
}

/* The picture is of one pair of stores: the first that has been measured in all ways. */
static void add_costs(const struct xcy_campaign_state *state, const char *base, struct xcy_buf *out)
{
    const struct xcy_campaign_plan *plan = &state->plan;
    size_t first = 0;
    size_t cell = 0;
    while (cell < plan->n_cells && !(has_delayed_run(state, &plan->cells[cell], &first) &&
                                     has_all_remedies(state, &plan->cells[cell]))) {
        cell++;
    }
    if (cell == plan->n_cells) {
        return;
    }
    xcy_buf_add_text(out, "cost_at_equal_residual:\n  gather_paths:\n");
    for (size_t i = 0; i < plan->n_runs; i++) {
        if (is_remedy_run(state, i, &plan->cells[cell])) {
            add_path(state, base, i, out);
        }
    }
}

void xcy_campaign_plots(const struct xcy_campaign_state *state, const char *base,
                        struct xcy_buf *out)
{
    add_paths(state, base, "consistency_window", is_window, out);
    add_delays(state, base, out);
    add_paths(state, base, "storage_overhead", is_undelayed, out);
    add_costs(state, base, out);
}

enum xcy_status xcy_campaign_write_plots(const char *folder, const struct xcy_campaign_state *state,
                                         struct xcy_error *err)
{
    char base[PATH_MAX];
    if (!realpath(folder, base)) {
        return xcy_fail_errno(err, errno, "%s", folder);
    }
    struct xcy_buf text;
    char *path = xcy_format("%s/plots.yml", folder);
    enum xcy_status status = XCY_OK;
    xcy_buf_init(&text, MAX_PLOTS_BYTES);
    xcy_campaign_plots(state, base, &text);
    status = xcy_buf_check(&text, path, err);
    if (status == XCY_OK && text.len > 0) {
        status = xcy_file_replace(path, xcy_buf_bytes(&text), 0644, err);
    } else if (status == XCY_OK) {
        unlink(path);
    }
    xcy_buf_clear(&text);
    free(path);
    return status;
}
