#include "loadgen/drive/loop.h"

/* After so many late slots in a row the engine runs once: a request is on its way only then, so that
 * each further one makes the first later, and replies are not left to wait. */
enum { MAX_BURST = 4 };

/* Returns the last reading of the clock. *has_more: there are others that are due already. */
static struct xcy_mono begin_due_slots(struct xcy_loop *loop, bool *has_more)
{
    int64_t n_warmup = xcy_schedule_warmup_slots(loop->setting->plan->schedule);
    struct xcy_mono now = xcy_mono_now();
    int64_t slot;
    struct xcy_mono due;
    *has_more = true;
    xcy_loop_keep_up(loop, now); /* before: these slots belong to the interval that begins */
    for (int n = 0; n < MAX_BURST; n++) {
        if (!xcy_pacer_take(&loop->pacer, now, &slot, &due)) {
            *has_more = false;
            break;
        }
        xcy_sender_begin(&loop->sender, slot, due, now, slot < n_warmup);
        now = xcy_mono_now();
    }
    return now;
}

/* Those that nobody sends any more. */
static void skip_rest(struct xcy_loop *loop)
{
    const struct xcy_schedule *schedule = loop->setting->plan->schedule;
    struct xcy_tally *tally = loop->sender.tally;
    int64_t n = xcy_pacer_left(&loop->pacer, xcy_schedule_slots(schedule));
    int64_t n_warmup = xcy_pacer_left(&loop->pacer, xcy_schedule_warmup_slots(schedule));
    xcy_tally_skip_many(tally, XCY_SKIP_STOPPED, true, n_warmup);
    xcy_tally_skip_many(tally, XCY_SKIP_STOPPED, false, n - n_warmup);
}

void xcy_loop_send_open(struct xcy_loop *loop)
{
    const struct xcy_worker_setting *s = loop->setting;
    while (!xcy_pacer_is_done(&loop->pacer) && !s->is_stopped(s->ctx)) {
        bool has_more;
        struct xcy_mono now = begin_due_slots(loop, &has_more);
        if (!xcy_pacer_is_done(&loop->pacer)) {
            xcy_loop_serve(loop, has_more ? now : xcy_pacer_next_due(&loop->pacer), false);
        }
    }
    skip_rest(loop);
}
