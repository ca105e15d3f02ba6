#include "loadgen/schedule/setting.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/cli/option.h"
#include "common/data/number.h"
#include "common/time/clock.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_QUOTED = 100, MAX_NAMES_BYTES = 256, MAX_SETTINGS = 8 };

static int quoted(struct xcy_bytes text)
{
    return text.len > MAX_QUOTED ? MAX_QUOTED : (int)text.len;
}

static enum xcy_status fail_must_be(const struct xcy_setting *s, const char *what,
                                    struct xcy_bytes text, struct xcy_error *err)
{
    const char *unit = s->type == XCY_SETTING_TIME ? " s" : "";
    return xcy_fail(err, XCY_EUSAGE, "%s must be %s of %.15g..%.15g%s, got '%.*s'", s->name, what,
                    s->min, s->max, unit, quoted(text), text.ptr ? text.ptr : "");
}

static bool is_within(const struct xcy_setting *s, double value)
{
    return value >= s->min && value <= s->max;
}

static enum xcy_status store_number(const struct xcy_setting *s, struct xcy_bytes text,
                                    struct xcy_error *err)
{
    double value = 0;
    if (!xcy_double_parse(text, &value) || !is_within(s, value)) {
        return fail_must_be(s, "a number", text, err);
    }
    *(double *)s->to = value;
    return XCY_OK;
}

static enum xcy_status store_whole(const struct xcy_setting *s, struct xcy_bytes text,
                                   struct xcy_error *err)
{
    int64_t value = 0;
    if (!xcy_int64_parse(text, &value) || !is_within(s, (double)value)) {
        return fail_must_be(s, "a whole number", text, err);
    }
    *(int64_t *)s->to = value;
    return XCY_OK;
}

static size_t number_len(struct xcy_bytes text)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] != '\0' && strchr("+-.0123456789eE", text.ptr[n])) {
        n++;
    }
    return n;
}

static bool parse_time(struct xcy_bytes text, double *seconds)
{
    size_t n = number_len(text);
    double value = 0;
    if (!xcy_double_parse(xcy_bytes(text.ptr, n), &value)) {
        return false;
    }
    struct xcy_bytes unit = xcy_bytes(text.ptr + n, text.len - n);
    for (size_t i = 0; i < XCY_N_DURATION_UNITS; i++) {
        if (xcy_bytes_equal(unit, xcy_bytes_of(xcy_duration_units[i].name))) {
            *seconds = value * xcy_duration_units[i].seconds;
            return true;
        }
    }
    return false;
}

static enum xcy_status store_time(const struct xcy_setting *s, struct xcy_bytes text,
                                  struct xcy_error *err)
{
    double seconds = 0;
    if (!parse_time(text, &seconds) || !is_within(s, seconds)) {
        return fail_must_be(s, "a time such as 30s, 500ms or 2m", text, err);
    }
    *(int64_t *)s->to = (int64_t)llround(seconds * (double)XCY_NS_PER_S);
    return XCY_OK;
}

enum xcy_status xcy_setting_store(const struct xcy_setting *setting, struct xcy_bytes text,
                                  struct xcy_error *err)
{
    typedef enum xcy_status store_fn(const struct xcy_setting *, struct xcy_bytes,
                                     struct xcy_error *);
    static store_fn *const stores[] = {
        [XCY_SETTING_NUMBER] = store_number,
        [XCY_SETTING_WHOLE] = store_whole,
        [XCY_SETTING_TIME] = store_time,
    };
    return stores[setting->type](setting, text, err);
}

static enum xcy_status fail_unknown(struct xcy_bytes name, const struct xcy_setting *settings,
                                    size_t n_settings, struct xcy_error *err)
{
    const char *names[MAX_SETTINGS];
    struct xcy_buf known;
    xcy_buf_init(&known, MAX_NAMES_BYTES);
    for (size_t i = 0; i < n_settings; i++) {
        names[i] = settings[i].name;
        xcy_buf_addf(&known, "%s%s=", i ? ", " : "", names[i]);
    }
    char *word = xcy_strndup(name.ptr, (size_t)quoted(name));
    const char *nearest = xcy_nearest(word, names, n_settings);
    enum xcy_status status =
        nearest
            ? xcy_fail(err, XCY_EUSAGE, "unknown setting '%s'; did you mean '%s='?", word, nearest)
            : xcy_fail(err, XCY_EUSAGE, "unknown setting '%s'; it takes %s", word, known.ptr);
    free(word);
    xcy_buf_clear(&known);
    return status;
}

static enum xcy_status parse_one(struct xcy_bytes part, const struct xcy_setting *settings,
                                 size_t n_settings, bool *given, struct xcy_error *err)
{
    const char *sign = part.len ? memchr(part.ptr, '=', part.len) : NULL;
    struct xcy_bytes name = xcy_bytes(part.ptr, sign ? (size_t)(sign - part.ptr) : part.len);
    struct xcy_bytes value =
        sign ? xcy_bytes(sign + 1, part.len - name.len - 1) : xcy_bytes(NULL, 0);
    for (size_t i = 0; i < n_settings; i++) {
        if (!xcy_bytes_equal(name, xcy_bytes_of(settings[i].name))) {
            continue;
        }
        if (given[i]) {
            return xcy_fail(err, XCY_EUSAGE, "%s is given twice", settings[i].name);
        }
        given[i] = true;
        return xcy_setting_store(&settings[i], value, err);
    }
    return fail_unknown(name, settings, n_settings, err);
}

enum xcy_status xcy_settings_parse(struct xcy_bytes text, const struct xcy_setting *settings,
                                   size_t n_settings, struct xcy_error *err)
{
    bool given[MAX_SETTINGS] = {false};
    struct xcy_bytes part;
    xcy_assert(n_settings <= MAX_SETTINGS);
    enum xcy_status status = XCY_OK;
    while (status == XCY_OK && xcy_setting_next_part(&text, ',', &part)) {
        status = parse_one(part, settings, n_settings, given, err);
    }
    return status;
}

bool xcy_setting_next_part(struct xcy_bytes *rest, char separator, struct xcy_bytes *part)
{
    if (!rest->ptr) {
        return false;
    }
    const char *end = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (!end) {
        *part = *rest;
        *rest = xcy_bytes(NULL, 0);
        return true;
    }
    size_t n = (size_t)(end - rest->ptr);
    *part = xcy_bytes(rest->ptr, n);
    *rest = xcy_bytes(end + 1, rest->len - n - 1);
    return true;
}
