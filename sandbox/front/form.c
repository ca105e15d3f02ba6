#include "sandbox/front/form.h"

#include "common/base/mem.h"
#include "common/net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 1000 };

/* NULL on a broken escape, and on a zero byte, which would cut the text. */
static char *decoded(struct xcy_bytes text)
{
    struct xcy_buf out;
    xcy_buf_init(&out, text.len + 1);
    bool is_right = xcy_url_decode(&out, text, true) && !memchr(out.ptr, '\0', out.len);
    char *value = is_right ? xcy_buf_take(&out) : NULL;
    xcy_buf_clear(&out);
    return value;
}

static bool add_field(struct xcy_form *form, struct xcy_bytes pair)
{
    if (form->n == MAX_FIELDS) {
        return false;
    }
    const char *equals = memchr(pair.ptr, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.ptr) : pair.len;
    size_t value_at = equals ? name_len + 1 : name_len;
    struct xcy_form_field *field = &form->fields[form->n++];
    field->name = decoded(xcy_bytes(pair.ptr, name_len));
    field->value = decoded(xcy_bytes(pair.ptr + value_at, pair.len - value_at));
    return field->name && field->value;
}

static bool add_fields(struct xcy_form *form, struct xcy_bytes text)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '&', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        if (len > 0 && !add_field(form, xcy_bytes(text.ptr, len))) {
            return false;
        }
        size_t used = end ? len + 1 : len;
        text = xcy_bytes(text.ptr + used, text.len - used);
    }
    return true;
}

bool xcy_form_parse(struct xcy_bytes body, struct xcy_bytes query, struct xcy_form *form)
{
    *form = (struct xcy_form){.fields = xcy_alloc_array(MAX_FIELDS, sizeof *form->fields)};
    if (!add_fields(form, body) || !add_fields(form, query)) {
        xcy_form_clear(form);
        return false;
    }
    return true;
}

bool xcy_form_read(const struct xcy_call *call, struct xcy_form *form)
{
    return xcy_form_parse(call->body, xcy_bytes_of(xcy_exchange_query(call->exchange)), form);
}

void xcy_form_clear(struct xcy_form *form)
{
    for (size_t i = 0; i < form->n; i++) {
        free(form->fields[i].name);
        free(form->fields[i].value);
    }
    free(form->fields);
    *form = (struct xcy_form){0};
}

const char *xcy_form_get(const struct xcy_form *form, const char *name)
{
    for (size_t i = 0; i < form->n; i++) {
        if (strcmp(form->fields[i].name, name) == 0) {
            return form->fields[i].value;
        }
    }
    return NULL;
}

const char *xcy_form_get_at(const struct xcy_form *form, const char *prefix, size_t index,
                            const char *member)
{
    char name[256];
    snprintf(name, sizeof name, "%s%zu%s%s", prefix, index, member ? "." : "",
             member ? member : "");
    return xcy_form_get(form, name);
}
