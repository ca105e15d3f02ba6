#ifndef XCY_TESTS_RUN_SCRATCH_H
#define XCY_TESTS_RUN_SCRATCH_H

/* scratch.h - a folder for one test, in its state. */

#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

/* A folder of the test's own, removed afterwards. */
static inline int make_folder(void **state)
{
    char *folder = xcy_strdup("/tmp/xcy-run-test-XXXXXX");
    *state = mkdtemp(folder);
    return *state ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    struct xcy_error err;
    enum xcy_status status = xcy_dir_remove(*state, &err);
    free(*state);
    return status == XCY_OK ? 0 : -1;
}

static inline void put_file(const char *folder, const char *name, const struct xcy_buf *text)
{
    struct xcy_error err;
    char *path = xcy_run_file(folder, name);
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(text), 0644, &err), &err);
    free(path);
}

#endif
