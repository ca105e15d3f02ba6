#ifndef XCY_COLLECTORS_SUMS_H
#define XCY_COLLECTORS_SUMS_H

/*
 * sums.h - the books of a gather: each total beside its terms, printed and checked.
 *
 *   planned  = warm-up + consistent + inconsistent + lost + failed + skipped
 *   received = matched + duplicate + foreign + malformed
 *   taken    = deleted + given back + undeleted
 *
 * Threads:  plain data.
 */

#include "collectors/join.h"
#include "collectors/receive.h"

enum { XCY_SUM_TERMS = 8 };

struct xcy_sum {
    const char *name;
    int64_t total;
    const char *terms[XCY_SUM_TERMS];
    int64_t counts[XCY_SUM_TERMS];
    size_t n;
};

struct xcy_sum xcy_sum_of_requests(const struct xcy_joined *joined);
struct xcy_sum xcy_sum_of_messages(const struct xcy_tally *tally);
struct xcy_sum xcy_sum_of_queue(const struct xcy_receive_result *result);

bool xcy_sum_holds(const struct xcy_sum *sum);
/* "planned = lost + skipped: 3 = 1 + 2"; of one that does not hold "…: 4 is not 1 + 2 = 3". A warm-up is
 * left out where there was none. */
void xcy_sum_format(const struct xcy_sum *sum, struct xcy_buf *out);

/* Of a sum that does not hold: *is_valid = false, and the line in `why`. */
void xcy_sum_judge(const struct xcy_sum *sum, bool *is_valid, char *why, size_t size);

#endif
