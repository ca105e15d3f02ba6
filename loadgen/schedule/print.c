#include "loadgen/schedule/print.h"

#include "common/base/buf.h"
#include "common/time/clock.h"
#include "loadgen/schedule/cursor.h"

#include <inttypes.h>

enum { ROOM_BYTES = 1 << 16, SPARE_BYTES = 256 };

struct sink {
    xcy_print_fn *write;
    void *ctx;
    struct xcy_buf text;
    bool is_broken;
};

static void flush(struct sink *sink)
{
    if (!sink->is_broken && sink->text.len > 0) {
        sink->is_broken = !sink->write(sink->ctx, xcy_buf_bytes(&sink->text));
    }
    xcy_buf_reset(&sink->text);
}

/* A text of the user's may hold a line end. */
static void add_one_line(struct xcy_buf *out, const char *text)
{
    for (const char *c = text; *c && out->len < ROOM_BYTES / 2; c++) {
        bool is_control = (unsigned char)*c < ' ';
        xcy_buf_add(out, is_control ? xcy_bytes("?", 1) : xcy_bytes(c, 1));
    }
}

static void add_seconds(struct xcy_buf *out, int64_t ns)
{
    xcy_buf_addf(out, "%" PRId64 ".%09" PRId64, ns / XCY_NS_PER_S, ns % XCY_NS_PER_S);
}

static void add_bounds(const struct xcy_schedule *s, struct xcy_buf *out)
{
    int64_t n = xcy_schedule_slots(s);
    int64_t length_ns = xcy_schedule_length_ns(s);
    if (n > 0) {
        xcy_buf_addf(out, "# slots: %" PRId64 ", of them %" PRId64 " warm-up\n", n,
                     xcy_schedule_warmup_slots(s));
    } else {
        xcy_buf_add_text(out, "# slots: as many as there is time for\n");
    }
    if (length_ns > 0) {
        xcy_buf_add_text(out, "# length_s: ");
        add_seconds(out, length_ns);
        xcy_buf_add_text(out, ", of them ");
        add_seconds(out, xcy_schedule_warmup_length_ns(s));
        xcy_buf_add_text(out, " warm-up\n");
    }
}

static void add_head(const struct xcy_schedule *s, int64_t seed, struct xcy_buf *out)
{
    int64_t in_flight = xcy_schedule_closed_in_flight(s);
    int64_t shard_count = xcy_schedule_global_slot(s, 1) - xcy_schedule_global_slot(s, 0);
    xcy_buf_add_text(out, "# arrivals: ");
    add_one_line(out, xcy_schedule_text(s));
    xcy_buf_add_char(out, '\n');
    add_bounds(s, out);
    if (in_flight > 0) {
        xcy_buf_addf(out, "# in flight: %" PRId64 ", the next when one ends\n", in_flight);
    } else {
        xcy_buf_addf(out, "# rate_per_s: mean %.10g, peak %.10g\n", xcy_schedule_mean_rate(s),
                     xcy_schedule_peak_rate(s));
    }
    if (shard_count > 1) {
        xcy_buf_addf(out, "# shard: %" PRId64 "/%" PRId64 "\n", xcy_schedule_global_slot(s, 0) + 1,
                     shard_count);
    }
    if (xcy_schedule_is_random(s)) {
        xcy_buf_addf(out, "# seed: %" PRId64 "\n", seed);
    }
}

static void add_slots(const struct xcy_schedule *s, struct sink *sink)
{
    int64_t n_warmup = xcy_schedule_warmup_slots(s);
    struct xcy_cursor *cursor = xcy_cursor_new(s, 0, 1);
    struct xcy_buf *out = &sink->text;
    int64_t slot = 0;
    int64_t due_ns = 0;
    xcy_buf_add_text(out, "slot,global_slot,due_s,warmup\n");
    while (!sink->is_broken && xcy_cursor_look(cursor, &slot, &due_ns)) {
        xcy_buf_addf(out, "%" PRId64 ",%" PRId64 ",", slot, xcy_schedule_global_slot(s, slot));
        add_seconds(out, due_ns);
        xcy_buf_add_text(out, slot < n_warmup ? ",1\n" : ",0\n");
        if (out->len > ROOM_BYTES - SPARE_BYTES) {
            flush(sink);
        }
        xcy_cursor_advance(cursor);
    }
    xcy_cursor_free(cursor);
}

bool xcy_schedule_print(const struct xcy_schedule *schedule, int64_t seed, xcy_print_fn *write,
                        void *ctx)
{
    struct sink sink = {.write = write, .ctx = ctx};
    xcy_buf_init(&sink.text, ROOM_BYTES);
    add_head(schedule, seed, &sink.text);
    if (xcy_schedule_closed_in_flight(schedule) == 0) {
        add_slots(schedule, &sink);
    }
    flush(&sink);
    xcy_buf_clear(&sink.text);
    return !sink.is_broken;
}
