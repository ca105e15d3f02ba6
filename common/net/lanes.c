#include "common/net/client.h"

#include <string.h>

/* A client's lanes of one: those with a connection to the wanted host first, the one used last before
 * others, so that under less load the rest may be closed by their servers. */

#define MAX_IDLE_NS (30 * XCY_NS_PER_S)

enum { MAX_IDLE_ELSEWHERE = 16 }; /* idle lanes to other hosts, before one of theirs is taken */

static void list_remove(struct xcy_lane_list *list, struct xcy_lane *lane)
{
    if (lane->previous) {
        lane->previous->next = lane->next;
    } else {
        list->first = lane->next;
    }
    if (lane->next) {
        lane->next->previous = lane->previous;
    } else {
        list->last = lane->previous;
    }
}

static void list_add_first(struct xcy_lane_list *list, struct xcy_lane *lane)
{
    lane->previous = NULL;
    lane->next = list->first;
    if (list->first) {
        list->first->previous = lane;
    } else {
        list->last = lane;
    }
    list->first = lane;
}

static void list_add_last(struct xcy_lane_list *list, struct xcy_lane *lane)
{
    lane->next = NULL;
    lane->previous = list->last;
    if (list->last) {
        list->last->next = lane;
    } else {
        list->first = lane;
    }
    list->last = lane;
}

/* One whose connection leads there; those that are found dead go. */
static struct xcy_lane *find_connected(struct xcy_http *http, const char *authority,
                                       struct xcy_mono now)
{
    struct xcy_lane *next = NULL;
    for (struct xcy_lane *lane = http->idle.last; lane; lane = next) {
        next = lane->previous;
        if (xcy_lane_fits(lane, authority)) {
            if (xcy_lane_is_alive(lane, now)) {
                return lane;
            }
            xcy_http_drop_lane(http, lane);
        }
    }
    return NULL;
}

static bool may_grow(const struct xcy_http *http)
{
    int bound = http->options.max_connections;
    return bound <= 0 || http->n_lanes < (size_t)bound;
}

static struct xcy_lane *take_alone(struct xcy_http *http, const char *authority,
                                   struct xcy_mono now)
{
    struct xcy_lane *lane = find_connected(http, authority, now);
    struct xcy_lane *first = http->idle.first;
    if (!lane && first &&
        (first->kept_fd < 0 || !may_grow(http) || http->n_idle >= MAX_IDLE_ELSEWHERE)) {
        lane = first;
    }
    if (lane) {
        list_remove(&http->idle, lane);
        http->n_idle--;
    } else if (may_grow(http)) {
        lane = xcy_lane_new(http, false);
        http->n_lanes++;
    }
    return lane;
}

struct xcy_lane *xcy_http_take_lane(struct xcy_http *http, const struct xcy_transfer *t)
{
    if (!t->prepared->is_https) {
        return take_alone(http, t->prepared->authority, t->began);
    }
    if (!http->shared_lane) {
        http->shared_lane = xcy_lane_new(http, true);
    }
    return xcy_lane_has_room(http->shared_lane) ? http->shared_lane : NULL;
}

/* A stall that made many connections leaves them idle: they go one after the other, so that memory is
 * again what the load needs. */
static void drop_oldest(struct xcy_http *http, struct xcy_mono now)
{
    int64_t bound_ns = http->options.max_idle_ns;
    struct xcy_lane *oldest = http->idle.first;
    if (xcy_mono_diff_ns(now, oldest->idle_since) <= (bound_ns > 0 ? bound_ns : MAX_IDLE_NS)) {
        return;
    }
    xcy_http_drop_lane(http, oldest);
    struct xcy_transfer *spare = http->spare.first;
    if (spare) {
        xcy_transfer_list_remove(&http->spare, spare);
        xcy_transfer_free(spare);
    }
}

void xcy_http_give_lane(struct xcy_http *http, struct xcy_lane *lane)
{
    http->may_begin = true;
    if (lane->is_shared) {
        return;
    }
    if (lane->kept_fd >= 0) {
        list_add_last(&http->idle, lane);
    } else {
        list_add_first(&http->idle, lane);
    }
    http->n_idle++;
    drop_oldest(http, lane->idle_since);
}

void xcy_http_drop_lane(struct xcy_http *http, struct xcy_lane *lane)
{
    list_remove(&http->idle, lane);
    http->n_idle--;
    http->n_lanes--;
    http->may_begin = true;
    xcy_lane_free(lane);
}
