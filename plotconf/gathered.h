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
};

/* XCY_ENOTFOUND names the file that is not there; XCY_EPARSE file, line and what is wrong. */
enum xcy_status xcy_gathered_read(const char *path, struct xcy_gathered *g,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_gathered_clear(struct xcy_gathered *g);

#endif
