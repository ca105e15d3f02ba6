#ifndef XCY_COLLECTORS_REFERENCE_H
#define XCY_COLLECTORS_REFERENCE_H

/*
 * reference.h - traces.csv, traces.info and tags.yml as the reference implementation writes them,
 * to the byte, so that its plots work on our runs.
 *
 * Rows are generic: they come from a run of ours, or from messages and a state file of the
 * reference. Rows of one request number: the place of the first, the values of the last. A latency
 * is (int)((a - b) * 1000) over doubles of seconds, subtracted first, cut towards zero. That biases
 * each by half a millisecond, and is kept here only: records.csv has the microseconds.
 *
 * Memory:   owned by the caller, xcy_reference_free.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

#include <stdint.h>

struct xcy_reference_row {
    int64_t i;
    double client_sent_at_s;
    double writer_start_at_s;
    double reader_received_at_s;
    double post_read_at_s;
    bool has_reply;
    double reply_at_s;
    int64_t consistent_read; /* as sent; anything but 0 is consistent */
    int64_t notification_to_reader_spent_ms;
    bool has_antipode_spent;
    int64_t antipode_spent_ms;
    int64_t notification_size_bytes;
};

/* A number that YAML shows as an integer or as a float. */
struct xcy_reference_number {
    double value;
    bool is_float;
};

struct xcy_reference_tags {
    bool antipode_enabled;
    int64_t delay_ms;
    const char *post_storage;
    const char *notification_storage;
    const char *writer_region;
    const char *reader_region;
    int64_t requested;
    struct xcy_reference_number avg_post_bytes;
    struct xcy_reference_number total_post_bytes;
};

struct xcy_reference;

struct xcy_reference *xcy_reference_new(void);
void xcy_reference_free(struct xcy_reference *reference);
void xcy_reference_add(struct xcy_reference *reference, const struct xcy_reference_row *row);
size_t xcy_reference_rows(const struct xcy_reference *reference);

/* With the antipode column or without. */
void xcy_reference_traces(const struct xcy_reference *reference, bool antipode,
                          struct xcy_buf *out);
void xcy_reference_info(const struct xcy_reference *reference, bool antipode, struct xcy_buf *out);
void xcy_reference_tags(const struct xcy_reference *reference,
                        const struct xcy_reference_tags *tags, struct xcy_buf *out);

/* (int)((later - earlier) * 1000). */
int64_t xcy_reference_latency_ms(double later_s, double earlier_s);

#endif
