#include "margins.h"

#include "tests/support/unit.h"

#include "common/base/mem.h"

#include <stdlib.h>

static const int64_t asked_us = 1000000;

void margins_init(struct margins *m)
{
    struct xcy_error err;
    assert_ok(xcy_metric_set_read(NULL, &m->metrics, &err), &err);
    m->evidence = (struct xcy_evidence){.metrics = &m->metrics, .path = xcy_strdup("run")};
    m->evidence.distributions = xcy_alloc_array(m->metrics.n, sizeof *m->evidence.distributions);
    for (size_t i = 0; i < m->metrics.n; i++) {
        xcy_distribution_init(&m->evidence.distributions[i], &m->metrics.items[i],
                              XCY_CONSISTENCY_NONE);
    }
    xcy_distribution_init(&m->evidence.polled, xcy_metric_find("race_margin"),
                          XCY_CONSISTENCY_NONE);
}

void margins_clear(struct margins *m)
{
    xcy_evidence_clear(&m->evidence);
    xcy_metric_set_clear(&m->metrics);
}

static struct xcy_record record_of(struct margin margin)
{
    bool found = margin.low_us < 0;
    struct xcy_record r = {.klass = found ? XCY_CLASS_CONSISTENT : XCY_CLASS_INCONSISTENT};
    r.points.us[XCY_POINT_ASKED] = asked_us;
    r.points.us[XCY_POINT_READ] = asked_us;
    if (!found && margin.is_polled) {
        r.flags = XCY_FLAG_POLLED;
        r.points.us[XCY_POINT_MISSED] = asked_us + margin.low_us;
        r.points.us[XCY_POINT_VISIBLE] = margin.high_us < 0 ? 0 : asked_us + margin.high_us;
    }
    return r;
}

void margins_add(struct margins *m, struct margin margin)
{
    struct xcy_record record = record_of(margin);
    margins_add_record(m, &record);
}

void margins_add_record(struct margins *m, const struct xcy_record *record)
{
    struct xcy_clocks_view view = {.record = record};
    size_t at = (size_t)(xcy_metric_set_find(&m->metrics, "race_margin") - m->metrics.items);
    xcy_distribution_take(&m->evidence.distributions[at], &view);
    if (record->flags & XCY_FLAG_POLLED) {
        xcy_distribution_take(&m->evidence.polled, &view);
    }
    xcy_counts_take(&m->evidence.counts, record);
}

void margins_settle(struct margins *m)
{
    for (size_t i = 0; i < m->metrics.n; i++) {
        xcy_distribution_settle(&m->evidence.distributions[i]);
    }
    xcy_distribution_settle(&m->evidence.polled);
}
