#ifndef XCY_RUN_REQUESTS_H
#define XCY_RUN_REQUESTS_H

/*
 * requests.h - requests.csv: a line per attempt, appended as it ends. The columns are one table
 * (requests.c), from which header, writing, reading and documentation come.
 *
 * Appending: lines are whole writes with O_APPEND, so several threads may append to one
 * descriptor. A torn last line (killed, disk full) is dropped by the reader and reported.
 */

#include "common/record/evaluation.h"
#include "common/record/outcome.h"

struct xcy_request_row {
    struct xcy_request_id id;
    int64_t attempt;   /* from 1 */
    int64_t is_warmup; /* 1: kept, but left out of figures */
    enum xcy_outcome outcome;
    int64_t http_status; /* 0: none */
    char
        reason[XCY_REASON_BYTES]; /* for people: transport message, throttle reason, errorMessage */
    struct xcy_stamps points;     /* due sent acked; and from the reply: start wrote noted ended */
    char exec[XCY_ID_BYTES];
    char writer_instance[XCY_ID_BYTES];
};

void xcy_requests_header(struct xcy_buf *out); /* the first line, with its line end */
void xcy_request_row_format(const struct xcy_request_row *row, struct xcy_buf *out);

struct xcy_requests; /* the rows of a run, in memory */

/* Reads all; *torn tells whether an unfinished last line was dropped. A malformed line is
 * XCY_EPARSE with file and line. A missing file is no rows. */
enum xcy_status xcy_requests_read(const char *run_path, struct xcy_requests **rows, bool *torn,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_requests_free(struct xcy_requests *rows);
size_t xcy_requests_count(const struct xcy_requests *rows);
const struct xcy_request_row *xcy_requests_at(const struct xcy_requests *rows, size_t index);

#endif
