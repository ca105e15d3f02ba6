#include "common/stats/turnbull.h"

#include "common/base/mem.h"
#include "common/stats/innermost.h"
#include "common/stats/isotonic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HALVINGS = 40 };

/* The shares as running sums F at the boundaries of the m stretches, F_0 = 0 .. F_m = 1: then an
 * interval's mass is P_i = F at its end - F at its beginning. Arrays of m + 1. */
struct climb {
    struct xcy_innermost in;
    size_t n; /* intervals */
    double *f;
    double *slope; /* of the mean log likelihood, to F at each boundary */
    double *curve; /* minus its second derivative there */
    double *next;
};

static double inside(const struct climb *c, const double *f, size_t interval)
{
    return f[c->in.end[interval]] - f[c->in.first[interval]];
}

static double mean_log(const struct climb *c, const double *f)
{
    double sum = 0;
    for (size_t i = 0; i < c->n; i++) {
        double mass = inside(c, f, i);
        if (mass <= 0) {
            return -INFINITY;
        }
        sum += log(mass);
    }
    return sum / (double)c->n;
}

static void take_slopes(struct climb *c)
{
    for (size_t k = 0; k <= c->in.n; k++) {
        c->slope[k] = 0;
        c->curve[k] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        double weight = 1 / inside(c, c->f, i);
        double part = weight / (double)c->n;
        c->slope[c->in.end[i]] += part;
        c->slope[c->in.first[i]] -= part;
        c->curve[c->in.end[i]] += part * weight;
        c->curve[c->in.first[i]] += part * weight;
    }
}

/*
 * A step of the EM algorithm: the share s_j of stretch j becomes s_j g_j, with
 *     g_j = 1/n sum over the i that contain j of 1 / P_i = -(slope_0 + .. + slope_j).
 * The likeliest distribution is likelier, a value, than the one before by at most the largest
 * g_j - 1, which is returned.
 */
static double step_em(struct climb *c)
{
    double gradient = 0;
    double gap = 0;
    double below = 0; /* F_j before the step */
    double sum = 0;
    take_slopes(c);
    for (size_t j = 0; j < c->in.n; j++) {
        gradient -= c->slope[j];
        gap = fmax(gap, gradient - 1);
        sum += (c->f[j + 1] - below) * gradient;
        below = c->f[j + 1];
        c->f[j + 1] = sum;
    }
    for (size_t j = 1; j <= c->in.n; j++) {
        c->f[j] /= sum;
    }
    return gap;
}

/*
 * A step of the ICM algorithm: as Newton's, with the second derivatives at each boundary alone, to
 * the nearest ascending F; half of it, a quarter of it, .. until nothing is lost. It moves mass
 * over many stretches at once, and takes it from a stretch altogether, for which EM alone needs
 * 10^5 steps.
 */
static void step_icm(struct climb *c)
{
    size_t n_inner = c->in.n - 1;
    take_slopes(c);
    for (size_t k = 1; k <= n_inner; k++) {
        c->next[k] = c->f[k] + c->slope[k] / c->curve[k];
    }
    xcy_isotonic(c->next + 1, c->curve + 1, n_inner, c->next + 1);
    for (size_t k = 1; k <= n_inner; k++) {
        c->next[k] = fmin(fmax(c->next[k], 0), 1);
    }
    c->next[0] = c->f[0];
    c->next[c->in.n] = c->f[c->in.n];
    double before = mean_log(c, c->f);
    for (int halvings = 0; halvings < MAX_HALVINGS; halvings++) {
        if (mean_log(c, c->next) >= before) {
            memcpy(c->f, c->next, (c->in.n + 1) * sizeof *c->f);
            return;
        }
        for (size_t k = 1; k <= n_inner; k++) {
            c->next[k] = (c->f[k] + c->next[k]) / 2;
        }
    }
}

static void climb_init(struct climb *c, const struct xcy_interval *intervals, size_t n)
{
    *c = (struct climb){.n = n};
    xcy_innermost_init(&c->in, intervals, n);
    c->f = xcy_alloc_array(c->in.n + 1, sizeof *c->f);
    c->slope = xcy_alloc_array(c->in.n + 1, sizeof *c->slope);
    c->curve = xcy_alloc_array(c->in.n + 1, sizeof *c->curve);
    c->next = xcy_alloc_array(c->in.n + 1, sizeof *c->next);
    for (size_t k = 0; k <= c->in.n; k++) {
        c->f[k] = (double)k / (double)c->in.n;
    }
}

static void climb_clear(struct climb *c)
{
    free(c->f);
    free(c->slope);
    free(c->curve);
    free(c->next);
    xcy_innermost_clear(&c->in);
}

void xcy_turnbull_init(struct xcy_turnbull *t, const struct xcy_interval *intervals, size_t n)
{
    xcy_assert(n >= 1);
    struct climb c;
    climb_init(&c, intervals, n);
    *t = (struct xcy_turnbull){.n = c.in.n, .gap = INFINITY};
    while (t->gap > XCY_TURNBULL_GAP && t->steps < XCY_TURNBULL_STEPS) {
        step_icm(&c);
        t->gap = step_em(&c);
        t->steps++;
    }
    t->masses = xcy_alloc_array(t->n, sizeof *t->masses);
    for (size_t j = 0; j < t->n; j++) {
        t->masses[j] = (struct xcy_turnbull_mass){c.in.stretches[j], c.f[j + 1] - c.f[j]};
    }
    climb_clear(&c);
}

void xcy_turnbull_clear(struct xcy_turnbull *t)
{
    free(t->masses);
    *t = (struct xcy_turnbull){0};
}

struct xcy_interval xcy_turnbull_at_most(const struct xcy_turnbull *t, double x)
{
    struct xcy_interval share = {0, 0};
    for (size_t j = 0; j < t->n; j++) {
        const struct xcy_turnbull_mass *m = &t->masses[j];
        share.low += m->where.high <= x ? m->share : 0;
        share.high += m->where.low < x || m->where.high <= x ? m->share : 0;
    }
    return (struct xcy_interval){fmin(1, share.low), fmin(1, share.high)};
}

struct xcy_interval xcy_turnbull_quantile(const struct xcy_turnbull *t, double q)
{
    xcy_assert(q > 0 && q < 1);
    double sum = 0;
    size_t j = 0;
    /* A sum that misses q by rounding alone has reached it. */
    for (; j + 1 < t->n; j++) {
        sum += t->masses[j].share;
        if (sum >= q * (1 - 1e-12)) {
            break;
        }
    }
    return t->masses[j].where;
}
