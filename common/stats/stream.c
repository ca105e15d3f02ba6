#include "common/stats/stream.h"

#include "common/base/mem.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

struct xcy_stream {
    gsl_rng *rng;
};

/* FNV-1a, 64 bits. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *c = text; *c; c++) {
        hash ^= (unsigned char)*c;
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

/* splitmix64's finishing step: every bit of the input reaches every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct xcy_stream *xcy_stream_new(uint64_t seed, const char *purpose)
{
    struct xcy_stream *stream = xcy_alloc(sizeof *stream);
    stream->rng = gsl_rng_alloc(gsl_rng_mt19937);
    /* mt19937 takes 32 bits; mixing twice keeps seed and purpose from cancelling out. */
    gsl_rng_set(stream->rng, mix(mix(seed) ^ hash_text(purpose)) >> 32);
    return stream;
}

void xcy_stream_free(struct xcy_stream *stream)
{
    if (stream) {
        gsl_rng_free(stream->rng);
        free(stream);
    }
}

double xcy_stream_uniform(struct xcy_stream *stream)
{
    return gsl_rng_uniform_pos(stream->rng);
}

double xcy_stream_exponential(struct xcy_stream *stream, double mean)
{
    xcy_assert(mean >= 0);
    return gsl_ran_exponential(stream->rng, mean);
}

double xcy_stream_lognormal(struct xcy_stream *stream, double p50, double p99)
{
    xcy_assert(p50 > 0 && p99 >= p50);
    /* ln p99 = ln p50 + sigma z(0.99) */
    double sigma = log(p99 / p50) / gsl_cdf_ugaussian_Pinv(0.99);
    return gsl_ran_lognormal(stream->rng, log(p50), sigma);
}
