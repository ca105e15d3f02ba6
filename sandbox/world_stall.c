#include "common/base/log.h"
#include "sandbox/world_parts.h"

static void note(struct xcy_world *w, bool is_on, struct xcy_mono at)
{
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", is_on ? "stall" : "resume");
    xcy_json_put_int64(line, "at_us", xcy_wall_us(xcy_wall_at(xcy_anchor_now(), at)));
    xcy_truth_add(w->truth, line);
    xcy_log(XCY_LOG_INFO, is_on ? "replication is stalled" : "replication goes on");
}

static void apply(void *ctx)
{
    struct xcy_world *w = ctx;
    struct xcy_mono at;
    bool is_on = xcy_faults_setting(w->faults, XCY_FAULT_REPLICATION_STALLED) != 0;
    if (!xcy_stall_set(w->stall, is_on, &at)) {
        return;
    }
    if (is_on) {
        xcy_faults_note(w->faults, XCY_FAULT_REPLICATION_STALLED);
    }
    note(w, is_on, at);
}

void xcy_world_follow_stall(struct xcy_world *w)
{
    xcy_faults_watch(w->faults, apply, w);
    apply(w);
}
