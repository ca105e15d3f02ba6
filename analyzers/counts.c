#include "analyzers/counts.h"

#include <math.h>

bool xcy_record_is_warmup(const struct xcy_record *record)
{
    return (record->flags & XCY_FLAG_WARMUP) != 0;
}

static int64_t has(const struct xcy_record *record, unsigned flag)
{
    return (record->flags & flag) != 0 ? 1 : 0;
}

/* Stamps of functions that do not name their process, as the reference's. */
static bool is_unnamed(const struct xcy_record *r)
{
    bool has_writer = xcy_stamps_has(&r->points, XCY_POINT_START);
    bool has_reader = xcy_stamps_has(&r->points, XCY_POINT_SEEN);
    return (has_writer && r->writer_instance[0] == '\0') ||
           (has_reader && r->reader_instance[0] == '\0');
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_decided(const struct xcy_record *r)
{
    return r->klass == XCY_CLASS_CONSISTENT || r->klass == XCY_CLASS_INCONSISTENT;
}

void xcy_counts_take(struct xcy_counts *c, const struct xcy_record *r)
{
    c->planned++;
    c->refused += has(r, XCY_FLAG_REFUSED);
    c->unnamed += is_unnamed(r) ? 1 : 0;
    if (xcy_record_is_warmup(r)) {
        c->warmup++;
        return;
    }
    c->classes[r->klass]++;
    c->late += has(r, XCY_FLAG_LATE);
    c->retried += r->attempts > 1 ? 1 : 0;
    c->waited += has(r, XCY_FLAG_WAITED);
    c->barriers_late += has(r, XCY_FLAG_BARRIER_TIMEOUT);
    c->many_execs += has(r, XCY_FLAG_MANY_EXECS);
    c->many_execs_decided += is_decided(r) && has(r, XCY_FLAG_MANY_EXECS) ? 1 : 0;
    c->conflicts += has(r, XCY_FLAG_CONFLICT);
    c->conflicts_of[r->klass] += has(r, XCY_FLAG_CONFLICT);
    c->ok += r->outcome == XCY_OUTCOME_OK ? 1 : 0;
    c->first_sent_us = earlier(c->first_sent_us, r->points.us[XCY_POINT_SENT]);
    c->last_acked_us = later(c->last_acked_us, r->points.us[XCY_POINT_ACKED]);
}

void xcy_counts_add(struct xcy_counts *to, const struct xcy_counts *from)
{
    to->planned += from->planned;
    to->warmup += from->warmup;
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        to->classes[c] += from->classes[c];
        to->conflicts_of[c] += from->conflicts_of[c];
    }
    to->late += from->late;
    to->retried += from->retried;
    to->waited += from->waited;
    to->barriers_late += from->barriers_late;
    to->many_execs += from->many_execs;
    to->many_execs_decided += from->many_execs_decided;
    to->conflicts += from->conflicts;
    to->refused += from->refused;
    to->unnamed += from->unnamed;
    to->ok += from->ok;
    to->first_sent_us = earlier(to->first_sent_us, from->first_sent_us);
    to->last_acked_us = later(to->last_acked_us, from->last_acked_us);
}

void xcy_counts_check(const struct xcy_counts *counts)
{
    int64_t sum = counts->warmup;
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        sum += counts->classes[c];
    }
    xcy_assert(sum == counts->planned);
}

int64_t xcy_counts_decided(const struct xcy_counts *counts)
{
    return counts->classes[XCY_CLASS_CONSISTENT] + counts->classes[XCY_CLASS_INCONSISTENT];
}

double xcy_counts_throughput_per_s(const struct xcy_counts *c)
{
    int64_t taken_us = c->last_acked_us - c->first_sent_us;
    return c->ok > 0 && c->first_sent_us > 0 && taken_us > 0
               ? (double)c->ok * 1e6 / (double)taken_us
               : NAN;
}
