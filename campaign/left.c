#include "campaign/left.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double median_beyond_load(const struct xcy_campaign_state *state)
{
    size_t n = 0;
    double *beyond_s = xcy_alloc_array(state->plan.n_runs, sizeof *beyond_s);
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        const struct xcy_run_record *r = &state->runs[i];
        if (r->progress == XCY_RUN_DONE && isfinite(r->took_s)) {
            beyond_s[n++] =
                r->took_s - xcy_cell_load_s(&state->plan.cells[state->plan.runs[i].cell]);
        }
    }
    double median = NAN;
    if (n > 0) {
        xcy_sort(beyond_s, n);
        median = xcy_quantile_linear(beyond_s, n, 0.5);
    }
    free(beyond_s);
    return median;
}

double xcy_campaign_left_s(const struct xcy_campaign_state *state, size_t from, bool retries)
{
    double beyond_s = median_beyond_load(state);
    double left_s = 0;
    for (size_t i = from; i < state->plan.n_runs; i++) {
        enum xcy_run_progress progress = state->runs[i].progress;
        if (progress == XCY_RUN_TO_DO || progress == XCY_RUN_BEGUN ||
            (retries && progress == XCY_RUN_FAILED)) {
            left_s += beyond_s + xcy_cell_load_s(&state->plan.cells[state->plan.runs[i].cell]);
        }
    }
    return isnan(beyond_s) ? NAN : fmax(left_s, 0);
}

void xcy_campaign_left_format(double left_s, char to[XCY_LEFT_BYTES])
{
    to[0] = '\0';
    if (isnan(left_s)) {
        return;
    }
    if (left_s < 90) {
        snprintf(to, XCY_LEFT_BYTES, "about %.0f s left", left_s);
    } else if (left_s < 90 * 60) {
        snprintf(to, XCY_LEFT_BYTES, "about %.0f min left", left_s / 60);
    } else {
        snprintf(to, XCY_LEFT_BYTES, "about %.1f h left", left_s / 3600);
    }
}
