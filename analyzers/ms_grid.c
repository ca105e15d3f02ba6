#include "analyzers/ms_grid.h"

#include <math.h>

/* The step-th of a series that begins at 1 ms. */
static double round_step_ms(int step)
{
    static const double mantissas[] = {1, 2, 5};
    int decade = step / 3;
    return mantissas[step % 3] * pow(10, decade);
}

/* In whole milliseconds; some come twice. */
static double fine_step_ms(int step)
{
    return round(pow(10, step / 20.0));
}

size_t xcy_ms_grid(enum xcy_ms_grid grid, double last_ms, int64_t *to, size_t most)
{
    size_t n = 0;
    to[n++] = 0;
    for (int step = 0; n < most && (double)to[n - 1] < last_ms; step++) {
        int64_t ms = (int64_t)(grid == XCY_MS_ROUND ? round_step_ms(step) : fine_step_ms(step));
        if (ms > to[n - 1]) {
            to[n++] = ms;
        }
    }
    return n;
}
