#include "functions/test_clock.h"

#include "common/data/number.h"

#include <math.h>
#include <string.h>

enum { N_NUMBERS = 5 };

/* Five numbers with a colon before each. */
static bool read_numbers(const char *text, double numbers[N_NUMBERS])
{
    for (size_t i = 0; i < N_NUMBERS; i++) {
        if (*text != ':') {
            return false;
        }
        size_t len = strcspn(++text, ":");
        if (!xcy_double_parse(xcy_bytes(text, len), &numbers[i])) {
            return false;
        }
        text += len;
    }
    return *text == '\0';
}

enum xcy_status xcy_test_clock_parse(const char *text, struct xcy_test_clock *clock,
                                     struct xcy_error *err)
{
    struct xcy_test_clock made = {.step_us = 0};
    double numbers[N_NUMBERS];
    size_t len = strcspn(text, ":");
    if (len != sizeof made.instance - 1 || !read_numbers(text + len, numbers)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "XCY_TEST_CLOCK must be <instance>:<since_ns>:<offset_us>:<drift_ppm>:"
                        "<step_us>:<step_ns>, got '%.150s'; only a sandbox sets it",
                        text);
    }
    memcpy(made.instance, text, len);
    made.since.ns = (int64_t)numbers[0];
    made.offset_us = (int64_t)numbers[1];
    made.drift = numbers[2] / 1e6;
    made.step_us = (int64_t)numbers[3];
    made.step_at.ns = (int64_t)numbers[4];
    *clock = made;
    return XCY_OK;
}

struct xcy_anchor xcy_test_clock_bend(const struct xcy_test_clock *clock, struct xcy_anchor anchor)
{
    bool has_stepped = clock->step_at.ns != 0 && !xcy_mono_before(anchor.mono, clock->step_at);
    int64_t wrong_us = clock->offset_us + (has_stepped ? clock->step_us : 0);
    double drifted_ns = clock->drift * (double)xcy_mono_diff_ns(anchor.mono, clock->since);
    anchor.wall.ns += wrong_us * XCY_NS_PER_US + llround(drifted_ns);
    return anchor;
}
