#include "common/aws/key_times.h"

#define MAX_LEAD_NS  (300 * XCY_NS_PER_S)
#define FIRST_TRY_NS (XCY_NS_PER_S / 2)
#define LEAST_TRY_NS (XCY_NS_PER_S / 10)
#define MAX_TRY_NS   (30 * XCY_NS_PER_S)

enum { JITTER_PARTS = 4 }; /* up to a quarter more */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* x to x and a quarter. */
static int64_t jitter(int64_t ns, uint64_t chance)
{
    int64_t room = ns / JITTER_PARTS;
    return ns + (room > 0 ? (int64_t)(chance % (uint64_t)room) : 0);
}

void xcy_key_times_set(struct xcy_key_times *times, struct xcy_wall end, uint64_t chance)
{
    *times = (struct xcy_key_times){.expires = end.ns != 0, .wall_end = end, .chance = chance};
    if (times->expires) {
        int64_t life_ns = end.ns - xcy_wall_now().ns;
        times->mono_end = xcy_mono_add(xcy_mono_now(), life_ns);
        times->lead_ns = jitter(smaller(life_ns > 0 ? life_ns / 2 : 0, MAX_LEAD_NS), chance);
    }
}

int64_t xcy_key_times_left_ns(const struct xcy_key_times *times)
{
    if (!times->expires) {
        return INT64_MAX;
    }
    return smaller(xcy_mono_diff_ns(times->mono_end, xcy_mono_now()),
                   times->wall_end.ns - xcy_wall_now().ns);
}

/* Twice as long after each failure; but several times while the keys still hold. */
int64_t xcy_key_times_retry_ns(const struct xcy_key_times *times, unsigned n_failures)
{
    int64_t left_ns = xcy_key_times_left_ns(times);
    int64_t wait_ns = FIRST_TRY_NS;
    for (unsigned i = 1; i < n_failures && wait_ns < MAX_TRY_NS; i++) {
        wait_ns *= 2;
    }
    wait_ns = smaller(wait_ns, MAX_TRY_NS);
    if (left_ns / 4 > LEAST_TRY_NS) {
        wait_ns = smaller(wait_ns, left_ns / 4);
    }
    return jitter(wait_ns, times->chance >> (n_failures % 32));
}

int64_t xcy_key_times_wait_ns(const struct xcy_key_times *times)
{
    return times->expires ? xcy_key_times_left_ns(times) - times->lead_ns : INT64_MAX;
}
