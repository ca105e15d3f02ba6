#include "analyzers/facts.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

const struct xcy_fact_kind xcy_facts[XCY_N_FACTS] = {
    [XCY_FACT_POST_STORAGE] = {"post_storage", true, true},
    [XCY_FACT_NOTIFICATION_STORAGE] = {"notification_storage", true, true},
    [XCY_FACT_CONSISTENCY] = {"consistency", true, true},
    [XCY_FACT_DELAY_MS] = {"delay_ms", true, true},
    [XCY_FACT_POST_BYTES] = {"post_bytes", true, false},
    [XCY_FACT_WRITER_REGION] = {"writer_region", true, false},
    [XCY_FACT_READER_REGION] = {"reader_region", true, false},
    [XCY_FACT_RATE_PER_S] = {"rate_per_s", true, false},
    [XCY_FACT_ARRIVALS] = {"arrivals", true, false},
    [XCY_FACT_IS_ASYNC] = {"is_async", true, false},
    [XCY_FACT_REQUESTS] = {"requests", false, false},
    [XCY_FACT_VISIBILITY] = {"visibility", false, false},
    [XCY_FACT_TIME_SCALE] = {"time_scale", false, false},
    [XCY_FACT_VERSION] = {"version", false, true},
};

static void put_text(struct xcy_run_facts *f, enum xcy_fact fact, const char *text)
{
    f->text[fact] = xcy_strdup(text ? text : "");
}

static void put_whole(struct xcy_run_facts *f, enum xcy_fact fact, int64_t value)
{
    f->text[fact] = xcy_format("%lld", (long long)value);
}

static void put_number(struct xcy_run_facts *f, enum xcy_fact fact, double value)
{
    f->text[fact] = xcy_format("%g", value);
}

struct xcy_run_facts xcy_run_facts_of(const struct xcy_manifest *m)
{
    const struct xcy_combination *c = &m->combination;
    struct xcy_run_facts f = {.text = {NULL}};
    char visibility[XCY_VISIBILITY_BYTES];
    put_text(&f, XCY_FACT_POST_STORAGE, xcy_post_storage_names[c->post_storage]);
    put_text(&f, XCY_FACT_NOTIFICATION_STORAGE,
             xcy_notification_storage_names[c->notification_storage]);
    put_text(&f, XCY_FACT_CONSISTENCY, xcy_consistency_names[c->consistency]);
    put_whole(&f, XCY_FACT_DELAY_MS, c->delay_ms);
    put_whole(&f, XCY_FACT_POST_BYTES, c->post_bytes);
    put_text(&f, XCY_FACT_WRITER_REGION, c->writer_region);
    put_text(&f, XCY_FACT_READER_REGION, c->reader_region);
    put_number(&f, XCY_FACT_RATE_PER_S, m->rate_per_s);
    put_text(&f, XCY_FACT_ARRIVALS, m->arrivals);
    put_text(&f, XCY_FACT_IS_ASYNC, m->is_async ? "true" : "false");
    put_whole(&f, XCY_FACT_REQUESTS, m->planned - m->warmup_slots);
    xcy_visibility_format(c, visibility);
    put_text(&f, XCY_FACT_VISIBILITY, visibility);
    put_number(&f, XCY_FACT_TIME_SCALE, m->time_scale);
    put_text(&f, XCY_FACT_VERSION, m->version);
    return f;
}

void xcy_run_facts_clear(struct xcy_run_facts *f)
{
    for (size_t fact = 0; fact < XCY_N_FACTS; fact++) {
        free(f->text[fact]);
    }
    *f = (struct xcy_run_facts){.text = {NULL}};
}

/* XCY_N_FACTS: none. */
static size_t first_unlike(const struct xcy_run_facts *a, const struct xcy_run_facts *b,
                           unsigned may_differ)
{
    for (size_t fact = 0; fact < XCY_N_FACTS; fact++) {
        bool is_asked = xcy_facts[fact].makes_cells && (may_differ & 1U << fact) == 0;
        if (is_asked && strcmp(a->text[fact], b->text[fact]) != 0) {
            return fact;
        }
    }
    return XCY_N_FACTS;
}

enum xcy_status xcy_facts_check_alike(const struct xcy_evidence *first,
                                      const struct xcy_evidence *other, unsigned may_differ,
                                      const char *rule, struct xcy_error *err)
{
    struct xcy_run_facts a = xcy_run_facts_of(&first->manifest);
    struct xcy_run_facts b = xcy_run_facts_of(&other->manifest);
    enum xcy_status status = XCY_OK;
    size_t fact = first_unlike(&a, &b, may_differ);
    if (fact < XCY_N_FACTS) {
        status = xcy_fail(err, XCY_EUSAGE, "%s: its %s is %s, that of %s is %s; %s", other->path,
                          xcy_facts[fact].name, b.text[fact], first->path, a.text[fact], rule);
    }
    xcy_run_facts_clear(&a);
    xcy_run_facts_clear(&b);
    return status;
}
