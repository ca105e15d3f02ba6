#include "collectors/sizes.h"

#include "common/data/json.h"

#include <math.h>

/* Whole sizes are shown as integers, as in the reference's tags. */
static struct xcy_reference_number number_of(double value)
{
    return (struct xcy_reference_number){.value = value, .is_float = value != trunc(value)};
}

static enum xcy_status read_stats(const struct xcy_json *body,
                                  const struct xcy_combination *expected, struct xcy_sizes *sizes,
                                  struct xcy_error *err)
{
    const struct xcy_json *stats = xcy_json_get(body, "stats");
    const char *storage =
        xcy_json_get_string(xcy_json_get(body, "combination"), "post_storage", NULL);
    struct xcy_sizes found = {0};
    double total;
    double avg;
    if (!xcy_json_number(xcy_json_get(stats, "dataset.bytes"), &total) ||
        !xcy_json_number(xcy_json_get(stats, "dataset.avg_bytes"), &avg)) {
        return xcy_fail(err, XCY_EPARSE,
                        "not a STATS reply: no body.stats with dataset.bytes and "
                        "dataset.avg_bytes");
    }
    if (expected && storage &&
        strcmp(storage, xcy_post_storage_names[expected->post_storage]) != 0) {
        return xcy_fail(err, XCY_EINVALID, "these are the sizes of %.40s; the run used %s", storage,
                        xcy_post_storage_names[expected->post_storage]);
    }
    found.has_items = xcy_json_int64(xcy_json_get(stats, "items"), &found.items);
    found.total_bytes = number_of(total);
    found.avg_bytes = number_of(avg);
    *sizes = found;
    return XCY_OK;
}

enum xcy_status xcy_sizes_parse(struct xcy_bytes text, const struct xcy_combination *expected,
                                struct xcy_sizes *sizes, struct xcy_error *err)
{
    struct xcy_json *reply = NULL;
    struct xcy_json *inner = NULL;
    enum xcy_status status = xcy_json_parse(text, &reply, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_json *body = xcy_json_get(reply, "body");
    const char *body_text = xcy_json_string(body);
    if (body_text) {
        status = xcy_json_parse(xcy_bytes_of(body_text), &inner, err);
    }
    if (status == XCY_OK) {
        status = read_stats(inner ? inner : body, expected, sizes, err);
    }
    xcy_json_free(inner);
    xcy_json_free(reply);
    return status;
}
