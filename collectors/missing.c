#include "collectors/missing.h"

static void add_line(const struct xcy_slot *slot, int64_t i, struct xcy_buf *out)
{
    enum xcy_point last = xcy_slot_last_point(slot);
    int64_t last_us = slot->row ? slot->row->points.us[last] : slot->sent_us;
    xcy_buf_addf(out, "request %lld", (long long)i);
    if (slot->row && slot->row->id.key[0]) {
        xcy_buf_addf(out, " (key %s)", slot->row->id.key);
    }
    xcy_buf_addf(out, ": outcome %s, last known: %s", xcy_outcome_names[slot->outcome],
                 xcy_points[last].meaning);
    if (last != XCY_POINT_SENT && slot->sent_us != 0 && last_us != 0) {
        xcy_buf_addf(out, ", %.3f ms after it was sent", (double)(last_us - slot->sent_us) / 1e3);
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
        const struct xcy_slot *slot = &derived->slots->slots[i];
        if (!slot->may_report || xcy_collection_reports(derived->collection, i).has_reported) {
            continue;
        }
        if (max == 0 || n < max) {
            add_line(slot, i, out);
        }
        n++;
    }
    if (max > 0 && n > max) {
        xcy_buf_addf(out, "… and %lld more (all with --missing)\n", (long long)(n - max));
    }
}
