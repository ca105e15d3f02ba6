#include "collectors/live.h"

#include <math.h>
#include <stdio.h>

enum { WINDOW_S = 5 };

struct xcy_live xcy_live_begin(struct xcy_mono now, int64_t got)
{
    struct xcy_live_mark mark = {.at = now, .n = got};
    return (struct xcy_live){.older = mark, .newer = mark};
}

static double rate_per_s(struct xcy_live *live, struct xcy_mono now, int64_t got)
{
    if (xcy_mono_diff_ns(now, live->newer.at) >= WINDOW_S * XCY_NS_PER_S) {
        live->older = live->newer;
        live->newer = (struct xcy_live_mark){.at = now, .n = got};
    }
    double seconds = (double)xcy_mono_diff_ns(now, live->older.at) / 1e9;
    return seconds > 0 ? (double)(got - live->older.n) / seconds : 0;
}

/* "12 s", "3 min", "2 h"; unknown while nothing comes. */
static void format_eta(double seconds, char *to, size_t size)
{
    if (!(seconds < 100 * 3600.0)) {
        snprintf(to, size, "?");
    } else if (seconds <= 99.5) {
        snprintf(to, size, "%.0fs", ceil(seconds));
    } else if (seconds <= 99.5 * 60) {
        snprintf(to, size, "%.0fmin", ceil(seconds / 60));
    } else {
        snprintf(to, size, "%.0fh", ceil(seconds / 3600));
    }
}

void xcy_live_format(struct xcy_live *live, struct xcy_mono now, const struct xcy_live_facts *facts,
                     char line[XCY_LIVE_BYTES])
{
    char eta[32] = "load runs";
    int64_t missing = facts->expected > facts->got ? facts->expected - facts->got : 0;
    double rate = rate_per_s(live, now, facts->got);
    if (facts->is_load_over) {
        double seconds = missing == 0 ? 0 : rate > 0 ? (double)missing / rate : INFINITY;
        char left[24];
        format_eta(seconds, left, sizeof left);
        snprintf(eta, sizeof eta, "ETA %s", left);
    }
    snprintf(line, XCY_LIVE_BYTES,
             "got %lld/%lld missing %lld dup %lld foreign %lld malformed %lld %.0f/s %s",
             (long long)facts->got, (long long)facts->expected, (long long)missing,
             (long long)facts->duplicate, (long long)facts->foreign, (long long)facts->malformed,
             rate, eta);
}
