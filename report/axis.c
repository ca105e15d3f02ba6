#include "report/axis.h"

#include "common/base/error.h"

#include <math.h>

/* 1, 2, 5, 10, 20 … and 0.5, 0.2, 0.1 … downwards. */
static double round_number(int rank)
{
    static const double mantissas[] = {1, 2, 5};
    int decade = (int)floor(rank / 3.0);
    double mantissa = mantissas[rank - 3 * decade];
    /* Divided, 0.3 is as near as it gets; times 0.1 it is not. */
    return decade < 0 ? mantissa / pow(10, -decade) : mantissa * pow(10, decade);
}

/* Which of them is the largest at or below the value. */
static int rank_below(double value)
{
    int rank = 3 * (int)floor(log10(value)) - 1;
    while (round_number(rank + 1) <= value) {
        rank++;
    }
    return rank;
}

struct xcy_axis xcy_axis_linear(double low, double high, size_t n_wanted)
{
    xcy_assert(isfinite(low) && isfinite(high) && low <= high && n_wanted >= 2);
    if (low == high) {
        double room = low == 0 ? 1 : fabs(low) / 10;
        low -= low > 0 ? fmin(room, low) : room;
        high += room;
    }
    int rank = rank_below((high - low) / (double)n_wanted) + 1;
    double step = round_number(rank);
    double first = floor(low / step);
    double last = ceil(high / step);
    while (last - first + 1 > XCY_AXIS_MAX_TICKS) { /* huge values: steps vanish in them */
        step = round_number(++rank);
        first = floor(low / step);
        last = ceil(high / step);
    }
    struct xcy_axis axis = {.is_log = false};
    for (axis.n_ticks = 0; first + (double)axis.n_ticks <= last; axis.n_ticks++) {
        double k = first + (double)axis.n_ticks;
        axis.ticks[axis.n_ticks] = rank < 0 ? k / round_number(-rank) : k * step;
    }
    axis.low = axis.ticks[0];
    axis.high = axis.ticks[axis.n_ticks - 1];
    return axis;
}

/* Every stride-th round number from at most low to at least high; 3: decades alone. False: too many. */
static bool add_log_ticks(struct xcy_axis *axis, double low, double high, int stride, size_t most)
{
    int rank = (int)floor((double)rank_below(low) / stride) * stride;
    axis->n_ticks = 0;
    while (axis->n_ticks < most) {
        double tick = round_number(rank);
        axis->ticks[axis->n_ticks++] = tick;
        if (tick >= high && axis->n_ticks > 1) {
            return true;
        }
        rank += stride;
    }
    return false;
}

struct xcy_axis xcy_axis_log(double low, double high, size_t n_wanted)
{
    xcy_assert(low > 0 && isfinite(high) && low <= high && n_wanted >= 2 &&
               n_wanted < XCY_AXIS_MAX_TICKS);
    struct xcy_axis axis = {.is_log = true};
    int stride = 1;
    while (!add_log_ticks(&axis, low, high, stride, n_wanted + 1)) {
        stride = stride < 3 ? 3 : stride + 3;
    }
    axis.low = axis.ticks[0];
    axis.high = axis.ticks[axis.n_ticks - 1];
    return axis;
}

double xcy_axis_at(const struct xcy_axis *axis, double value)
{
    if (axis->is_log) {
        return value > 0 ? log(value / axis->low) / log(axis->high / axis->low) : 0;
    }
    return (value - axis->low) / (axis->high - axis->low);
}
