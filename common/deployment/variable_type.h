#ifndef XCY_DEPLOYMENT_VARIABLE_TYPE_H
#define XCY_DEPLOYMENT_VARIABLE_TYPE_H

/*
 * variable_type.h - how the text of a variable of the functions becomes a member, and the member
 * its text.
 *
 * Use inside this folder, in rows of environment.c's table.
 *
 * Threads:  safe.
 */

#include <stdbool.h>

struct xcy_variable_type {
    bool (*parse)(const char *text, void *to); /* false: it is no such text, and *to is as it was */
    char *(*format)(const void *from);         /* free with free() */
};

/* Of a member of the type at the right; parse of a text frees what stood there. */
extern const struct xcy_variable_type xcy_variable_post;         /* enum xcy_post_storage */
extern const struct xcy_variable_type xcy_variable_notification; /* enum xcy_notification_storage */
extern const struct xcy_variable_type xcy_variable_antipode;     /* enum xcy_consistency; 0 or 1 */
extern const struct xcy_variable_type xcy_variable_count;        /* int64_t, from 0 on */
extern const struct xcy_variable_type xcy_variable_region;       /* char[XCY_REGION_BYTES] */
extern const struct xcy_variable_type xcy_variable_visibility;   /* struct xcy_combination */
extern const struct xcy_variable_type xcy_variable_switch;       /* bool; 0 or 1 */
extern const struct xcy_variable_type xcy_variable_text;         /* char *, owned */

#endif
