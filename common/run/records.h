#ifndef XCY_RUN_RECORDS_H
#define XCY_RUN_RECORDS_H

/*
 * records.h - records.csv: the join, one line a request and observer, made by gather and read by
 * analyze and plot. The columns are one table (records.c).
 */

#include "common/record/evaluation.h"
#include "common/record/outcome.h"

/* Flags, written as words joined by '+'. */
enum xcy_record_flag {
    XCY_FLAG_LATE = 1 << 0,            /* sent more than 1 ms after due */
    XCY_FLAG_WAITED = 1 << 1,          /* the barrier's first probe missed */
    XCY_FLAG_POLLED = 1 << 2,          /* visibility was polled */
    XCY_FLAG_CENSORED = 1 << 3,        /* polled to the deadline without success */
    XCY_FLAG_BARRIER_TIMEOUT = 1 << 4, /* the barrier passed its deadline */
    XCY_FLAG_REDELIVERED = 1 << 5,     /* one message came more than once */
    XCY_FLAG_MANY_EVALS = 1 << 6,      /* the reader ran more than once for one exec */
    XCY_FLAG_MANY_EXECS = 1 << 7,      /* the writer ran more than once: left out of windows */
    XCY_FLAG_CONFLICT = 1 << 8,        /* those evaluations disagree on found */
    XCY_FLAG_GOT_LIVE = 1 << 9, /* `got` is of a gather that ran beside the load, on its boot id */
    XCY_FLAG_NO_XCY = 1 << 10,  /* from functions that send the reference's keys only */
    XCY_FLAG_REFUSED = 1 << 11, /* an evaluation of another combination came, too */
    XCY_FLAG_WARMUP = 1 << 12,  /* of the warm-up: left out of figures */
    XCY_FLAG_DISORDERED = 1 << 13, /* points of one clock in an impossible order */
};

struct xcy_record {
    int64_t i;
    int64_t k;
    char key[XCY_KEY_BYTES];
    enum xcy_outcome outcome;
    int64_t http_status;
    int64_t attempts;
    enum xcy_class klass;
    char class_reason[XCY_REASON_BYTES]; /* "" or e.g. "barrier", "reader: …", "429", "generator" */
    unsigned flags;                      /* of enum xcy_record_flag */
    struct xcy_stamps points;
    char exec[XCY_ID_BYTES];
    char eval[XCY_ID_BYTES];
    char writer_instance[XCY_ID_BYTES];
    char reader_instance[XCY_ID_BYTES];
    int64_t polls;
    int64_t post_stored_bytes;
    int64_t post_metadata_bytes;
    int64_t notification_bytes;
    int64_t context_bytes;
};

void xcy_records_header(struct xcy_buf *out); /* the first line, with its line end */
void xcy_record_format(const struct xcy_record *record, struct xcy_buf *out);

/* Its flags alone, as they stand in the file; appended. */
void xcy_record_format_flags(const struct xcy_record *record, struct xcy_buf *out);

/* Reads a whole records.csv; *records is owned by the caller, free(). */
enum xcy_status xcy_records_read(const char *run_path, struct xcy_record **records, size_t *n,
                                 struct xcy_error *err) XCY_MUST_USE;

/* One record, borrowed for the call. */
typedef void xcy_record_fn(void *context, const struct xcy_record *record);

/* What of a record is read; the rest stays zero. */
enum xcy_record_use {
    XCY_USE_ALL,
    XCY_USE_FIGURES, /* all but what names a single request: key, exec, eval, class_reason */
    XCY_USE_CLOCKS,  /* what bounds clocks: analyzers/clock.h */
    XCY_N_USES
};

/* Gives each record of a run to one of n_threads threads, which has its own of the contexts; in no
 * order, but one thread alone gets them in the file's: for files that memory could not hold. Fails as
 * xcy_records_read does. */
enum xcy_status xcy_records_scan(const char *run_path, enum xcy_record_use use, xcy_record_fn *take,
                                 void *const contexts[], size_t n_threads,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
