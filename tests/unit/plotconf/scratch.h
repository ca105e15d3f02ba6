#ifndef XCY_TESTS_PLOTCONF_SCRATCH_H
#define XCY_TESTS_PLOTCONF_SCRATCH_H

/* scratch.h - a folder for one test, and files in it. */

#include "tests/support/folder.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

static inline void scratch_dir(const char *folder, const char *name)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", folder, name);
    assert_ok(xcy_dir_make(path, 0755, &err), &err);
    free(path);
}

static inline void scratch_file(const char *folder, const char *name, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", folder, name);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    free(path);
}

/* The error's text has these words. */
#define assert_says(err, words)                                                                    \
    do {                                                                                           \
        if (!strstr((err)->text, words)) {                                                         \
            fail_msg("'%s' does not say '%s'", (err)->text, words);                                \
        }                                                                                          \
    } while (0)

/* The text has these words. */
#define assert_has(text, words)                                                                    \
    do {                                                                                           \
        if (!strstr(text, words)) {                                                                \
            fail_msg("no '%s' in: %s", words, text);                                               \
        }                                                                                          \
    } while (0)

#endif
