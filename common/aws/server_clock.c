#include "common/aws/server_clock.h"

#include "common/aws/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool xcy_server_clock_ahead_s(const struct xcy_http_reply *reply, int64_t *ahead_s)
{
    char text[64];
    struct xcy_wall theirs;
    if (!xcy_http_reply_header(reply, "Date", text, sizeof text) ||
        !xcy_timestamp_parse_http(text, &theirs)) {
        return false;
    }
    int64_t age_ns = xcy_mono_diff_ns(xcy_mono_now(), reply->acked);
    int64_t ours_ns = xcy_wall_now().ns - age_ns;
    *ahead_s = (ours_ns - theirs.ns) / XCY_NS_PER_S;
    return true;
}

void xcy_server_clock_adjust(const struct xcy_http_reply *reply, struct xcy_wall *at)
{
    int64_t ahead_s = 0;
    if (at->ns != 0 && xcy_server_clock_ahead_s(reply, &ahead_s) &&
        llabs(ahead_s) > XCY_SERVER_CLOCK_GRAIN_S && at->ns < INT64_MAX / 2) {
        at->ns += ahead_s * XCY_NS_PER_S;
    }
}

/* "2 d 3 h", "17 min 3 s", "42 s". */
static void format_span(int64_t s, char *to, size_t size)
{
    if (s >= 86400) {
        snprintf(to, size, "%" PRId64 " d %" PRId64 " h", s / 86400, s % 86400 / 3600);
    } else if (s >= 3600) {
        snprintf(to, size, "%" PRId64 " h %" PRId64 " min", s / 3600, s % 3600 / 60);
    } else if (s >= 60) {
        snprintf(to, size, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
    } else {
        snprintf(to, size, "%" PRId64 " s", s);
    }
}

void xcy_server_clock_explain(const struct xcy_http_reply *reply, char *to, size_t size)
{
    int64_t ahead_s = 0;
    char span[64];
    if (!xcy_server_clock_ahead_s(reply, &ahead_s)) {
        snprintf(to, size, "the clocks of this machine and of the service differ: set this one's");
        return;
    }
    format_span(llabs(ahead_s), span, sizeof span);
    if (llabs(ahead_s) <= XCY_SERVER_CLOCK_GRAIN_S) {
        snprintf(
            to, size,
            "this machine's clock agrees with the service's now: it was set in between, or the "
            "request was minutes on its way");
        return;
    }
    snprintf(to, size, "this machine's clock is %s %s the service's: set it", span,
             ahead_s > 0 ? "ahead of" : "behind");
}
