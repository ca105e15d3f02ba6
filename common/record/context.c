#include "common/record/context.h"

#include "common/data/json.h"

#include <string.h>

char *xcy_context_format(const char *id, const struct xcy_write *writes, size_t n_writes)
{
    struct xcy_json *context = xcy_json_new_object();
    xcy_json_put_string(context, "id", id);
    struct xcy_json *list =
        xcy_json_put_array(xcy_json_put_object(context, "operations"), "post-storage");
    for (size_t i = 0; i < n_writes; i++) {
        struct xcy_json *wid = xcy_json_new_array();
        xcy_json_append(wid, xcy_json_new_string(writes[i].key));
        if (writes[i].version[0]) {
            xcy_json_append(wid, xcy_json_new_string(writes[i].version));
        }
        xcy_json_append(list, wid);
    }
    char *text = xcy_json_text(context);
    xcy_json_free(context);
    return text;
}

int64_t xcy_context_bytes(const char *context)
{
    static const char name[] = "\"context\":";
    struct xcy_buf text;
    xcy_buf_init(&text, SIZE_MAX);
    xcy_json_add_string(&text, context);
    size_t bytes = strlen(name) + text.len + strlen(",");
    xcy_buf_clear(&text);
    return (int64_t)bytes;
}
