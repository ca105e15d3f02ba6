#ifndef XCY_ANALYZERS_COMPARE_CONTRAST_JSON_H
#define XCY_ANALYZERS_COMPARE_CONTRAST_JSON_H

/* contrast_json.h - a contrast for machines: the keys that docs/formats.md names. Threads: safe. */

#include "analyzers/compare/contrast.h"
#include "common/data/json.h"

/* margin 0: none was given. */
void xcy_contrast_put(const struct xcy_contrast *contrast, double margin, struct xcy_json *to);

#endif
