#include "report/branch.h"

#include "analyzers/cells.h"
#include "analyzers/duration.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xcy_branch xcy_branch_root(const struct xcy_json *tree)
{
    return (struct xcy_branch){.node = tree};
}

static void extend(struct xcy_branch *branch, const char *key)
{
    size_t at = strlen(branch->path);
    int n = snprintf(branch->path + at, sizeof branch->path - at, "%s%s", at > 0 ? "." : "", key);
    xcy_assert(n > 0 && at + (size_t)n < sizeof branch->path);
}

struct xcy_branch xcy_branch_get(const struct xcy_branch *branch, const char *keys)
{
    struct xcy_branch found = *branch;
    char *copy = xcy_strdup(keys);
    char *rest = NULL;
    for (const char *key = strtok_r(copy, ".", &rest); key; key = strtok_r(NULL, ".", &rest)) {
        found.node = xcy_json_get(found.node, key);
    }
    free(copy);
    extend(&found, keys);
    return found;
}

struct xcy_branch xcy_branch_at(const struct xcy_branch *branch, size_t index)
{
    char key[24];
    struct xcy_branch found = *branch;
    snprintf(key, sizeof key, "%zu", index);
    found.node = xcy_json_at(branch->node, index);
    extend(&found, key);
    return found;
}

double xcy_branch_number(const struct xcy_branch *branch, const char *keys)
{
    struct xcy_branch found = xcy_branch_get(branch, keys);
    double value = NAN;
    return xcy_json_number(found.node, &value) ? value : NAN;
}

void xcy_branch_show(const struct xcy_branch *branch, const char *keys, struct xcy_buf *out,
                     const char *fmt, ...)
{
    struct xcy_branch found = xcy_branch_get(branch, keys);
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    xcy_buf_add_text(out, "<data data-path=\"");
    xcy_markup_add_text(out, found.path);
    xcy_buf_add_text(out, "\" value=\"");
    if (xcy_json_kind(found.node) == XCY_JSON_NUMBER) {
        xcy_json_format(found.node, false, out);
    }
    xcy_buf_add_text(out, "\">");
    xcy_markup_add_text(out, text);
    xcy_buf_add_text(out, "</data>");
}

void xcy_branch_show_count(const struct xcy_branch *branch, const char *key, struct xcy_buf *out)
{
    double value = xcy_branch_number(branch, key);
    if (isfinite(value)) {
        xcy_branch_show(branch, key, out, "%.0f", value);
    } else {
        xcy_branch_show(branch, key, out, "-");
    }
}

void xcy_branch_show_share(const struct xcy_branch *branch, const char *keys, int decimals,
                           struct xcy_buf *out)
{
    double share = xcy_branch_number(branch, keys);
    if (isfinite(share)) {
        xcy_branch_show(branch, keys, out, "%.*f%%", decimals, 100 * share);
    } else {
        xcy_branch_show(branch, keys, out, "-");
    }
}

void xcy_branch_show_p(const struct xcy_branch *branch, const char *keys, struct xcy_buf *out)
{
    double p = xcy_branch_number(branch, keys);
    char text[XCY_CELL_BYTES] = "-";
    if (p >= 0) {
        xcy_cell_p(p, text);
    }
    xcy_branch_show(branch, keys, out, "%s", text);
}

void xcy_branch_show_ms(const struct xcy_branch *branch, const char *keys, const char *otherwise,
                        struct xcy_buf *out)
{
    char text[XCY_DURATION_TEXT_BYTES];
    double ms = xcy_branch_number(branch, keys);
    if (isfinite(ms)) {
        xcy_duration_format(ms * 1000, text);
        xcy_branch_show(branch, keys, out, "%s", text);
    } else {
        xcy_branch_show(branch, keys, out, "%s", otherwise);
    }
}
