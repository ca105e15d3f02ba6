#include "loadgen/watching.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "loadgen/report/live.h"
#include "loadgen/report/metrics.h"

#include <inttypes.h>
#include <stdlib.h>

/* A share of fewer slots says too little to stop a run for it. */
enum { LEAST_TO_ABORT = 10 };

struct xcy_watching {
    const struct xcy_preparation *p;
    struct xcy_progress *progress;
    struct xcy_metrics *metrics;
    const struct xcy_objective *aborted_by;
    struct xcy_error lost_keys; /* XCY_OK: they hold */
};

/* NULL: nobody is spoken to. */
static const char *endpoint_of(const struct xcy_preparation *p)
{
    if (p->engine == &xcy_engine_http) {
        return p->web.shown_url;
    }
    const char *endpoint = p->target.deployment->endpoint;
    return p->engine->is_invoking ? (endpoint ? endpoint : "aws") : NULL;
}

enum xcy_status xcy_watching_start(const struct xcy_preparation *p, struct xcy_watching **watching,
                                   struct xcy_error *err)
{
    struct xcy_watching *w = xcy_alloc(sizeof *w);
    w->p = p;
    if (p->options->metrics) {
        enum xcy_status status = xcy_metrics_start(p->options->metrics, &w->metrics, err);
        if (status != XCY_OK) {
            free(w);
            return status;
        }
        xcy_metrics_describe(w->metrics, p->engine->name, endpoint_of(p));
    }
    w->progress = xcy_progress_start(p->options->shows_progress);
    *watching = w;
    return XCY_OK;
}

void xcy_watching_end(struct xcy_watching *watching)
{
    if (!watching) {
        return;
    }
    xcy_progress_end(watching->progress);
    xcy_metrics_stop(watching->metrics);
    free(watching);
}

/* The first --abort-on that has come true. */
static const struct xcy_objective *find_cause(const struct xcy_objectives *list,
                                              const struct xcy_tally *total)
{
    if (xcy_counts_slots(&total->measured) < LEAST_TO_ABORT) {
        return NULL;
    }
    for (size_t i = 0; i < list->n; i++) {
        if (xcy_objective_judge(&list->items[i], total, NULL) == XCY_OBJECTIVE_MET) {
            return &list->items[i];
        }
    }
    return NULL;
}

/* Keys that have expired and cannot be refreshed: nothing that is sent can succeed any more. */
static bool has_lost_keys(struct xcy_watching *w)
{
    bool is_web = w->p->engine == &xcy_engine_http;
    struct xcy_key_source *keys = is_web ? w->p->web.keys : w->p->target.keys;
    if (keys && w->lost_keys.status == XCY_OK) {
        struct xcy_error err;
        w->lost_keys = xcy_key_source_check(keys, &err) == XCY_OK ? w->lost_keys : err;
    }
    return w->lost_keys.status != XCY_OK;
}

enum xcy_look xcy_watching_look(void *ctx, const struct xcy_view *view)
{
    struct xcy_watching *w = ctx;
    if (w->metrics) {
        xcy_metrics_publish(w->metrics, view);
    }
    xcy_live_show(w->progress, view);
    if (view->is_new_second && !view->is_stopping && !view->is_last) {
        w->aborted_by = find_cause(&w->p->abort_on, view->total);
    }
    if (!view->is_stopping && !view->is_last && has_lost_keys(w)) {
        return XCY_LOOK_STOP;
    }
    return w->aborted_by ? XCY_LOOK_STOP : XCY_LOOK_GO_ON;
}

const struct xcy_objective *xcy_watching_aborted_by(const struct xcy_watching *watching)
{
    return watching ? watching->aborted_by : NULL;
}

enum xcy_status xcy_watching_keys(const struct xcy_watching *watching, struct xcy_error *err)
{
    if (watching && watching->lost_keys.status != XCY_OK) {
        *err = watching->lost_keys;
        return err->status;
    }
    return XCY_OK;
}
