#ifndef XCY_RECORD_POINT_H
#define XCY_RECORD_POINT_H

/*
 * point.h - the instants that an operation is made of, as a table.
 *
 * Every figure is `to - from` of two points. A point is stamped in one clock
 * domain; a figure across domains carries a clock bound.
 *
 * Units:    microseconds since 1970 UTC; 0 means "did not happen" or "not known".
 */

#include <stdbool.h>
#include <stdint.h>

enum xcy_point {
    XCY_POINT_DUE,      /* the schedule wanted it */
    XCY_POINT_SENT,     /* request handed to the connection */
    XCY_POINT_ACKED,    /* reply complete, or failed */
    XCY_POINT_START,    /* writer began */
    XCY_POINT_WROTE,    /* post storage acknowledged the write */
    XCY_POINT_NOTED,    /* writer began to publish the notification */
    XCY_POINT_ENDED,    /* last stamp of the writer, carried in its reply: publish acknowledged */
    XCY_POINT_SEEN,     /* reader received the notification */
    XCY_POINT_READY,    /* barrier returned (= seen without one) */
    XCY_POINT_ASKED,    /* first dependent read sent */
    XCY_POINT_READ,     /* that read returned */
    XCY_POINT_MISSED,   /* last failing poll sent; the first read counts as one */
    XCY_POINT_VISIBLE,  /* first succeeding poll returned */
    XCY_POINT_REPORTED, /* just before the evaluation message is sent */
    XCY_POINT_GOT,      /* message taken from the queue */
    XCY_N_POINTS
};

enum xcy_domain { XCY_DOMAIN_CLIENT, XCY_DOMAIN_WRITER, XCY_DOMAIN_READER, XCY_N_DOMAINS };
extern const char *const xcy_domain_names[XCY_N_DOMAINS]; /* "client", "writer", "reader" */

struct xcy_point_info {
    const char *name; /* "due"; the column is "due_us" */
    enum xcy_domain domain;
    bool needs_ok; /* of a request that failed it is when it failed: no end of a figure */
    const char *meaning;
};

extern const struct xcy_point_info xcy_points[XCY_N_POINTS];

struct xcy_stamps {
    int64_t us[XCY_N_POINTS];
};

static inline bool xcy_stamps_has(const struct xcy_stamps *s, enum xcy_point point)
{
    return s->us[point] != 0;
}

#endif
