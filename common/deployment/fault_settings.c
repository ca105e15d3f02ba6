#include "common/base/mem.h"
#include "common/deployment/faults.h"
#include "common/deployment/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xcy_fault_settings_preset(struct xcy_fault_settings *settings)
{
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        settings->of[i] = xcy_fault_rows[i].preset;
    }
}

/* A row of the table as a key of its scope. */
struct target {
    enum xcy_fault fault;
    double *to;
};

static enum xcy_status parse_switch(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const struct target *target = to;
    const char *text = xcy_yaml_is_plain(node) ? xcy_yaml_text(node) : NULL;
    struct xcy_error why;
    if (xcy_fault_read(target->fault, text ? text : "something else", target->to, &why)) {
        return xcy_yaml_fail(node, err, "%s", why.text);
    }
    return XCY_OK;
}

/* The keys of one scope, those of its rows. */
static enum xcy_status parse_scope(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct target *first = to;
    const char *scope = xcy_fault_rows[first->fault].scope;
    struct xcy_key keys[XCY_N_FAULTS];
    struct target targets[XCY_N_FAULTS];
    size_t n = 0;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        const struct xcy_fault_row *row = &xcy_fault_rows[i];
        if (strcmp(row->scope, scope) != 0) {
            continue;
        }
        targets[n] = (struct target){(enum xcy_fault)i, first->to - first->fault + i};
        keys[n] = row->kind == XCY_FAULT_SWITCH
                      ? key_custom(row->name, &targets[n], parse_switch, row->help)
                      : key_double(row->name, targets[n].to, row->min, row->max, row->help);
        n++;
    }
    return xcy_yaml_bind(node, keys, n, err);
}

enum xcy_status xcy_fault_settings_parse(const struct xcy_yaml *node, void *settings,
                                         struct xcy_error *err)
{
    struct xcy_fault_settings *s = settings;
    struct xcy_fault_settings read = *s;
    struct xcy_key keys[XCY_N_FAULTS];
    struct target targets[XCY_N_FAULTS];
    size_t n = 0;
    for (size_t i = 0; i < XCY_N_FAULTS; i++) {
        const char *scope = xcy_fault_rows[i].scope;
        if (n == 0 || strcmp(keys[n - 1].name, scope) != 0) {
            targets[n] = (struct target){(enum xcy_fault)i, &read.of[i]};
            keys[n] = key_custom(scope, &targets[n], parse_scope, "faults of one kind");
            n++;
        }
    }
    enum xcy_status status = xcy_yaml_bind(node, keys, n, err);
    if (status == XCY_OK) {
        *s = read;
    }
    return status;
}

/* A switch takes no number, a share no truth value. */
static enum xcy_status merge_one(struct xcy_fault_settings *settings, const char *name,
                                 const struct xcy_json *value, struct xcy_error *err)
{
    enum xcy_fault fault;
    enum xcy_status status = xcy_fault_find(name, &fault, err);
    if (status == XCY_OK) {
        char *text = xcy_json_text(value);
        status = xcy_fault_read(fault, text, &settings->of[fault], err);
        free(text);
    }
    return status;
}

static enum xcy_status merge_scope(struct xcy_fault_settings *settings, const char *scope,
                                   const struct xcy_json *values, struct xcy_error *err)
{
    if (xcy_json_kind(values) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EUSAGE, "%.100s must be an object of faults and settings", scope);
    }
    enum xcy_status status = XCY_OK;
    for (const struct xcy_json *value = xcy_json_first(values); value && status == XCY_OK;
         value = xcy_json_next(value)) {
        char *name = xcy_format("%s.%s", scope, xcy_json_name(value));
        status = merge_one(settings, name, value, err);
        free(name);
    }
    return status;
}

enum xcy_status xcy_fault_settings_merge(struct xcy_fault_settings *settings,
                                         const struct xcy_json *change, struct xcy_error *err)
{
    struct xcy_fault_settings merged = *settings;
    if (xcy_json_kind(change) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EUSAGE, "a change of faults must be an object of scopes");
    }
    enum xcy_status status = XCY_OK;
    for (const struct xcy_json *scope = xcy_json_first(change); scope && status == XCY_OK;
         scope = xcy_json_next(scope)) {
        status = merge_scope(&merged, xcy_json_name(scope), scope, err);
    }
    if (status == XCY_OK) {
        *settings = merged;
    }
    return status;
}

void xcy_fault_put(struct xcy_json *object, const char *key, enum xcy_fault fault, double setting)
{
    if (xcy_fault_rows[fault].kind == XCY_FAULT_SWITCH) {
        xcy_json_put_bool(object, key, setting != 0);
    } else {
        xcy_json_put_number(object, key, setting);
    }
}
