#include "sandbox/services/sqs_query.h"

#include "common/base/buf.h"
#include "sandbox/front/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_XML_BYTES = 96 << 20, NAME_BYTES = 256 };

/* Lists and maps: the form's prefix, and the member of the JSON protocol. */
static const struct {
    const char *prefix;
    const char *member;
} lists[] = {
    {"AttributeName.", "AttributeNames"},
    {"MessageAttributeName.", "MessageAttributeNames"},
    {"MessageSystemAttributeName.", "MessageSystemAttributeNames"},
};

static const char *const entry_prefixes[] = {
    "SendMessageBatchRequestEntry.",
    "DeleteMessageBatchRequestEntry.",
    "ChangeMessageVisibilityBatchRequestEntry.",
};

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Puts what stands directly behind the prefix, without a further dot, under its name. */
static void put_scalars(struct xcy_json *to, const struct xcy_form *form, const char *prefix)
{
    for (size_t i = 0; i < form->n; i++) {
        const char *name = form->fields[i].name;
        if (starts_with(name, prefix) && !strchr(name + strlen(prefix), '.')) {
            xcy_json_put_string(to, name + strlen(prefix), form->fields[i].value);
        }
    }
}

static void put_list(struct xcy_json *to, const struct xcy_form *form, const char *prefix,
                     const char *member)
{
    struct xcy_json *array = NULL;
    const char *value;
    for (size_t i = 1; (value = xcy_form_get_at(form, prefix, i, NULL)); i++) {
        array = array ? array : xcy_json_put_array(to, member);
        xcy_json_append(array, xcy_json_new_string(value));
    }
}

/* Attribute.1.Name=…&Attribute.1.Value=… */
static void put_attributes(struct xcy_json *to, const struct xcy_form *form)
{
    struct xcy_json *map = NULL;
    const char *name;
    for (size_t i = 1; (name = xcy_form_get_at(form, "Attribute.", i, "Name")); i++) {
        const char *value = xcy_form_get_at(form, "Attribute.", i, "Value");
        map = map ? map : xcy_json_put_object(to, "Attributes");
        xcy_json_put_string(map, name, value ? value : "");
    }
}

/* <prefix>MessageAttribute.1.Name=…&<prefix>MessageAttribute.1.Value.StringValue=… */
static void put_message_attributes(struct xcy_json *to, const struct xcy_form *form,
                                   const char *prefix)
{
    char base[NAME_BYTES];
    char value_prefix[NAME_BYTES + 32];
    struct xcy_json *map = NULL;
    const char *name;
    snprintf(base, sizeof base, "%sMessageAttribute.", prefix);
    for (size_t i = 1; (name = xcy_form_get_at(form, base, i, "Name")); i++) {
        map = map ? map : xcy_json_put_object(to, "MessageAttributes");
        snprintf(value_prefix, sizeof value_prefix, "%s%zu.Value.", base, i);
        put_scalars(xcy_json_put_object(map, name), form, value_prefix);
    }
}

static bool has_any(const struct xcy_form *form, const char *prefix)
{
    for (size_t i = 0; i < form->n; i++) {
        if (starts_with(form->fields[i].name, prefix)) {
            return true;
        }
    }
    return false;
}

static void put_entries(struct xcy_json *to, const struct xcy_form *form, const char *prefix)
{
    struct xcy_json *entries = NULL;
    for (size_t i = 1;; i++) {
        char entry_prefix[NAME_BYTES];
        snprintf(entry_prefix, sizeof entry_prefix, "%s%zu.", prefix, i);
        if (!has_any(form, entry_prefix)) {
            return;
        }
        entries = entries ? entries : xcy_json_put_array(to, "Entries");
        struct xcy_json *entry = xcy_json_append_object(entries);
        put_scalars(entry, form, entry_prefix);
        put_message_attributes(entry, form, entry_prefix);
    }
}

struct xcy_json *xcy_sqs_query_input(const struct xcy_form *form)
{
    struct xcy_json *input = xcy_json_new_object();
    put_scalars(input, form, "");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        put_list(input, form, lists[i].prefix, lists[i].member);
    }
    put_attributes(input, form);
    put_message_attributes(input, form, "");
    for (size_t i = 0; i < sizeof entry_prefixes / sizeof *entry_prefixes; i++) {
        put_entries(input, form, entry_prefixes[i]);
    }
    return input;
}

/* What one element of a list or map is called in XML. */
static void singular(const char *operation, const char *member, char name[NAME_BYTES])
{
    if (strcmp(member, "Successful") == 0) {
        snprintf(name, NAME_BYTES, "%sResultEntry", operation);
    } else if (strcmp(member, "Failed") == 0) {
        snprintf(name, NAME_BYTES, "BatchResultErrorEntry");
    } else {
        snprintf(name, NAME_BYTES, "%.*s", (int)strlen(member) - 1, member); /* without the s */
    }
}

static void add_value(struct xcy_buf *out, const char *operation, const char *name,
                      const struct xcy_json *node);

static void add_members(struct xcy_buf *out, const char *operation, const struct xcy_json *object)
{
    for (const struct xcy_json *child = xcy_json_first(object); child;
         child = xcy_json_next(child)) {
        add_value(out, operation, xcy_json_name(child), child);
    }
}

static void add_map(struct xcy_buf *out, const char *operation, const char *name,
                    const struct xcy_json *map)
{
    for (const struct xcy_json *child = xcy_json_first(map); child; child = xcy_json_next(child)) {
        xcy_buf_addf(out, "<%s>", name);
        xcy_xml_add_element(out, "Name", xcy_json_name(child));
        add_value(out, operation, "Value", child);
        xcy_buf_addf(out, "</%s>", name);
    }
}

static void add_list(struct xcy_buf *out, const char *operation, const char *name,
                     const struct xcy_json *list)
{
    for (const struct xcy_json *child = xcy_json_first(list); child; child = xcy_json_next(child)) {
        add_value(out, operation, name, child);
    }
}

static void add_scalar(struct xcy_buf *out, const char *name, const struct xcy_json *node)
{
    const char *text = xcy_json_string(node);
    if (text) {
        xcy_xml_add_element(out, name, text);
        return;
    }
    char *json = xcy_json_text(node); /* a number or a boolean */
    xcy_xml_add_element(out, name, json);
    free(json);
}

static void add_value(struct xcy_buf *out, const char *operation, const char *name,
                      const struct xcy_json *node)
{
    char one[NAME_BYTES];
    switch (xcy_json_kind(node)) {
    case XCY_JSON_ARRAY:
        singular(operation, name, one);
        add_list(out, operation, one, node);
        break;
    case XCY_JSON_OBJECT:
        if (strcmp(name, "Attributes") == 0 || strcmp(name, "MessageAttributes") == 0) {
            singular(operation, name, one);
            add_map(out, operation, one, node);
            break;
        }
        xcy_buf_addf(out, "<%s>", name);
        add_members(out, operation, node);
        xcy_buf_addf(out, "</%s>", name);
        break;
    default:
        add_scalar(out, name, node);
        break;
    }
}

char *xcy_sqs_query_output(const char *operation, const struct xcy_json *output)
{
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_XML_BYTES);
    add_members(&out, operation, output);
    char *text = xcy_buf_take(&out);
    return text;
}
