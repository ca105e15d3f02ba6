#ifndef XCY_TESTS_UNIT_LOADGEN_FOLDER_H
#define XCY_TESTS_UNIT_LOADGEN_FOLDER_H

/* folder.h - a temporary folder as cmocka's state, removed with all in it. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/unit.h"

#include <stdlib.h>

static inline int folder_make(void **state)
{
    char *path = xcy_strdup("/tmp/xcy-loadgen-XXXXXX");
    if (!mkdtemp(path)) {
        free(path);
        return -1;
    }
    *state = path;
    return 0;
}

static inline int folder_remove(void **state)
{
    struct xcy_error err;
    enum xcy_status status = xcy_dir_remove(*state, &err);
    free(*state);
    return status == XCY_OK ? 0 : -1;
}

#endif
