#ifndef XCY_DEPLOYMENT_KEY_H
#define XCY_DEPLOYMENT_KEY_H

/*
 * key.h - rows of key tables, a line each, with the type of the member checked by the compiler.
 *
 * Use inside this folder. help is one line with the default in brackets.
 *
 * Threads:  safe.
 */

#include "common/data/yaml.h"
#include "common/deployment/delay.h"

static inline struct xcy_key key_int(const char *name, int64_t *to, double min, double max,
                                     const char *help)
{
    return (struct xcy_key){
        .name = name, .type = XCY_KEY_INT, .to = to, .min = min, .max = max, .help = help};
}

static inline struct xcy_key key_double(const char *name, double *to, double min, double max,
                                        const char *help)
{
    return (struct xcy_key){
        .name = name, .type = XCY_KEY_DOUBLE, .to = to, .min = min, .max = max, .help = help};
}

static inline struct xcy_key key_bool(const char *name, bool *to, const char *help)
{
    return (struct xcy_key){.name = name, .type = XCY_KEY_BOOL, .to = to, .help = help};
}

static inline struct xcy_key key_choice(const char *name, int *to, const char *const choices[],
                                        const char *help)
{
    return (struct xcy_key){
        .name = name, .type = XCY_KEY_CHOICE, .to = to, .choices = choices, .help = help};
}

/* parse says what `to` points at. */
static inline struct xcy_key key_custom(const char *name, void *to, xcy_key_parse_fn *parse,
                                        const char *help)
{
    return (struct xcy_key){
        .name = name, .type = XCY_KEY_CUSTOM, .to = to, .parse = parse, .help = help};
}

static inline struct xcy_key key_text(const char *name, char **to, xcy_key_parse_fn *parse,
                                      const char *help)
{
    return key_custom(name, to, parse, help);
}

static inline struct xcy_key key_delay(const char *name, struct xcy_delay *to, const char *help)
{
    return key_custom(name, to, xcy_delay_parse, help);
}

static inline struct xcy_key key_required(struct xcy_key key)
{
    key.required = true;
    return key;
}

#endif
