#ifndef XCY_TIME_CLOCK_H
#define XCY_TIME_CLOCK_H

/*
 * clock.h - two clocks that cannot be mixed: passing one for the other does not compile.
 *
 * xcy_mono is for durations and deadlines; it never steps, and means nothing on
 * another machine. xcy_wall is UTC since 1970 and names an instant to other
 * processes. An anchor, taken once an invocation or run, turns monotonic stamps
 * into wall ones, so that a clock step in between cannot bend a duration.
 *
 * Units:    nanoseconds; durations are plain int64_t named …_ns.
 * Threads:  safe.
 */

#include <stdbool.h>
#include <stdint.h>

#define XCY_NS_PER_US INT64_C(1000)
#define XCY_NS_PER_MS INT64_C(1000000)
#define XCY_NS_PER_S  INT64_C(1000000000)

struct xcy_mono {
    int64_t ns;
};

struct xcy_wall {
    int64_t ns;
};

struct xcy_anchor {
    struct xcy_mono mono;
    struct xcy_wall wall;
};

struct xcy_mono xcy_mono_now(void);
struct xcy_wall xcy_wall_now(void);

/* Reads wall between two monotonic readings, several times, and keeps the closest pair. */
struct xcy_anchor xcy_anchor_now(void);

static inline struct xcy_mono xcy_mono_add(struct xcy_mono t, int64_t ns)
{
    return (struct xcy_mono){t.ns + ns};
}

static inline int64_t xcy_mono_diff_ns(struct xcy_mono later, struct xcy_mono earlier)
{
    return later.ns - earlier.ns;
}

static inline bool xcy_mono_before(struct xcy_mono a, struct xcy_mono b)
{
    return a.ns < b.ns;
}

static inline struct xcy_wall xcy_wall_at(struct xcy_anchor anchor, struct xcy_mono t)
{
    return (struct xcy_wall){anchor.wall.ns + (t.ns - anchor.mono.ns)};
}

static inline struct xcy_mono xcy_mono_at(struct xcy_anchor anchor, struct xcy_wall t)
{
    return (struct xcy_mono){anchor.mono.ns + (t.ns - anchor.wall.ns)};
}

/* Whole microseconds since 1970, floored: the form of every place in time in our files. */
static inline int64_t xcy_wall_us(struct xcy_wall t)
{
    int64_t us = t.ns / XCY_NS_PER_US;
    return t.ns % XCY_NS_PER_US < 0 ? us - 1 : us;
}

static inline struct xcy_wall xcy_wall_from_us(int64_t us)
{
    return (struct xcy_wall){us * XCY_NS_PER_US};
}

/* Sleeps until the instant, or until `wake_fd` (-1 for none) is readable; true if it slept through. */
bool xcy_sleep_until(struct xcy_mono when, int wake_fd);

/* Formats UTC as YYYYmmddHHMMSS (15 bytes with the zero), or as 2026-11-20T10:00:00Z (21 bytes). */
void xcy_wall_format_compact(struct xcy_wall t, char to[15]);
void xcy_wall_format_iso(struct xcy_wall t, char to[21]);

/* Asks the kernel for exact wake-ups in this thread (timer slack 1 ns instead of 50 us). */
void xcy_clock_sharpen(void);

/* The kernel's boot id (36 characters and a zero): two processes with the same one share clocks. */
void xcy_boot_id(char to[37]);

#endif
