#ifndef XCY_TESTS_SUPPORT_FOLDER_H
#define XCY_TESTS_SUPPORT_FOLDER_H

/* folder.h - a temporary folder for one test, removed with all in it. */

#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>

static inline char *folder_new(void)
{
    char *path = xcy_strdup("/tmp/xcy-test-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static inline void folder_free(char *path)
{
    struct xcy_error err;
    assert_ok(xcy_dir_remove(path, &err), &err);
    free(path);
}

/* The same as cmocka's state. */
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

static inline int folder_set_up(void **state)
{
    *state = folder_new();
    return 0;
}

static inline int folder_tear_down(void **state)
{
    folder_free(*state);
    return 0;
}

#endif
