#include "collectors/unfinished.h"

#include "common/base/file.h"
#include "common/run/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static char *path_of(const char *run_path)
{
    return xcy_run_file(run_path, "gather.unfinished");
}

bool xcy_unfinished_stands(const char *run_path)
{
    char *path = path_of(run_path);
    bool stands = xcy_file_exists(path);
    free(path);
    return stands;
}

enum xcy_status xcy_unfinished_begin(const char *run_path, struct xcy_error *err)
{
    static const char text[] = "a gather of this run takes messages, or was ended while it did\n";
    char *path = path_of(run_path);
    enum xcy_status status = xcy_file_replace(path, xcy_bytes_of(text), 0644, err);
    if (status == XCY_OK) {
        status = xcy_file_sync_name(path, err);
    }
    free(path);
    return status;
}

enum xcy_status xcy_unfinished_end(const char *run_path, struct xcy_error *err)
{
    char *path = path_of(run_path);
    bool is_gone = unlink(path) == 0 || errno == ENOENT;
    enum xcy_status status = is_gone ? XCY_OK : xcy_fail_errno(err, errno, "%s", path);
    free(path);
    return status;
}
