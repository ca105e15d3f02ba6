#include "loadgen/drive/loop.h"

#include "common/run/sent.h"

/* False when there is none any more, or no room for it in sent.bin. */
static bool take_number(struct xcy_loop *loop, int64_t *slot, bool *is_warmup)
{
    const struct xcy_worker_setting *s = loop->setting;
    do {
        if (!xcy_numbers_look(s->numbers, slot)) {
            return false;
        }
        if (s->sent && xcy_sent_reserve(s->sent, *slot + 1, &loop->error) != XCY_OK) {
            s->failed(s->ctx);
            return false;
        }
    } while (!xcy_numbers_take(s->numbers, *slot, is_warmup));
    return true;
}

static bool has_room(const struct xcy_loop *loop)
{
    return xcy_sender_in_flight(&loop->sender) < loop->sender.flights.limit;
}

static void leave_warmup(struct xcy_loop *loop, struct xcy_mono now)
{
    int64_t length_ns = xcy_schedule_warmup_length_ns(loop->setting->plan->schedule);
    if (!loop->has_left_warmup &&
        !xcy_mono_before(now, xcy_mono_add(loop->setting->start, length_ns))) {
        xcy_numbers_end_warmup(loop->setting->numbers);
        loop->has_left_warmup = true;
    }
}

/* Brings one more into flight if there may be, or finds that the loop is at its end. */
static void refill(struct xcy_loop *loop)
{
    int64_t slot;
    bool is_warmup;
    struct xcy_mono now = xcy_mono_now();
    leave_warmup(loop, now);
    xcy_loop_keep_up(loop, now);
    loop->goes_on = loop->goes_on && xcy_mono_before(now, loop->end);
    if (loop->goes_on && has_room(loop)) {
        loop->goes_on = take_number(loop, &slot, &is_warmup);
        if (loop->goes_on) {
            xcy_sender_begin(&loop->sender, slot, now, now, is_warmup);
        }
    }
}

/* At once: were the engine to serve the other replies first, fewer would be in flight than were asked
 * for, and the time in between would be in no latency. */
static void replace(void *ctx)
{
    struct xcy_loop *loop = ctx;
    if (!loop->setting->is_stopped(loop->setting->ctx)) {
        refill(loop);
    }
}

static struct xcy_mono end_of_closed(const struct xcy_loop *loop)
{
    int64_t length_ns = xcy_schedule_length_ns(loop->setting->plan->schedule);
    return length_ns > 0 ? xcy_mono_add(loop->setting->start, length_ns)
                         : (struct xcy_mono){INT64_MAX};
}

/* Those that nobody begins any more: the first worker that stops has them all. */
static void skip_rest(struct xcy_loop *loop)
{
    struct xcy_numbers *numbers = loop->setting->numbers;
    xcy_numbers_end_warmup(numbers);
    int64_t n = xcy_numbers_take_rest(numbers);
    xcy_tally_skip_many(loop->sender.tally, XCY_SKIP_STOPPED, false, n);
}

void xcy_loop_send_closed(struct xcy_loop *loop)
{
    const struct xcy_worker_setting *s = loop->setting;
    loop->end = end_of_closed(loop);
    loop->goes_on = loop->sender.flights.limit > 0;
    loop->sender.answered = replace;
    loop->sender.answered_ctx = loop;
    while (loop->goes_on && xcy_mono_before(xcy_mono_now(), s->start) && !s->is_stopped(s->ctx)) {
        xcy_loop_serve(loop, s->start, false);
    }
    while (loop->goes_on && !s->is_stopped(s->ctx)) {
        refill(loop);
        if (loop->goes_on) {
            /* One that was begun is sent by the engine's run: at once, not after the others. */
            struct xcy_mono until = has_room(loop) ? s->start : loop->end;
            xcy_loop_serve(loop, until, xcy_sender_in_engine(&loop->sender) > 0);
        }
    }
    loop->sender.answered = NULL;
    if (s->is_stopped(s->ctx) && s->numbers->limit > 0) {
        skip_rest(loop);
    }
}
