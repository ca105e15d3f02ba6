#ifndef XCY_TESTS_RUN_SCRATCH_H
#define XCY_TESTS_RUN_SCRATCH_H

/* scratch.h - files in a test's folder. */

#include "tests/support/folder.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void put_file(const char *folder, const char *name, const struct xcy_buf *text)
{
    struct xcy_error err;
    char *path = xcy_run_file(folder, name);
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(text), 0644, &err), &err);
    free(path);
}

#endif
