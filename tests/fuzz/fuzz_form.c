/* fuzz_form.c - the URL's query to the first line end, the body behind it: what is parsed encodes to
 * a form that parses to the same, and a name's value is its first one. */

#include "common/net/url.h"
#include "sandbox/front/form.h"
#include "tests/fuzz/fuzz.h"

static void encode(const struct xcy_form *form, struct xcy_buf *out)
{
    xcy_buf_init(out, 64 << 20);
    for (size_t i = 0; i < form->n; i++) {
        xcy_url_encode(out, xcy_bytes_of(form->fields[i].name));
        xcy_buf_add_char(out, '=');
        xcy_url_encode(out, xcy_bytes_of(form->fields[i].value));
        xcy_buf_add_char(out, '&');
    }
}

static void compare(const struct xcy_form *form, const struct xcy_form *again)
{
    xcy_assert(again->n == form->n);
    for (size_t i = 0; i < form->n; i++) {
        xcy_assert(strcmp(again->fields[i].name, form->fields[i].name) == 0);
        xcy_assert(strcmp(again->fields[i].value, form->fields[i].value) == 0);
    }
}

/* The other reader of such texts, which reads one name, finds the same value. */
static void compare_last(const struct xcy_form *form, struct xcy_bytes encoded)
{
    struct xcy_buf value;
    if (form->n == 0) {
        return;
    }
    const char *name = form->fields[form->n - 1].name;
    xcy_buf_init(&value, encoded.len);
    bool found = xcy_query_get(encoded, name, &value);
    xcy_assert(found && strcmp(value.ptr, xcy_form_get(form, name)) == 0);
    xcy_buf_clear(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_bytes all = xcy_bytes((const char *)data, size);
    const char *end = size > 0 ? memchr(all.ptr, '\n', size) : NULL;
    size_t query_bytes = end ? (size_t)(end - all.ptr) : size;
    size_t body_at = end ? query_bytes + 1 : size;
    struct xcy_form form;
    struct xcy_form again;
    struct xcy_buf encoded;
    if (!xcy_form_parse(xcy_bytes(all.ptr + body_at, size - body_at),
                        xcy_bytes(all.ptr, query_bytes), &form)) {
        return 0;
    }
    encode(&form, &encoded);
    bool is_right = xcy_form_parse(xcy_buf_bytes(&encoded), xcy_bytes_of(NULL), &again);
    xcy_assert(is_right);
    compare(&form, &again);
    compare_last(&form, xcy_buf_bytes(&encoded));
    xcy_buf_clear(&encoded);
    xcy_form_clear(&again);
    xcy_form_clear(&form);
    return 0;
}
