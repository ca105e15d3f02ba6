#include "collectors/sizes.h"

#include "common/data/json.h"

#include <math.h>

/* Whether the number of a key is written as a float: the parsed tree has only doubles, and the
 * reference's tags show 1012.0 and 1012 as they came. The body may be a text, with its quotes escaped. */
static bool is_float_text(struct xcy_bytes text, const char *key)
{
    const char *at = memmem(text.ptr, text.len, key, strlen(key));
    const char *end = text.ptr + text.len;
    for (at = at ? at + strlen(key) : end; at < end && strchr("\\\": \t\r\n", *at); at++) {
    }
    for (; at < end && strchr("+-0123456789", *at); at++) {
    }
    return at < end && strchr(".eE", *at);
}

static struct xcy_reference_number number_of(struct xcy_bytes text, const char *key, double value)
{
    bool is_float = value != trunc(value) || is_float_text(text, key);
    return (struct xcy_reference_number){.value = value, .is_float = is_float};
}

static const char total_key[] = "dataset.bytes";
static const char avg_key[] = "dataset.avg_bytes";

static enum xcy_status read_stats(struct xcy_bytes text, const struct xcy_json *body,
                                  const struct xcy_combination *expected, struct xcy_sizes *sizes,
                                  struct xcy_error *err)
{
    const struct xcy_json *stats = xcy_json_get(body, "stats");
    const char *storage =
        xcy_json_get_string(xcy_json_get(body, "combination"), "post_storage", NULL);
    struct xcy_sizes found = {0};
    double total;
    double avg;
    if (!xcy_json_number(xcy_json_get(stats, total_key), &total) ||
        !xcy_json_number(xcy_json_get(stats, avg_key), &avg)) {
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
    found.total_bytes = number_of(text, total_key, total);
    found.avg_bytes = number_of(text, avg_key, avg);
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
        status = read_stats(text, inner ? inner : body, expected, sizes, err);
    }
    xcy_json_free(inner);
    xcy_json_free(reply);
    return status;
}
