#include "collectors/reference_folder.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "common/run/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FOLDER_BYTES = 32, FOLDER_MODE = 0755, DIGEST_CHARACTERS = 16, MAX_STATE_BYTES = 16 << 20 };

static enum xcy_status open_of(const char *root, const char *folder, const char *state_path,
                               char **path, struct xcy_error *err)
{
    struct xcy_buf text;
    char digest[XCY_SHA256_HEX];
    char *unfinished = NULL;
    xcy_buf_init(&text, MAX_STATE_BYTES);
    enum xcy_status status = xcy_file_read(state_path, &text, err);
    if (status == XCY_OK) {
        xcy_sha256_hex(xcy_buf_bytes(&text), digest);
        unfinished =
            xcy_format("%s/%s/unfinished-%.*s", root, folder, (int)DIGEST_CHARACTERS, digest);
        status = xcy_dir_make(unfinished, FOLDER_MODE, err);
    }
    if (status == XCY_OK) {
        *path = unfinished;
    } else {
        free(unfinished);
    }
    xcy_buf_clear(&text);
    return status;
}

enum xcy_status xcy_reference_folder_open(const char *root, const struct xcy_combination *c,
                                          const char *state_path, char **path,
                                          struct xcy_error *err)
{
    char folder[FOLDER_BYTES];
    xcy_combination_folder(c, folder);
    return state_path ? open_of(root, folder, state_path, path, err)
                      : xcy_run_make(root, folder, "unfinished", xcy_wall_now(), path, err);
}

enum xcy_status xcy_reference_folder_name(const char *root, const struct xcy_combination *c,
                                          const char *tag, const char *unfinished, char **path,
                                          struct xcy_error *err)
{
    char folder[FOLDER_BYTES];
    char *made = NULL;
    xcy_combination_folder(c, folder);
    enum xcy_status status = xcy_run_make(root, folder, tag, xcy_wall_now(), &made, err);
    if (status == XCY_OK && rename(unfinished, made) != 0) { /* onto the empty one just made */
        status = xcy_fail_errno(err, errno, "%s", made);
    }
    if (status == XCY_OK) {
        *path = made;
    } else {
        free(made);
    }
    return status;
}
