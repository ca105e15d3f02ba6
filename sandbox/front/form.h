#ifndef XCY_SANDBOX_FRONT_FORM_H
#define XCY_SANDBOX_FRONT_FORM_H

/*
 * form.h - the parameters of a Query-protocol request, decoded: from its body and its URL.
 *
 * Bounds:   1000 parameters; more make the form malformed.
 * Memory:   owns its texts; release with xcy_form_clear.
 * Threads:  one owner.
 */

#include "sandbox/front/call.h"

struct xcy_form_field {
    char *name;
    char *value;
};

struct xcy_form {
    struct xcy_form_field *fields;
    size_t n;
};

/* False (and nothing to clear): a broken escape, a zero byte or too many parameters. */
bool xcy_form_parse(struct xcy_bytes body, struct xcy_bytes query, struct xcy_form *form);
bool xcy_form_read(const struct xcy_call *call, struct xcy_form *form); /* of the call's own */
void xcy_form_clear(struct xcy_form *form);

/* The first value of the name (borrowed), or NULL. */
const char *xcy_form_get(const struct xcy_form *form, const char *name);

/* The value of "<prefix><index>.<member>" ("a.entry." 1 "Name"), or of "<prefix><index>" when member
 * is NULL; NULL if absent. */
const char *xcy_form_get_at(const struct xcy_form *form, const char *prefix, size_t index,
                            const char *member);

#endif
