#include "common/aws/credentials.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The sandbox's own key pair: a file only its user can read, in a folder only its user can enter. */

enum { MAX_FILE_BYTES = 64 * 1024, OPEN_TO_OTHERS = S_IRWXG | S_IRWXO };

static char *folder_path(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"); /* NOLINT(concurrency-mt-unsafe) */
    if (runtime && runtime[0] == '/') {
        return xcy_format("%s/xcybench", runtime);
    }
    return xcy_format("/tmp/xcybench-%ld", (long)geteuid());
}

char *xcy_sandbox_credentials_path(uint16_t port)
{
    char *folder = folder_path();
    char *path = xcy_format("%s/sandbox-%u.json", folder, (unsigned)port);
    free(folder);
    return path;
}

/* Ours alone, and not a link to something else. */
static enum xcy_status check_private(const char *path, const struct stat *info, bool is_folder,
                                     struct xcy_error *err)
{
    if (is_folder ? !S_ISDIR(info->st_mode) : !S_ISREG(info->st_mode)) {
        return xcy_fail(err, XCY_EUSAGE, "%s is not a %s: remove it", path,
                        is_folder ? "folder" : "file");
    }
    if (info->st_uid != geteuid()) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s belongs to another user: remove it, or set "
                        "XDG_RUNTIME_DIR to a folder of yours",
                        path);
    }
    if (info->st_mode & OPEN_TO_OTHERS) {
        return xcy_fail(err, XCY_EUSAGE, "%s is open to other users: chmod %s %s", path,
                        is_folder ? "700" : "600", path);
    }
    return XCY_OK;
}

enum xcy_status xcy_sandbox_folder_make(char **folder, struct xcy_error *err)
{
    char *path = folder_path();
    struct stat info;
    enum xcy_status status = xcy_dir_make(path, 0700, err);
    if (status == XCY_OK && lstat(path, &info) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    if (status == XCY_OK) {
        status = check_private(path, &info, true, err);
    }
    if (status == XCY_OK) {
        *folder = path;
        path = NULL;
    }
    free(path);
    return status;
}

enum xcy_status xcy_sandbox_credentials_write(uint16_t port, const struct xcy_credentials *c,
                                              struct xcy_error *err)
{
    char *folder = NULL;
    enum xcy_status status = xcy_sandbox_folder_make(&folder, err);
    if (status != XCY_OK) {
        return status;
    }
    char *path = xcy_sandbox_credentials_path(port);
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_string(root, "access_key", c->access_key);
    xcy_json_put_string(root, "secret_key", c->secret_key);
    char *text = xcy_json_text(root);
    status = xcy_file_replace(path, xcy_bytes_of(text), 0600, err);
    xcy_free_secret(&text);
    xcy_json_free_secret(root);
    free(path);
    free(folder);
    return status;
}

static enum xcy_status read_text(int fd, const char *path, struct xcy_buf *text,
                                 struct xcy_error *err)
{
    char chunk[4096];
    ssize_t n = 0;
    while ((n = read(fd, chunk, sizeof chunk)) > 0) {
        xcy_buf_add(text, xcy_bytes(chunk, (size_t)n));
    }
    int reason = errno;
    explicit_bzero(chunk, sizeof chunk);
    if (n < 0) {
        return xcy_fail_errno(err, reason, "%s", path);
    }
    return xcy_buf_check(text, path, err);
}

/* What is checked is what is read: both through one descriptor. */
static enum xcy_status read_private(const char *path, struct xcy_buf *text, struct xcy_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s not found", path);
    }
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    struct stat info;
    enum xcy_status status = XCY_OK;
    if (fstat(fd, &info) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    } else {
        status = check_private(path, &info, false, err);
    }
    if (status == XCY_OK) {
        status = read_text(fd, path, text, err);
    }
    close(fd);
    return status;
}

static enum xcy_status parse_pair(const char *path, struct xcy_bytes text,
                                  struct xcy_credentials *credentials, struct xcy_error *err)
{
    struct xcy_json *root = NULL;
    enum xcy_status status = xcy_json_parse(text, &root, err);
    if (status != XCY_OK) {
        return xcy_fail(err, XCY_EPARSE, "%s is damaged: start the sandbox anew", path);
    }
    const char *access_key = xcy_json_get_string(root, "access_key", "");
    const char *secret_key = xcy_json_get_string(root, "secret_key", "");
    if (!access_key[0] || !secret_key[0]) {
        status = xcy_fail(err, XCY_EPARSE,
                          "%s has no access_key or secret_key: start the sandbox anew", path);
    } else {
        *credentials = (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                                .secret_key = xcy_strdup(secret_key)};
    }
    xcy_json_free_secret(root);
    return status;
}

enum xcy_status xcy_sandbox_credentials_read(uint16_t port, struct xcy_credentials *credentials,
                                             struct xcy_error *err)
{
    char *path = xcy_sandbox_credentials_path(port);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = read_private(path, &text, err);
    if (status == XCY_OK) {
        status = parse_pair(path, xcy_buf_bytes(&text), credentials, err);
    }
    xcy_buf_clear_secret(&text);
    free(path);
    return status;
}
