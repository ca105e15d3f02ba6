#include "collectors/pace.h"

#include "collectors/sources/source.h"

struct xcy_pace xcy_pace_of(int most)
{
    xcy_assert(most > 0);
    return (struct xcy_pace){.most = most};
}

void xcy_pace_note(struct xcy_pace *pace, int64_t took_ns)
{
    int64_t took = took_ns > 0 ? took_ns : 1;
    int64_t known = __atomic_load_n(&pace->shortest_ns, __ATOMIC_RELAXED);
    while ((known == 0 || took < known) &&
           !__atomic_compare_exchange_n(&pace->shortest_ns, &known, took, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
    }
}

int xcy_pace_limit(const struct xcy_pace *pace)
{
    const int64_t calls_per_s = XCY_PACE_PER_S / XCY_SOURCE_BATCH;
    int64_t shortest_ns = __atomic_load_n(&pace->shortest_ns, __ATOMIC_RELAXED);
    int64_t of_use = (shortest_ns * calls_per_s + XCY_NS_PER_S - 1) / XCY_NS_PER_S;
    of_use = of_use > XCY_PACE_LEAST ? of_use : XCY_PACE_LEAST;
    return of_use < pace->most ? (int)of_use : pace->most;
}
