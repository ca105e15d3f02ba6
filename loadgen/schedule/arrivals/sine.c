/* sine.c - the rate swings around its mean: rate x (1 + amplitude x sin(2 pi t / period)). */

#include "loadgen/schedule/arrivals/arrival.h"

#include "loadgen/schedule/setting.h"

#include <float.h>
#include <math.h>

#define TWO_PI            6.283185307179586476925286766559005768L
#define DEFAULT_AMPLITUDE 0.5

/* Steps that small, at such slopes, leave an error far below a long double's. */
#define NEAR        1e-8
#define LEAST_SLOPE 0.01

enum { MAX_NEAR_STEPS = 40, MAX_STEPS = 200 };

static enum xcy_status parse(struct xcy_arrival *a, struct xcy_bytes argument,
                             struct xcy_error *err)
{
    const struct xcy_setting settings[] = {
        {"amplitude", XCY_SETTING_NUMBER, 0, 1, &a->amplitude},
        {"period", XCY_SETTING_TIME, 0.001, 366 * 86400.0, &a->over_ns},
    };
    a->amplitude = DEFAULT_AMPLITUDE;
    return xcy_settings_parse(argument, settings, sizeof settings / sizeof settings[0], err);
}

/* Without a period it makes one wave. */
static int64_t settle(struct xcy_arrival *a, int64_t requests, int64_t duration_ns)
{
    if (a->over_ns == 0 && duration_ns > 0) {
        a->over_ns = duration_ns;
    } else if (a->over_ns == 0) {
        long double all_ns = xcy_arrival_even_ns(a->rate_per_s, (long double)requests);
        a->over_ns = (int64_t)llroundl(fminl(all_ns, 9e18L));
    }
    return 0;
}

/* L of the part x of a period, of a mean of one slot a period. */
static long double part_before(double amplitude, long double x)
{
    return x + (long double)amplitude * (1 - cosl(TWO_PI * x)) / TWO_PI;
}

/* The part x of a period, in doubles, and the slope of L there. L never falls, so that the root stays
 * between low and high; where Newton's step leaves them, or the rate is near 0, the middle is taken.
 * False where it is not found to within NEAR, or the rate is too low to tell. */
static bool find_near(double amplitude, double slots, double *part, double *slope)
{
    double low = fmax(0, slots - 2 * amplitude / (double)TWO_PI);
    double high = slots;
    double x = slots;
    for (int i = 0; i < MAX_NEAR_STEPS; i++) {
        double sine = 0;
        double cosine = 0;
        sincos((double)TWO_PI * x, &sine, &cosine);
        *slope = 1 + amplitude * sine;
        double over = x + amplitude * (1 - cosine) / (double)TWO_PI - slots;
        *(over > 0 ? &high : &low) = x;
        double next = x - over / *slope;
        if (fabs(next - x) <= NEAR && *slope >= LEAST_SLOPE) {
            *part = next;
            return true;
        }
        x = next > low && next < high ? next : low + (high - low) / 2;
    }
    return false;
}

/* The same in long doubles to the last bit; slower. */
static long double find_exactly(double amplitude, long double slots)
{
    long double low = fmaxl(0, slots - 2 * (long double)amplitude / TWO_PI);
    long double high = slots;
    long double x = slots;
    for (int i = 0; i < MAX_STEPS && high - low > LDBL_EPSILON; i++) {
        long double over = part_before(amplitude, x) - slots;
        *(over > 0 ? &high : &low) = x;
        long double next = x - over / (1 + (long double)amplitude * sinl(TWO_PI * x));
        if (fabsl(next - x) <= LDBL_EPSILON) {
            return next;
        }
        x = next > low && next < high ? next : low + (high - low) / 2;
    }
    return x;
}

/* The part x of a period, 0 <= x <= 1, before which `slots` of one are expected. A last of Newton's
 * steps in long doubles squares the error that the doubles left. */
static long double part_of_slots(double amplitude, long double slots)
{
    double part = 0;
    double slope = 1;
    if (!find_near(amplitude, (double)slots, &part, &slope)) {
        return find_exactly(amplitude, slots);
    }
    return (long double)part -
           (part_before(amplitude, (long double)part) - slots) / (long double)slope;
}

/* Whole periods have rate x period slots exactly; they are taken off first, so that nothing is lost
 * far from the start. */
static long double due_ns(const struct xcy_arrival *a, int64_t slot)
{
    long double even_ns = xcy_arrival_even_ns(a->rate_per_s, (long double)slot);
    long double period_ns = (long double)a->over_ns;
    long double n_periods = floorl(even_ns / period_ns);
    long double slots = (even_ns - n_periods * period_ns) / period_ns;
    return (n_periods + part_of_slots(a->amplitude, fminl(fmaxl(slots, 0), 1))) * period_ns;
}

static long double slots_before(const struct xcy_arrival *a, long double t_ns)
{
    long double period_ns = (long double)a->over_ns;
    long double n_periods = floorl(t_ns / period_ns);
    long double part = part_before(a->amplitude, (t_ns - n_periods * period_ns) / period_ns);
    return xcy_arrival_even_slots(a->rate_per_s, (n_periods + part) * period_ns);
}

static double rate_at(const struct xcy_arrival *a, int64_t t_ns)
{
    long double part = (long double)(t_ns % a->over_ns) / (long double)a->over_ns;
    return a->rate_per_s * (1 + a->amplitude * (double)sinl(TWO_PI * part));
}

/* The window around a crest, where a whole one fits in. */
static double most_within(const struct xcy_arrival *a, int64_t n, int64_t length_ns,
                          int64_t window_ns)
{
    (void)n;
    long double window = (long double)window_ns;
    long double period_ns = (long double)a->over_ns;
    long double at_ns = period_ns / 4 - window / 2;
    if (at_ns < 0) {
        at_ns += ceill(-at_ns / period_ns) * period_ns;
    }
    if (at_ns + window > (long double)length_ns) {
        return 0;
    }
    return (double)(slots_before(a, at_ns + window) - slots_before(a, at_ns));
}

const struct xcy_arrival_kind xcy_arrival_sine = {
    .name = "sine",
    .form = "sine[:amplitude=SHARE][,period=TIME], such as sine:amplitude=0.8,period=60s",
    .parse = parse,
    .settle = settle,
    .due_ns = due_ns,
    .lasts_ns = due_ns,
    .slots_before = slots_before,
    .rate_at = rate_at,
    .most_within = most_within,
};
