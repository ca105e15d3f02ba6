#include "loadgen/drive/loop.h"

#include <time.h>

static struct xcy_mono earlier(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(a, b) ? a : b;
}

/* The interval that an instant lies in; what was before the start counts in the first one. */
static int64_t interval_at(const struct xcy_loop *loop, struct xcy_mono now)
{
    int64_t since_ns = xcy_mono_diff_ns(now, loop->setting->start);
    return since_ns > 0 ? since_ns / XCY_INTERVAL_NS : 0;
}

static int64_t read_cpu_ns(void)
{
    struct timespec t;
    int code = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    xcy_assert(code == 0);
    return (int64_t)t.tv_sec * XCY_NS_PER_S + t.tv_nsec;
}

static void note_cpu(struct xcy_loop *loop, struct xcy_mono now)
{
    int64_t taken_ns = xcy_mono_diff_ns(now, loop->setting->start);
    if (loop->is_sending && taken_ns >= XCY_INTERVAL_NS) {
        loop->cpu_share = (double)(read_cpu_ns() - loop->cpu_before_ns) / (double)taken_ns;
    }
}

static void begin_interval(struct xcy_loop *loop, int64_t interval)
{
    loop->interval = interval;
    loop->boundary = xcy_mono_add(loop->setting->start, (interval + 1) * XCY_INTERVAL_NS);
    loop->sender.tally = xcy_handover_current(loop->handover);
}

/* What this thread knows besides its slots. */
static void complete(struct xcy_loop *loop)
{
    loop->sender.tally->in_flight = xcy_sender_in_flight(&loop->sender);
    loop->sender.tally->busiest_cpu_share = loop->cpu_share;
}

/* After a stall there are intervals in which nothing was counted: what was before it stays before. */
static void give_interval(struct xcy_loop *loop, struct xcy_mono now)
{
    if (xcy_mono_before(now, loop->boundary)) {
        return;
    }
    int64_t next = interval_at(loop, now);
    int64_t own = loop->interval;
    note_cpu(loop, now);
    complete(loop);
    xcy_handover_give(loop->handover, own);
    begin_interval(loop, next);
    if (next - 1 > own) {
        complete(loop);
        xcy_handover_give(loop->handover, next - 1);
        begin_interval(loop, next);
    }
}

void xcy_loop_begin(struct xcy_loop *loop)
{
    loop->cpu_before_ns = read_cpu_ns();
    loop->is_sending = true;
    begin_interval(loop, interval_at(loop, xcy_mono_now()));
}

/* At least one round, whatever the grace time: what was begun last is sent, what is answered counts. */
void xcy_loop_drain(struct xcy_loop *loop)
{
    const struct xcy_worker_setting *s = loop->setting;
    struct xcy_mono now = xcy_mono_now();
    struct xcy_mono deadline = xcy_mono_add(now, s->plan->grace_ns);
    note_cpu(loop, now);
    loop->is_sending = false;
    for (bool is_first = true;
         xcy_sender_in_flight(&loop->sender) > 0 && (is_first || xcy_mono_before(now, deadline));
         is_first = false) {
        if (s->is_stopped(s->ctx)) {
            xcy_sender_repeat_no_more(&loop->sender);
        }
        xcy_loop_keep_up(loop, now);
        if (xcy_sender_in_flight(&loop->sender) > 0) {
            xcy_loop_serve(loop, deadline, xcy_sender_in_engine(&loop->sender) > 0);
        }
        now = xcy_mono_now();
    }
    xcy_sender_cancel(&loop->sender);
}

void xcy_loop_end(struct xcy_loop *loop)
{
    complete(loop);
    xcy_handover_finish(loop->handover, interval_at(loop, xcy_mono_now()));
}

/* It sleeps to the very instant. To wake earlier and turn in circles for the rest would make a request
 * more exact by what the kernel wakes too late, and cost a cpu that the target may need. */
void xcy_loop_serve(struct xcy_loop *loop, struct xcy_mono until, bool once)
{
    const struct xcy_worker_setting *s = loop->setting;
    struct xcy_mono when = earlier(until, loop->boundary);
    struct xcy_mono again;
    if (xcy_sender_next_repeat(&loop->sender, &again)) {
        when = earlier(when, again);
    }
    s->engine->run(loop->sender.engine_state, when, loop->sender.is_final ? -1 : s->stop_fd, once);
}

void xcy_loop_keep_up(struct xcy_loop *loop, struct xcy_mono now)
{
    give_interval(loop, now);
    xcy_sender_repeat(&loop->sender, now);
}
