#include "analyzers/windows/likeliest.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct known {
    const struct xcy_metric *window;
    enum xcy_consistency consistency;
    struct xcy_interval *windows;
    size_t n;
};

static void take(void *context, const struct xcy_record *record)
{
    struct known *known = context;
    struct xcy_value value;
    if (known->n == XCY_LIKELIEST_MOST || xcy_record_is_warmup(record) ||
        !xcy_metric_of(known->window, record, known->consistency, &value)) {
        return;
    }
    xcy_value_order(&value);
    known->windows[known->n++] = (struct xcy_interval){value.low_us, value.high_us};
}

static enum xcy_status estimate(struct xcy_windows_group *g, struct xcy_error *err)
{
    struct known known = {.window = g->windows.metric, .consistency = g->windows.consistency};
    known.windows = xcy_alloc_array(XCY_LIKELIEST_MOST, sizeof *known.windows);
    void *const contexts[] = {&known};
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < g->n_rounds; i++) {
        status =
            xcy_records_scan(g->rounds[i]->evidence.path, XCY_USE_FIGURES, take, contexts, 1, err);
    }
    if (status == XCY_OK && known.n > 0) {
        g->likeliest = xcy_alloc(sizeof *g->likeliest);
        xcy_turnbull_init(g->likeliest, known.windows, known.n);
    }
    free(known.windows);
    return status;
}

enum xcy_status xcy_windows_estimate(struct xcy_windows *windows, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < windows->n; i++) {
        if (xcy_distribution_size(&windows->groups[i].windows) <= XCY_LIKELIEST_MOST) {
            status = estimate(&windows->groups[i], err);
        }
    }
    return status;
}
