#ifndef XCY_LOADGEN_REPORT_METRICS_H
#define XCY_LOADGEN_REPORT_METRICS_H

/*
 * metrics.h - GET /metrics: where a run is, as Prometheus text (exposition format 0.0.4), for
 * --metrics 127.0.0.1:PORT. The families are one table (metrics.c). Names begin with
 * xcybench_loadgen_, carry their unit, and counters end in _total. Latencies are histograms in
 * seconds with fixed bounds, by outcome; a value is counted to a bound as exactly as hist.h keeps it.
 *
 * What is served is what was published last: a scrape never touches what the workers count.
 *
 * Threads:  publish from one thread; requests are answered on the server's.
 */

#include "common/base/error.h"
#include "loadgen/record/view.h"

struct xcy_metrics;

/* address: "127.0.0.1:9464", "[::1]:9464", "localhost:9464"; port 0: the kernel chooses, and it is
 * said in the log. Other addresses than loopback ones are taken when they are given. XCY_EUSAGE says
 * what would be right. */
enum xcy_status xcy_metrics_start(const char *address, struct xcy_metrics **metrics,
                                  struct xcy_error *err) XCY_MUST_USE;
uint16_t xcy_metrics_port(const struct xcy_metrics *metrics);
/* What the info family says of whom is measured; copied. Until it is said, nothing. */
void xcy_metrics_describe(struct xcy_metrics *metrics, const char *engine, const char *endpoint);
void xcy_metrics_publish(struct xcy_metrics *metrics, const struct xcy_view *view);
void xcy_metrics_stop(struct xcy_metrics *metrics); /* NULL is allowed */

/* What a view does not tell. Borrowed. */
struct xcy_metrics_facts {
    const char *engine; /* NULL: not known, as the next */
    const char *endpoint;
    struct xcy_wall started; /* slot 0 was due */
};
/* The text, for a view. */
void xcy_metrics_format(const struct xcy_metrics_facts *facts, const struct xcy_view *view,
                        struct xcy_buf *out);

#endif
