#ifndef XCY_CAMPAIGN_WORDS_H
#define XCY_CAMPAIGN_WORDS_H

/*
 * words.h - a command line that grows word by word.
 *
 * Memory:   words are copied; xcy_words_clear.
 */

#include "common/base/error.h"

#include <stddef.h>

struct xcy_words {
    char **items; /* NULL-terminated */
    size_t n;
};

void xcy_words_add(struct xcy_words *words, const char *fmt, ...) XCY_PRINTF(2, 3);
void xcy_words_option(struct xcy_words *words, const char *name,
                      const char *value); /* NULL: none */
void xcy_words_clear(struct xcy_words *words);

#endif
