#include "collectors/imports.h"

#include "collectors/orphans.h"

#include "common/base/file.h"
#include "common/base/log.h"

#include <stdlib.h>

bool xcy_imports_any(const struct xcy_imports *imports)
{
    char *path = xcy_orphans_path(imports->orphans_root, imports->run);
    bool any = imports->files->n > 0 || xcy_file_exists(path);
    free(path);
    return any;
}

static enum xcy_status import(struct xcy_imports *im, const char *path, struct xcy_error *err)
{
    struct xcy_import_count count = {0};
    enum xcy_status status = xcy_import(path, im->ledger, im->collection, &count, err);
    if (status == XCY_OK && count.imported + count.foreign > 0) {
        xcy_log(XCY_LOG_INFO, "imported %lld messages of %s (%lld were here, %lld are not ours)",
                (long long)count.imported, path, (long long)count.known, (long long)count.foreign);
    }
    im->n_imported += status == XCY_OK ? count.imported : 0;
    return status;
}

enum xcy_status xcy_imports_orphans(struct xcy_imports *imports, struct xcy_error *err)
{
    char *path = xcy_orphans_path(imports->orphans_root, imports->run);
    enum xcy_status status = xcy_file_exists(path) ? import(imports, path, err) : XCY_OK;
    free(path);
    return status;
}

enum xcy_status xcy_imports_all(struct xcy_imports *imports, struct xcy_error *err)
{
    enum xcy_status status = xcy_imports_orphans(imports, err);
    for (size_t f = 0; f < imports->files->n && status == XCY_OK; f++) {
        status = import(imports, imports->files->items[f], err);
    }
    return status;
}
