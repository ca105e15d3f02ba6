#include "collectors/missing.h"

/* What is known of a request that has not reported. */
struct trace {
    enum xcy_point last;
    bool has_after; /* both it and `sent` are known, and it is not `sent` itself */
    int64_t after_us;
};

static struct trace trace_of(const struct xcy_slot *slot)
{
    struct trace t = {.last = xcy_slot_last_point(slot)};
    int64_t last_us = slot->row ? slot->row->points.us[t.last] : slot->sent_us;
    t.has_after = t.last != XCY_POINT_SENT && slot->sent_us != 0 && last_us != 0;
    t.after_us = t.has_after ? last_us - slot->sent_us : 0;
    return t;
}

static bool is_missing(const struct xcy_derived *d, int64_t i)
{
    return d->slots->slots[i].may_report && !xcy_collection_reports(d->collection, i).has_reported;
}

static void add_line(const struct xcy_slot *slot, int64_t i, struct xcy_buf *out)
{
    struct trace t = trace_of(slot);
    xcy_buf_addf(out, "request %lld", (long long)i);
    if (slot->row && slot->row->id.key[0]) {
        xcy_buf_addf(out, " (key %s)", slot->row->id.key);
    }
    xcy_buf_addf(out, ": outcome %s, last known: %s", xcy_outcome_names[slot->outcome],
                 xcy_points[t.last].meaning);
    if (t.has_after) {
        bool is_ours = xcy_points[t.last].domain == XCY_DOMAIN_CLIENT;
        xcy_buf_addf(out, ", %.3f ms after it was sent%s", (double)t.after_us / 1e3,
                     is_ours ? "" : " by the writer's clock");
    }
    if (slot->row && slot->row->exec[0]) {
        xcy_buf_addf(out, " (execution %s)", slot->row->exec);
    }
    xcy_buf_add_char(out, '\n');
}

void xcy_missing_format(const struct xcy_derived *derived, int64_t max, struct xcy_buf *out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < derived->slots->n; i++) {
        if (is_missing(derived, i) && (n++ < max || max == 0)) {
            add_line(&derived->slots->slots[i], i, out);
        }
    }
    if (max > 0 && n > max) {
        xcy_buf_addf(out, "… and %lld more (all with --missing)\n", (long long)(n - max));
    }
}

static void put_text(struct xcy_json *object, const char *key, const char *text)
{
    xcy_json_put_string(object, key, text && text[0] ? text : NULL);
}

void xcy_missing_put(const struct xcy_derived *derived, int64_t max, struct xcy_json *array)
{
    int64_t n = 0;
    for (int64_t i = 0; i < derived->slots->n && (n < max || max == 0); i++) {
        const struct xcy_slot *slot = &derived->slots->slots[i];
        if (!is_missing(derived, i)) {
            continue;
        }
        struct trace t = trace_of(slot);
        struct xcy_json *object = xcy_json_append_object(array);
        xcy_json_put_int64(object, "i", i);
        put_text(object, "key", slot->row ? slot->row->id.key : NULL);
        xcy_json_put_string(object, "outcome", xcy_outcome_names[slot->outcome]);
        xcy_json_put_string(object, "last", xcy_points[t.last].name);
        if (t.has_after) {
            xcy_json_put_int64(object, "after_us", t.after_us);
        } else {
            xcy_json_put_null(object, "after_us");
        }
        put_text(object, "exec", slot->row ? slot->row->exec : NULL);
        n++;
    }
}
