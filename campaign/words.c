#include "campaign/words.h"

#include "common/base/mem.h"

#include <stdlib.h>

void xcy_words_add(struct xcy_words *words, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = xcy_vformat(fmt, args);
    va_end(args);
    words->items = xcy_realloc_array(words->items, words->n + 2, sizeof *words->items);
    words->items[words->n++] = text;
    words->items[words->n] = NULL;
}

void xcy_words_option(struct xcy_words *words, const char *name, const char *value)
{
    if (value) {
        xcy_words_add(words, "%s", name);
        xcy_words_add(words, "%s", value);
    }
}

void xcy_words_clear(struct xcy_words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        free(words->items[i]);
    }
    free(words->items);
    *words = (struct xcy_words){0};
}
