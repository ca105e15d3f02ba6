#ifndef XCY_SANDBOX_HOSTS_DELAY_LINE_H
#define XCY_SANDBOX_HOSTS_DELAY_LINE_H

/*
 * delay_line.h - bytes on their way over a long link: each chunk comes out a lag after it
 * went in, in order, and no faster than the link's rate.
 *
 * A chunk that drew a short lag waits for those before it, as on a real stream: with
 * many chunks under way, what is seen at the far end lies above the drawn lags.
 *
 * Time is an argument. Bounds: the caller asks xcy_delay_line_room before adding.
 * Threads:  one owner.
 */

#include "common/base/bytes.h"
#include "common/time/clock.h"

struct xcy_delay_line;

/* rate 0: no cap. */
struct xcy_delay_line *xcy_delay_line_new(double rate_mbit_per_s, size_t max_bytes);
void xcy_delay_line_free(struct xcy_delay_line *line);

/* How many bytes may be added now. */
size_t xcy_delay_line_room(const struct xcy_delay_line *line);

/* Copies the bytes in, to come out at now + time on the wire + lag, not before earlier ones. */
void xcy_delay_line_add(struct xcy_delay_line *line, struct xcy_mono now, int64_t lag_ns,
                        struct xcy_bytes bytes);

bool xcy_delay_line_is_empty(const struct xcy_delay_line *line);

/* When the first bytes are due; the line is not empty. */
struct xcy_mono xcy_delay_line_due(const struct xcy_delay_line *line);

/* The first chunk's bytes (borrowed until taken); no bytes while none are due. */
struct xcy_bytes xcy_delay_line_peek(const struct xcy_delay_line *line, struct xcy_mono now);

/* Removes the first n bytes of what peek gave. */
void xcy_delay_line_take(struct xcy_delay_line *line, size_t n);

#endif
