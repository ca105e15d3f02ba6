#include "sandbox/services/journey.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct journey {
    struct xcy_journeys *journeys;
    const struct xcy_journey_stages *stages;
    struct xcy_call *call;
    void *request;
    struct xcy_mono arrives_back;
};

void xcy_journeys_init(struct xcy_journeys *journeys, struct xcy_timers *timers)
{
    journeys->timers = timers;
    journeys->is_stopping = false;
    pthread_mutex_init(&journeys->lock, NULL);
}

void xcy_journeys_stop(struct xcy_journeys *journeys)
{
    pthread_mutex_lock(&journeys->lock);
    journeys->is_stopping = true;
    pthread_mutex_unlock(&journeys->lock);
}

void xcy_journeys_clear(struct xcy_journeys *journeys)
{
    pthread_mutex_destroy(&journeys->lock);
}

static void end(struct journey *j)
{
    j->stages->free(j->request);
    free(j);
}

static void drop(void *ctx)
{
    struct journey *j = ctx;
    xcy_call_drop(j->call);
    end(j);
}

static void come_back(void *ctx)
{
    struct journey *j = ctx;
    j->stages->answer(j->request);
    end(j);
}

static void reach_store(void *ctx)
{
    struct journey *j = ctx;
    j->stages->decide(j->request);
    xcy_timers_add(j->journeys->timers, j->arrives_back, come_back, drop, j);
}

/* False: the sandbox is ending. */
static bool set_out(struct journey *j, struct xcy_mono at_store)
{
    struct xcy_journeys *all = j->journeys;
    pthread_mutex_lock(&all->lock);
    bool is_open = !all->is_stopping;
    if (is_open) {
        xcy_timers_add(all->timers, at_store, reach_store, drop, j);
    }
    pthread_mutex_unlock(&all->lock);
    return is_open;
}

void xcy_journeys_travel(struct xcy_journeys *journeys, const struct xcy_journey_stages *stages,
                         struct xcy_call *call, void *request, struct xcy_mono arrival,
                         int64_t leg_ns)
{
    struct journey *j = xcy_alloc(sizeof *j);
    *j = (struct journey){.journeys = journeys,
                          .stages = stages,
                          .call = call,
                          .request = request,
                          .arrives_back = xcy_mono_add(arrival, leg_ns)};
    if (leg_ns == 0) {
        stages->decide(request);
        come_back(j);
    } else if (!set_out(j, xcy_mono_add(arrival, leg_ns / 2))) {
        xcy_call_fail_stopping(call);
        end(j);
    }
}
