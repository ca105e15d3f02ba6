#include "sandbox/services/lambda_clock.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/data/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct clock {
    struct xcy_anchor since;
    int64_t offset_us;
    double drift_ppm;
    int64_t step_us;
    int64_t step_after_us;
};

static enum xcy_fault fault_of(const struct xcy_hosted_function *f, enum xcy_clock_fault which)
{
    return (enum xcy_fault)((int)f->clock_faults + (int)which);
}

static struct clock draw(const struct xcy_hosted_function *f)
{
    struct xcy_faults *faults = f->service->options.faults;
    double step_ms = xcy_faults_setting(faults, fault_of(f, XCY_CLOCK_STEP_MS));
    double after_s = xcy_faults_setting(faults, fault_of(f, XCY_CLOCK_STEP_AFTER_S));
    return (struct clock){
        .since = xcy_anchor_now(),
        .offset_us = llround(1e3 * xcy_faults_draw(faults, fault_of(f, XCY_CLOCK_OFFSET_MS))),
        .drift_ppm = xcy_faults_draw(faults, fault_of(f, XCY_CLOCK_DRIFT_PPM)),
        .step_us = llround(1e3 * step_ms),
        .step_after_us = llround(1e6 * after_s),
    };
}

static struct xcy_mono step_at(const struct clock *c)
{
    return xcy_mono_add(c->since.mono, c->step_after_us * XCY_NS_PER_US);
}

static void note_clock(const struct xcy_instance *instance, const struct clock *c)
{
    const struct xcy_hosted_function *f = instance->function;
    int64_t since_us = xcy_wall_us(c->since.wall);
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", "clock");
    xcy_json_put_string(line, "function", f->name);
    xcy_json_put_string(line, "instance", instance->clock_id);
    xcy_json_put_int64(line, "at_us", since_us);
    xcy_json_put_int64(line, "offset_us", c->offset_us);
    xcy_json_put_number(line, "drift_ppm", c->drift_ppm);
    if (c->step_us != 0) {
        xcy_json_put_int64(line, "step_us", c->step_us);
        xcy_json_put_int64(line, "step_at_us", since_us + c->step_after_us);
    }
    xcy_truth_add(f->service->options.truth, line);
}

static void note_step(const struct xcy_instance *instance)
{
    const struct xcy_hosted_function *f = instance->function;
    enum xcy_fault fault = fault_of(f, XCY_CLOCK_STEP_MS);
    struct xcy_json *line = xcy_fault_line(fault);
    xcy_json_put_string(line, "function", f->name);
    xcy_json_put_string(line, "instance", instance->clock_id);
    xcy_truth_add(f->service->options.truth, line);
    xcy_faults_note(f->service->options.faults,
                    fault); /* who sees it counted finds it in the log */
}

/* A step to come, of a process that may be gone by then. */
struct step {
    struct xcy_lambda_service *service;
    size_t index;
    char clock_id[XCY_LAMBDA_ID_BYTES];
};

static void on_step(void *ctx)
{
    struct step *step = ctx;
    struct xcy_lambda_service *s = step->service;
    pthread_mutex_lock(&s->lock);
    const struct xcy_instance *instance = s->instances[step->index];
    if (instance && strcmp(instance->clock_id, step->clock_id) == 0) {
        note_step(instance);
    }
    pthread_mutex_unlock(&s->lock);
    free(step);
}

static void await_step(const struct xcy_instance *instance, const struct clock *c)
{
    struct xcy_lambda_service *s = instance->function->service;
    struct step *step = xcy_alloc(sizeof *step);
    step->service = s;
    step->index = instance->index;
    memcpy(step->clock_id, instance->clock_id, sizeof step->clock_id);
    xcy_timers_add(s->options.timers, step_at(c), on_step, free, step);
}

char *xcy_lambda_clock_draw(struct xcy_instance *instance)
{
    const struct clock c = draw(instance->function);
    if (c.offset_us == 0 && c.drift_ppm == 0 && c.step_us == 0) {
        return NULL;
    }
    char drift[XCY_DOUBLE_TEXT_BYTES];
    xcy_double_format(c.drift_ppm, drift);
    xcy_random_uuid(instance->clock_id);
    note_clock(instance, &c);
    if (c.step_us != 0) {
        await_step(instance, &c);
    }
    return xcy_format("%s:%lld:%lld:%s:%lld:%lld", instance->clock_id, (long long)c.since.mono.ns,
                      (long long)c.offset_us, drift, (long long)c.step_us,
                      (long long)step_at(&c).ns);
}
