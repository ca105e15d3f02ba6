#include "analyzers/export/target.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum xcy_status check_folder(const char *path, struct xcy_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? xcy_strndup(path, (size_t)(slash - path) + 1) : NULL;
    enum xcy_status status = XCY_OK;
    if (folder && !xcy_file_exists(folder)) {
        status =
            xcy_fail(err, XCY_EUSAGE, "%s: there is no folder %s; make it first", path, folder);
    }
    free(folder);
    return status;
}

/* What is put in place replaces a name: of a device, a pipe or a link that would surprise. */
static enum xcy_status check_old(const char *path, bool may_replace, struct xcy_error *err)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        return XCY_OK;
    }
    if (!S_ISREG(info.st_mode)) {
        return xcy_fail(err, XCY_EUSAGE, "%s: is there already and no regular file; name another",
                        path);
    }
    if (!may_replace) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: is there already; name another file, or replace it with --force",
                        path);
    }
    return XCY_OK;
}

enum xcy_status xcy_target_check(const char *path, bool may_replace, struct xcy_error *err)
{
    enum xcy_status status = check_old(path, may_replace, err);
    return status == XCY_OK ? check_folder(path, err) : status;
}
