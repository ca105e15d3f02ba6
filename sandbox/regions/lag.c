#include "sandbox/regions/lag.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/stats/stream.h"
#include "common/time/clock.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { MAX_FILE_BYTES = 64 << 20 };

struct xcy_lag {
    pthread_mutex_t lock;
    struct xcy_stream *stream;
    struct xcy_delay delay; /* without its file name */
    double time_scale;
    double *samples_ms; /* empirical */
    size_t n_samples;
};

typedef double draw_fn(struct xcy_lag *lag);

static double draw_constant(struct xcy_lag *lag)
{
    return lag->delay.a_ms;
}

static double draw_uniform(struct xcy_lag *lag)
{
    double share = xcy_stream_uniform(lag->stream);
    return lag->delay.a_ms + (lag->delay.b_ms - lag->delay.a_ms) * share;
}

static double draw_exponential(struct xcy_lag *lag)
{
    return lag->delay.a_ms > 0 ? xcy_stream_exponential(lag->stream, lag->delay.a_ms) : 0;
}

/* A p99 equal to the p50 is a distribution of one value. */
static double draw_lognormal(struct xcy_lag *lag)
{
    if (lag->delay.b_ms <= lag->delay.a_ms) {
        return lag->delay.a_ms;
    }
    return xcy_stream_lognormal(lag->stream, lag->delay.a_ms, lag->delay.b_ms);
}

static double draw_empirical(struct xcy_lag *lag)
{
    double at = xcy_stream_uniform(lag->stream) * (double)lag->n_samples;
    size_t index = (size_t)at;
    return lag->samples_ms[index < lag->n_samples ? index : lag->n_samples - 1];
}

static double draw_nothing(struct xcy_lag *lag)
{
    (void)lag;
    return 0;
}

static draw_fn *const draw_fns[] = {
    [XCY_DELAY_CONSTANT] = draw_constant,       [XCY_DELAY_UNIFORM] = draw_uniform,
    [XCY_DELAY_EXPONENTIAL] = draw_exponential, [XCY_DELAY_LOGNORMAL] = draw_lognormal,
    [XCY_DELAY_EMPIRICAL] = draw_empirical,     [XCY_DELAY_GATE] = draw_nothing,
};

static struct xcy_bytes trimmed(struct xcy_bytes line)
{
    while (line.len > 0 && strchr(" \t\r", line.ptr[line.len - 1])) {
        line.len--;
    }
    while (line.len > 0 && strchr(" \t", line.ptr[0])) {
        line = xcy_bytes(line.ptr + 1, line.len - 1);
    }
    return line;
}

static enum xcy_status add_sample(struct xcy_lag *lag, struct xcy_bytes line, const char *path,
                                  size_t line_number, struct xcy_error *err)
{
    line = trimmed(line);
    if (line.len == 0 || line.ptr[0] == '#') {
        return XCY_OK;
    }
    double ms;
    if (!xcy_double_parse(line, &ms) || !isfinite(ms) || ms < 0) {
        return xcy_fail(err, XCY_EPARSE, "%s:%zu: '%.*s' is not a delay in ms of 0 or more", path,
                        line_number, line.len > 40 ? 40 : (int)line.len, line.ptr);
    }
    if ((lag->n_samples & (lag->n_samples - 1)) == 0) { /* full at each power of two */
        size_t capacity = lag->n_samples ? lag->n_samples * 2 : 1;
        lag->samples_ms = xcy_realloc_array(lag->samples_ms, capacity, sizeof *lag->samples_ms);
    }
    lag->samples_ms[lag->n_samples++] = ms;
    return XCY_OK;
}

static enum xcy_status add_samples(struct xcy_lag *lag, struct xcy_bytes text, const char *path,
                                   struct xcy_error *err)
{
    for (size_t line_number = 1; text.len > 0; line_number++) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        enum xcy_status status = add_sample(lag, xcy_bytes(text.ptr, len), path, line_number, err);
        if (status != XCY_OK) {
            return status;
        }
        size_t used = end ? len + 1 : len;
        text = xcy_bytes(text.ptr + used, text.len - used);
    }
    return lag->n_samples > 0 ? XCY_OK : xcy_fail(err, XCY_EPARSE, "%s: no delay in it", path);
}

static enum xcy_status read_samples(struct xcy_lag *lag, const char *path, struct xcy_error *err)
{
    if (!path) {
        return xcy_fail(err, XCY_EUSAGE, "an empirical delay needs a file");
    }
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        status = xcy_buf_check(&text, path, err);
    }
    if (status == XCY_OK) {
        status = add_samples(lag, xcy_buf_bytes(&text), path, err);
    }
    xcy_buf_clear(&text);
    return status;
}

static enum xcy_status check(const struct xcy_delay *delay, double time_scale,
                             struct xcy_error *err)
{
    if (!isfinite(time_scale) || time_scale <= 0) {
        return xcy_fail(err, XCY_EUSAGE, "time_scale must be above 0, got %g", time_scale);
    }
    if (!isfinite(delay->a_ms) || !isfinite(delay->b_ms) || delay->a_ms < 0 || delay->b_ms < 0) {
        return xcy_fail(err, XCY_EUSAGE, "a delay must be 0 ms or more");
    }
    if (delay->model == XCY_DELAY_UNIFORM && delay->b_ms < delay->a_ms) {
        return xcy_fail(err, XCY_EUSAGE, "high_ms %g is below low_ms %g", delay->b_ms, delay->a_ms);
    }
    if (delay->model == XCY_DELAY_LOGNORMAL && (delay->a_ms <= 0 || delay->b_ms < delay->a_ms)) {
        return xcy_fail(err, XCY_EUSAGE, "a lognormal delay needs 0 < p50_ms <= p99_ms, got %g, %g",
                        delay->a_ms, delay->b_ms);
    }
    return XCY_OK;
}

enum xcy_status xcy_lag_new(const struct xcy_delay *delay, double time_scale, uint64_t seed,
                            const char *purpose, struct xcy_lag **lag, struct xcy_error *err)
{
    enum xcy_status status = check(delay, time_scale, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s", purpose);
    }
    struct xcy_lag *made = xcy_alloc(sizeof *made);
    pthread_mutex_init(&made->lock, NULL);
    made->stream = xcy_stream_new(seed, purpose);
    made->delay = *delay;
    made->delay.file = NULL;
    made->time_scale = time_scale;
    if (delay->model == XCY_DELAY_EMPIRICAL) {
        status = read_samples(made, delay->file, err);
    }
    if (status != XCY_OK) {
        xcy_lag_free(made);
        return xcy_error_context(err, "%s", purpose);
    }
    *lag = made;
    return XCY_OK;
}

void xcy_lag_free(struct xcy_lag *lag)
{
    if (!lag) {
        return;
    }
    xcy_stream_free(lag->stream);
    pthread_mutex_destroy(&lag->lock);
    free(lag->samples_ms);
    free(lag);
}

bool xcy_lag_is_gate(const struct xcy_lag *lag)
{
    return lag->delay.model == XCY_DELAY_GATE;
}

int64_t xcy_lag_draw_ns(struct xcy_lag *lag)
{
    /* Far tails are cut at a day, so that no instant ever overflows. */
    static const double max_ms = 86400e3;
    pthread_mutex_lock(&lag->lock);
    double ms = draw_fns[lag->delay.model](lag) * lag->time_scale;
    pthread_mutex_unlock(&lag->lock);
    return (int64_t)(fmin(fmax(ms, 0), max_ms) * (double)XCY_NS_PER_MS);
}
