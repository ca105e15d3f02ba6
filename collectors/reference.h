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
    double post_written_at_s; /* for XCY_REFERENCE_WRITE_POST only */
    double reader_received_at_s;
    double post_read_at_s;
    bool has_reply;
    double reply_at_s;
    int64_t consistent_read; /* as sent; anything but 0 is consistent */
    int64_t notification_to_reader_spent_ms;
    bool has_antipode_spent;
    int64_t antipode_spent_ms;
    int64_t notification_size_bytes;
    int64_t rendezvous_call_writer_spent_ms; /* these for XCY_REFERENCE_RENDEZVOUS only */
    int64_t rendezvous_call_reader_spent_ms;
    int64_t rendezvous_prevented_inconsistency;
};

/* Which columns there are besides those of every run. */
enum {
    XCY_REFERENCE_ANTIPODE = 1,
    XCY_REFERENCE_WRITE_POST = 2, /* of each run of the Rendezvous branch */
    XCY_REFERENCE_RENDEZVOUS = 4
};

/* A number that YAML shows as an integer or as a float; NaN: null. */
struct xcy_reference_number {
    double value;
    bool is_float;
};

/* What a state file says of a switch. */
enum xcy_reference_switch { XCY_REFERENCE_FALSE, XCY_REFERENCE_TRUE, XCY_REFERENCE_NULL };

struct xcy_reference_tags {
    bool antipode_enabled;
    bool has_rendezvous; /* the tags of the Rendezvous branch */
    enum xcy_reference_switch rendezvous_enabled;
    enum xcy_reference_switch rendezvous_ncc; /* without its consistency checks */
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
/* In their places; borrowed until the next add. */
const struct xcy_reference_row *xcy_reference_at(const struct xcy_reference *reference, size_t row);

/* extra: of XCY_REFERENCE_…, or 0. */
void xcy_reference_traces(const struct xcy_reference *reference, unsigned extra,
                          struct xcy_buf *out);
void xcy_reference_info(const struct xcy_reference *reference, unsigned extra, struct xcy_buf *out);
void xcy_reference_tags(const struct xcy_reference *reference,
                        const struct xcy_reference_tags *tags, struct xcy_buf *out);

/* The three files, in place in the folder. */
enum xcy_status xcy_reference_write(const struct xcy_reference *reference, unsigned extra,
                                    const struct xcy_reference_tags *tags, const char *folder,
                                    struct xcy_error *err) XCY_MUST_USE;

/* (int)((later - earlier) * 1000). */
int64_t xcy_reference_latency_ms(double later_s, double earlier_s);

#endif
