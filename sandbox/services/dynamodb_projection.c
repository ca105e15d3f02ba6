#include "sandbox/services/dynamodb_projection.h"

#include "common/base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 256 };

static void add_name(struct xcy_dynamodb_projection *projection, const char *name)
{
    projection->names[projection->n++] = xcy_strdup(name);
}

/* A bare name or a #placeholder. */
static bool resolve(const struct xcy_json *aliases, const char *token, const char **name,
                    char reason[200])
{
    if (strpbrk(token, ".[")) {
        snprintf(reason, 200,
                 "Invalid ProjectionExpression: the sandbox knows top-level attributes only; "
                 "token: \"%.60s\"",
                 token);
        return false;
    }
    if (token[0] == '#') {
        *name = xcy_json_get_string(aliases, token, NULL);
        if (!*name) {
            snprintf(reason, 200,
                     "Invalid ProjectionExpression: An expression attribute name used in the "
                     "document path is not defined; attribute name: %.60s",
                     token);
        }
        return *name != NULL;
    }
    size_t n = 0;
    while (isalnum((unsigned char)token[n]) || token[n] == '_') {
        n++;
    }
    if (n == 0 || token[n] || isdigit((unsigned char)token[0])) {
        snprintf(reason, 200, "Invalid ProjectionExpression: Syntax error; token: \"%.60s\"",
                 token);
        return false;
    }
    *name = token;
    return true;
}

static bool add_token(struct xcy_dynamodb_projection *projection, const struct xcy_json *aliases,
                      const char *begin, size_t len, char reason[200])
{
    while (len > 0 && isspace((unsigned char)begin[0])) {
        begin++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)begin[len - 1])) {
        len--;
    }
    char *token = xcy_strndup(begin, len);
    const char *name;
    bool is_right = projection->n < MAX_NAMES && resolve(aliases, token, &name, reason);
    if (is_right) {
        add_name(projection, name);
    } else if (projection->n == MAX_NAMES) {
        snprintf(reason, 200, "Invalid ProjectionExpression: more than %d attributes", MAX_NAMES);
    }
    free(token);
    return is_right;
}

static bool read_expression(const struct xcy_json *input, const char *expression,
                            struct xcy_dynamodb_projection *projection, char reason[200])
{
    const struct xcy_json *aliases = xcy_json_get(input, "ExpressionAttributeNames");
    if (!expression[0]) {
        snprintf(reason, 200, "Invalid ProjectionExpression: The expression can not be empty;");
        return false;
    }
    for (const char *at = expression;;) {
        size_t len = strcspn(at, ",");
        if (!add_token(projection, aliases, at, len, reason)) {
            return false;
        }
        if (!at[len]) {
            return true;
        }
        at += len + 1;
    }
}

static void read_list(const struct xcy_json *list, struct xcy_dynamodb_projection *projection)
{
    for (const struct xcy_json *one = xcy_json_first(list); one && projection->n < MAX_NAMES;
         one = xcy_json_next(one)) {
        const char *name = xcy_json_string(one);
        if (name) {
            add_name(projection, name);
        }
    }
}

bool xcy_dynamodb_projection_read(const struct xcy_json *input,
                                  struct xcy_dynamodb_projection *projection, char reason[200])
{
    const char *expression = xcy_json_get_string(input, "ProjectionExpression", NULL);
    const struct xcy_json *list = xcy_json_get(input, "AttributesToGet");
    *projection = (struct xcy_dynamodb_projection){0};
    if (!expression && xcy_json_size(list) == 0) {
        return true;
    }
    projection->names = xcy_alloc_array(MAX_NAMES, sizeof *projection->names);
    if (!expression) {
        read_list(list, projection);
        return true;
    }
    if (!read_expression(input, expression, projection, reason)) {
        xcy_dynamodb_projection_clear(projection);
        return false;
    }
    return true;
}

void xcy_dynamodb_projection_clear(struct xcy_dynamodb_projection *projection)
{
    for (size_t i = 0; i < projection->n; i++) {
        free(projection->names[i]);
    }
    free(projection->names);
    *projection = (struct xcy_dynamodb_projection){0};
}
