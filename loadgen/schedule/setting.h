#ifndef XCY_LOADGEN_SCHEDULE_SETTING_H
#define XCY_LOADGEN_SCHEDULE_SETTING_H

/*
 * setting.h - the values in a text such as "amplitude=0.5,period=30s", from a table.
 *
 * Threads:  safe.
 * Failure:  XCY_EUSAGE names the value, what was given and what would be right.
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

#include <stdint.h>

enum xcy_setting_type {
    XCY_SETTING_NUMBER, /* double */
    XCY_SETTING_WHOLE,  /* int64_t */
    XCY_SETTING_TIME,   /* int64_t ns; the bounds in seconds: 30, 30s, 500ms, 2m, 1h */
};

struct xcy_setting {
    const char *name;
    enum xcy_setting_type type;
    double min;
    double max;
    void *to; /* keeps its value if the setting is absent */
};

enum xcy_status xcy_setting_store(const struct xcy_setting *setting, struct xcy_bytes text,
                                  struct xcy_error *err) XCY_MUST_USE;

/* "name=value,name=value", each at most once. */
enum xcy_status xcy_settings_parse(struct xcy_bytes text, const struct xcy_setting *settings,
                                   size_t n_settings, struct xcy_error *err) XCY_MUST_USE;

/* Takes the text up to the separator, or all, from the head of *rest, and the separator with it.
 * False when nothing was left (*rest has no ptr after the last part). */
bool xcy_setting_next_part(struct xcy_bytes *rest, char separator, struct xcy_bytes *part);

#endif
