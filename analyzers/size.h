#ifndef XCY_ANALYZERS_SIZE_H
#define XCY_ANALYZERS_SIZE_H

/*
 * size.h - how much was stored and sent: what each record measured of its own post, notification
 * and context. Nothing is assumed: a size that no reader saw is not there.
 *
 * Units:    bytes.
 * Threads:  plain data.
 */

#include "common/run/records.h"

enum xcy_size {
    XCY_SIZE_POST,          /* stored object: key, body and metadata, as its store counts */
    XCY_SIZE_POST_METADATA, /* of these, what the consistency added */
    XCY_SIZE_NOTIFICATION,  /* message as published */
    XCY_SIZE_CONTEXT,       /* of these, the consistency's context */
    XCY_N_SIZES
};
extern const char *const xcy_size_names[XCY_N_SIZES];    /* "post_stored" */
extern const char *const xcy_size_meanings[XCY_N_SIZES]; /* for people */

struct xcy_size_summary {
    int64_t n; /* measured; 0: the rest says nothing */
    double mean_bytes;
    int64_t min_bytes;
    int64_t max_bytes;
};

/* Of those records that are not of the warm-up. */
void xcy_sizes_summarise(const struct xcy_record *records, size_t n,
                         struct xcy_size_summary sizes[XCY_N_SIZES]);

#endif
