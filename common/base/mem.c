#include "common/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "out of memory (%zu bytes asked)\n", size);
    abort();
}

void *xcy_alloc(size_t size)
{
    return xcy_alloc_array(1, size);
}

void *xcy_alloc_array(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p) {
        out_of_memory(size);
    }
    return p;
}

void *xcy_realloc_array(void *old, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) {
        out_of_memory(SIZE_MAX);
    }
    size_t total = n * size;
    void *p = realloc(old, total > 0 ? total : 1);
    if (!p) {
        out_of_memory(n * size);
    }
    return p;
}

char *xcy_strdup(const char *text)
{
    return text ? xcy_strndup(text, strlen(text)) : NULL;
}

char *xcy_strndup(const char *text, size_t len)
{
    size_t n = strnlen(text, len);
    char *copy = xcy_alloc(n + 1);
    memcpy(copy, text, n);
    return copy;
}

void xcy_free_secret(char **text)
{
    if (*text) {
        explicit_bzero(*text, strlen(*text));
    }
    free(*text);
    *text = NULL;
}

char *xcy_vformat(const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    xcy_assert(n >= 0);
    char *text = xcy_alloc((size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

char *xcy_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = xcy_vformat(fmt, args);
    va_end(args);
    return text;
}
