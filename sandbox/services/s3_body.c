#include "sandbox/services/s3_body.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct xcy_s3_folder {
    char *path;
    atomic_uint_least64_t n_written;
};

struct xcy_s3_body {
    atomic_size_t holders;
    uint64_t bytes;
    char md5[XCY_MD5_HEX];
    char *path;
};

struct xcy_s3_folder *xcy_s3_folder_new(const char *path)
{
    struct xcy_s3_folder *folder = xcy_alloc(sizeof *folder);
    folder->path = xcy_strdup(path);
    return folder;
}

void xcy_s3_folder_free(struct xcy_s3_folder *folder)
{
    rmdir(folder->path);
    free(folder->path);
    free(folder);
}

static enum xcy_status write_file(const char *path, struct xcy_bytes bytes, struct xcy_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s: cannot write", path);
    }
    enum xcy_status status = xcy_write_all(fd, bytes, path, err);
    if (close(fd) != 0 && status == XCY_OK) {
        status = xcy_fail_errno(err, errno, "%s: cannot write", path);
    }
    if (status != XCY_OK) {
        unlink(path);
    }
    return status;
}

enum xcy_status xcy_s3_body_write(struct xcy_s3_folder *folder, struct xcy_bytes bytes,
                                  struct xcy_s3_body **body, struct xcy_error *err)
{
    uint64_t number = atomic_fetch_add(&folder->n_written, 1);
    enum xcy_status status = number == 0 || !xcy_file_exists(folder->path)
                                 ? xcy_dir_make(folder->path, 0700, err)
                                 : XCY_OK;
    char *path = xcy_format("%s/%" PRIu64, folder->path, number);
    if (status == XCY_OK) {
        status = write_file(path, bytes, err);
    }
    if (status != XCY_OK) {
        free(path);
        return status;
    }
    struct xcy_s3_body *made = xcy_alloc(sizeof *made);
    atomic_init(&made->holders, 1);
    made->bytes = bytes.len;
    xcy_md5_hex(bytes, made->md5);
    made->path = path;
    *body = made;
    return XCY_OK;
}

struct xcy_s3_body *xcy_s3_body_hold(struct xcy_s3_body *body)
{
    atomic_fetch_add(&body->holders, 1);
    return body;
}

void xcy_s3_body_release(struct xcy_s3_body *body)
{
    if (body && atomic_fetch_sub(&body->holders, 1) == 1) {
        unlink(body->path);
        free(body->path);
        free(body);
    }
}

uint64_t xcy_s3_body_bytes(const struct xcy_s3_body *body)
{
    return body->bytes;
}

const char *xcy_s3_body_md5(const struct xcy_s3_body *body)
{
    return body->md5;
}

int xcy_s3_body_open(const struct xcy_s3_body *body)
{
    return open(body->path, O_RDONLY | O_CLOEXEC);
}
