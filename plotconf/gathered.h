#ifndef XCY_PLOTCONF_GATHERED_H
#define XCY_PLOTCONF_GATHERED_H

/*
 * gathered.h - one gather directory as the plots see it: tags.yml and traces.csv, in the
 * reference implementation's format, whoever wrote them.
 *
 * Units:    milliseconds.
 * Memory:   xcy_gathered_clear.
 * Threads:  plain data.
 */

#include "common/record/combination.h"

struct xcy_gathered {
    char *path;
    enum xcy_post_storage post_storage;
    enum xcy_notification_storage notification_storage;
    bool has_antipode;
    int64_t delay_ms;
    double *window_ms; /* writer_visibility_latency_ms of each row */
    size_t n;
    double *received_s; /* reader_received_at of each row; NaN: it is not told */
    double *least_ms;   /* as far as the clocks tell, the true window of each row is not below */
    double *most_ms;    /* nor above this; infinite: no bound. Both NULL until bounded */
};

/* XCY_ENOTFOUND names the file that is not there; XCY_EPARSE file, line and what is wrong. */
enum xcy_status xcy_gathered_read(const char *path, struct xcy_gathered *g,
                                  struct xcy_error *err) XCY_MUST_USE;

/* Fills least_ms and most_ms from the run's own records.csv, where a row is found by when its reader
 * was told. Rows of which nothing is known there (the reference's tools gathered them, or another
 * reader of the same request decided) have no bound. */
void xcy_gathered_bound(struct xcy_gathered *g, double drift_ppm);
void xcy_gathered_clear(struct xcy_gathered *g);

#endif
