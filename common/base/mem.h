#ifndef XCY_BASE_MEM_H
#define XCY_BASE_MEM_H

/*
 * mem.h - allocation that cannot fail: out of memory ends the program with a message.
 *
 * Memory:   everything returned is owned by the caller; release with free().
 * Threads:  safe.
 */

#include "common/base/error.h"

#include <stdarg.h>
#include <stddef.h>

void *xcy_alloc(size_t size);                              /* zeroed */
void *xcy_alloc_array(size_t n, size_t size);              /* zeroed; overflow aborts */
void *xcy_realloc_array(void *old, size_t n, size_t size); /* new part not zeroed */
char *xcy_strdup(const char *text);                        /* NULL gives NULL */
char *xcy_strndup(const char *text, size_t len);
/* Clears the text before it is freed, and sets it to NULL. NULL in it is allowed. */
void xcy_free_secret(char **text);
char *xcy_format(const char *fmt, ...) XCY_PRINTF(1, 2);
char *xcy_vformat(const char *fmt, va_list args) XCY_PRINTF(1, 0);

#endif
