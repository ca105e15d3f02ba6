#include "common/base/file.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536, MAX_OPEN_FOLDERS = 16 };

/* Not on and on of what is too large. What is read may be a secret. */
static enum xcy_status read_fd(int fd, const char *path, struct xcy_buf *buf, struct xcy_error *err)
{
    char *chunk = xcy_alloc(CHUNK_BYTES);
    enum xcy_status status = XCY_OK;
    for (;;) {
        ssize_t n = read(fd, chunk, CHUNK_BYTES);
        if (n == 0 || buf->overflowed) {
            status = xcy_buf_check(buf, path, err);
            break;
        }
        if (n < 0 && errno != EINTR) {
            status = xcy_fail_errno(err, errno, "%s", path);
            break;
        }
        if (n > 0) {
            xcy_buf_add(buf, xcy_bytes(chunk, (size_t)n));
        }
    }
    explicit_bzero(chunk, CHUNK_BYTES);
    free(chunk);
    return status;
}

enum xcy_status xcy_file_read(const char *path, struct xcy_buf *buf, struct xcy_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s: no such file", path);
    }
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    enum xcy_status status = read_fd(fd, path, buf, err);
    close(fd);
    return status;
}

enum xcy_status xcy_write_all(int fd, struct xcy_bytes bytes, const char *path,
                              struct xcy_error *err)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return xcy_fail_errno(err, errno, "%s", path);
        }
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return XCY_OK;
}

/* Messages name what is to be replaced: of the new name beside it nobody was told. */
static enum xcy_status write_new(const char *beside, const char *path, struct xcy_bytes bytes,
                                 mode_t mode, struct xcy_error *err)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    enum xcy_status status = xcy_write_all(fd, bytes, path, err);
    if (status == XCY_OK && fsync(fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    if (close(fd) != 0 && status == XCY_OK) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    return status;
}

static enum xcy_status sync_bytes(const char *beside, const char *path, struct xcy_error *err)
{
    int fd = open(beside, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    enum xcy_status status = XCY_OK;
    if (fd < 0 || fsync(fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return status;
}

char *xcy_file_beside(const char *path)
{
    return xcy_format("%s.%ld.new", path, (long)getpid());
}

/* Puts it in place if all went well so far; else there is none. */
static enum xcy_status end_new(const char *beside, const char *path, enum xcy_status status,
                               struct xcy_error *err)
{
    if (status == XCY_OK && rename(beside, path) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    if (status != XCY_OK) {
        unlink(beside);
    }
    return status;
}

enum xcy_status xcy_file_put(const char *beside, const char *path, struct xcy_error *err)
{
    return end_new(beside, path, sync_bytes(beside, path, err), err);
}

enum xcy_status xcy_file_replace(const char *path, struct xcy_bytes bytes, mode_t mode,
                                 struct xcy_error *err)
{
    char *beside = xcy_file_beside(path);
    enum xcy_status status = end_new(beside, path, write_new(beside, path, bytes, mode, err), err);
    free(beside);
    return status;
}

enum xcy_status xcy_file_sync_name(const char *path, struct xcy_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? xcy_strndup(path, (size_t)(slash - path) + 1) : xcy_strdup(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum xcy_status status = XCY_OK;
    if (fd < 0 || fsync(fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s", folder);
    }
    if (fd >= 0) {
        close(fd);
    }
    free(folder);
    return status;
}

enum xcy_status xcy_program_folder(char **folder, struct xcy_error *err)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0) {
        return xcy_fail_errno(err, errno, "/proc/self/exe");
    }
    self[n] = '\0';
    const char *slash = strrchr(self, '/');
    xcy_assert(slash);
    *folder = xcy_strndup(self, (size_t)(slash - self));
    return XCY_OK;
}

bool xcy_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static enum xcy_status make_one(const char *path, mode_t mode, struct xcy_error *err)
{
    if (mkdir(path, mode) == 0) {
        return XCY_OK;
    }
    int reason = errno;
    struct stat info;
    if (reason == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return XCY_OK;
    }
    return xcy_fail_errno(err, reason == EEXIST ? ENOTDIR : reason, "%s", path);
}

enum xcy_status xcy_dir_make(const char *path, mode_t mode, struct xcy_error *err)
{
    if (path[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE, "a folder's name is empty");
    }
    char *part = xcy_strdup(path);
    enum xcy_status status = XCY_OK;
    for (char *p = part + 1; status == XCY_OK && *p; p++) {
        if (*p == '/') {
            *p = '\0';
            status = make_one(part, mode, err);
            *p = '/';
        }
    }
    if (status == XCY_OK) {
        status = make_one(part, mode, err);
    }
    free(part);
    return status;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

enum xcy_status xcy_dir_remove(const char *path, struct xcy_error *err)
{
    /* safe with threads as long as FTW_CHDIR is not asked for */
    int code = nftw(path, remove_entry, MAX_OPEN_FOLDERS, /* NOLINT(concurrency-mt-unsafe) */
                    FTW_DEPTH | FTW_PHYS);
    if (code != 0 && errno != ENOENT) {
        return xcy_fail_errno(err, errno, "%s: cannot remove", path);
    }
    return XCY_OK;
}
