#include "common/deployment/delay.h"

#include "common/data/number.h"
#include "common/deployment/key.h"
#include "common/deployment/scalar.h"
#include "common/record/combination.h"

#include <stddef.h>
#include <stdlib.h>

const char *const xcy_delay_model_names[] = {
    [XCY_DELAY_CONSTANT] = "constant",
    [XCY_DELAY_UNIFORM] = "uniform",
    [XCY_DELAY_EXPONENTIAL] = "exponential",
    [XCY_DELAY_LOGNORMAL] = "lognormal",
    [XCY_DELAY_EMPIRICAL] = "empirical",
    [XCY_DELAY_GATE] = "gate",
    NULL,
};

static const double max_ms = 3600000; /* an hour: nothing here waits longer on purpose */

/* What a model's map may hold besides `model`. */
struct model_keys {
    const char *a;
    const char *b;
    const char *file;
};

static const struct model_keys model_keys[] = {
    [XCY_DELAY_CONSTANT] = {.a = "ms"},
    [XCY_DELAY_UNIFORM] = {.a = "low_ms", .b = "high_ms"},
    [XCY_DELAY_EXPONENTIAL] = {.a = "mean_ms"},
    [XCY_DELAY_LOGNORMAL] = {.a = "p50_ms", .b = "p99_ms"},
    [XCY_DELAY_EMPIRICAL] = {.file = "file"},
    [XCY_DELAY_GATE] = {0},
};

static enum xcy_status check(const struct xcy_yaml *node, const struct xcy_delay *delay,
                             struct xcy_error *err)
{
    const struct model_keys *keys = &model_keys[delay->model];
    bool needs_positive =
        delay->model == XCY_DELAY_EXPONENTIAL || delay->model == XCY_DELAY_LOGNORMAL;
    if (needs_positive && delay->a_ms <= 0) {
        return xcy_yaml_fail(node, err, "%s must be above 0", keys->a);
    }
    if (keys->b && delay->b_ms < delay->a_ms) {
        return xcy_yaml_fail(node, err, "%s (%g) must not be below %s (%g)", keys->b, delay->b_ms,
                             keys->a, delay->a_ms);
    }
    return XCY_OK;
}

static enum xcy_status find_model(const struct xcy_yaml *map, enum xcy_delay_model *model,
                                  struct xcy_error *err)
{
    static const char expected[] = "constant, uniform, exponential, lognormal, empirical or gate";
    const struct xcy_yaml *node = xcy_yaml_get(map, "model");
    const char *text = node ? xcy_yaml_text(node) : NULL;
    if (!node) {
        return xcy_yaml_fail(map, err, "a delay needs `model`: %s", expected);
    }
    int found = text ? xcy_name_index(xcy_delay_model_names, text) : -1;
    if (found < 0) {
        return xcy_yaml_fail(node, err, "model must be %s, got \"%.40s\"", expected,
                             text ? text : "a map or list");
    }
    *model = (enum xcy_delay_model)found;
    return XCY_OK;
}

static enum xcy_status parse_map(const struct xcy_yaml *map, struct xcy_delay *delay,
                                 struct xcy_error *err)
{
    enum xcy_status status = find_model(map, &delay->model, err);
    if (status) {
        return status;
    }
    const struct model_keys *keys = &model_keys[delay->model];
    int model = 0;
    struct xcy_key table[4];
    size_t n = 0;
    table[n++] = key_choice("model", &model, xcy_delay_model_names, NULL);
    if (keys->a) {
        table[n++] = key_required(key_double(keys->a, &delay->a_ms, 0, max_ms, NULL));
    }
    if (keys->b) {
        table[n++] = key_required(key_double(keys->b, &delay->b_ms, 0, max_ms, NULL));
    }
    if (keys->file) {
        table[n++] = key_required(key_text(keys->file, &delay->file, xcy_scalar_path, NULL));
    }
    status = xcy_yaml_bind(map, table, n, err);
    return status ? status : check(map, delay, err);
}

enum xcy_status xcy_delay_parse(const struct xcy_yaml *node, void *delay, struct xcy_error *err)
{
    struct xcy_delay read = {.model = XCY_DELAY_CONSTANT};
    const char *text = xcy_yaml_text(node);
    enum xcy_status status = XCY_OK;
    if (xcy_yaml_kind(node) == XCY_YAML_MAP) {
        status = parse_map(node, &read, err);
    } else if (!text || !xcy_yaml_is_plain(node) ||
               !xcy_double_parse(xcy_bytes_of(text), &read.a_ms) ||
               !(read.a_ms >= 0 && read.a_ms <= max_ms)) {
        status = xcy_yaml_fail(node, err,
                               "a delay is a number of milliseconds from 0 to %.0f, or a map "
                               "with `model`",
                               max_ms);
    }
    if (status) {
        xcy_delay_clear(&read);
        return status;
    }
    xcy_delay_clear(delay);
    *(struct xcy_delay *)delay = read;
    return XCY_OK;
}

void xcy_delay_clear(struct xcy_delay *delay)
{
    if (delay) {
        free(delay->file);
        *delay = (struct xcy_delay){0};
    }
}
