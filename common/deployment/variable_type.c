#include "common/deployment/variable_type.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/record/combination.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of any enum that has names. */
static bool parse_choice(const char *const names[], const char *text, void *to)
{
    int index = xcy_name_index(names, text);
    if (index < 0) {
        return false;
    }
    memcpy(to, &index, sizeof index);
    return true;
}

static char *format_choice(const char *const names[], const void *from)
{
    int index;
    memcpy(&index, from, sizeof index);
    return xcy_strdup(names[index]);
}

static bool parse_post(const char *text, void *to)
{
    return parse_choice(xcy_post_storage_names, text, to);
}

static char *format_post(const void *from)
{
    return format_choice(xcy_post_storage_names, from);
}

const struct xcy_variable_type xcy_variable_post = {parse_post, format_post};

static bool parse_notification(const char *text, void *to)
{
    return parse_choice(xcy_notification_storage_names, text, to);
}

static char *format_notification(const void *from)
{
    return format_choice(xcy_notification_storage_names, from);
}

const struct xcy_variable_type xcy_variable_notification = {parse_notification,
                                                            format_notification};

/* The reference's switch: 0 or 1. */
static bool parse_antipode(const char *text, void *to)
{
    bool is_on = strcmp(text, "1") == 0;
    if (!is_on && strcmp(text, "0") != 0) {
        return false;
    }
    *(enum xcy_consistency *)to = is_on ? XCY_CONSISTENCY_ANTIPODE : XCY_CONSISTENCY_NONE;
    return true;
}

static char *format_antipode(const void *from)
{
    bool is_on = *(const enum xcy_consistency *)from == XCY_CONSISTENCY_ANTIPODE;
    return xcy_strdup(is_on ? "1" : "0");
}

const struct xcy_variable_type xcy_variable_antipode = {parse_antipode, format_antipode};

static bool parse_count(const char *text, void *to)
{
    int64_t value;
    if (!xcy_int64_parse(xcy_bytes_of(text), &value) || value < 0) {
        return false;
    }
    *(int64_t *)to = value;
    return true;
}

static char *format_count(const void *from)
{
    return xcy_format("%" PRId64, *(const int64_t *)from);
}

const struct xcy_variable_type xcy_variable_count = {parse_count, format_count};

static bool parse_region(const char *text, void *to)
{
    const char *region = xcy_region_of_alias(text);
    size_t len = strlen(region);
    if (len == 0 || len >= XCY_REGION_BYTES) {
        return false;
    }
    memcpy(to, region, len + 1);
    return true;
}

static char *format_region(const void *from)
{
    return xcy_strdup(from);
}

const struct xcy_variable_type xcy_variable_region = {parse_region, format_region};

static bool parse_visibility(const char *text, void *to)
{
    struct xcy_combination *c = to;
    struct xcy_error why;
    if (!text[0]) {
        xcy_visibility_set_default(c);
        return true;
    }
    return xcy_visibility_parse(text, c, &why) == XCY_OK;
}

static char *format_visibility(const void *from)
{
    char text[XCY_VISIBILITY_BYTES];
    xcy_visibility_format(from, text);
    return xcy_strdup(text);
}

const struct xcy_variable_type xcy_variable_visibility = {parse_visibility, format_visibility};

static bool parse_switch(const char *text, void *to)
{
    bool is_on = strcmp(text, "1") == 0;
    if (is_on || strcmp(text, "0") == 0) {
        *(bool *)to = is_on;
        return true;
    }
    return false;
}

static char *format_switch(const void *from)
{
    return xcy_strdup(*(const bool *)from ? "1" : "0");
}

const struct xcy_variable_type xcy_variable_switch = {parse_switch, format_switch};

static bool parse_text(const char *text, void *to)
{
    char **member = to;
    free(*member);
    *member = xcy_strdup(text);
    return true;
}

static char *format_text(const void *from)
{
    const char *const *member = from;
    return xcy_strdup(*member ? *member : "");
}

const struct xcy_variable_type xcy_variable_text = {parse_text, format_text};
