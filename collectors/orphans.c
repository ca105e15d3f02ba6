#include "collectors/orphans.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_ADDED_BYTES = 256 << 20, UUID_CHARACTERS = 36, TAIL_BYTES = 4096 };

#define UNKNOWN "unknown"

struct file {
    char run[XCY_ID_BYTES];
    struct xcy_buf added;
    bool is_there; /* its name is on the disk */
};

struct xcy_orphans {
    char *root;
    struct file files[XCY_MAX_ORPHANS + 1]; /* the first is for the unknown */
    size_t n;
};

static bool is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != UUID_CHARACTERS) {
        return false;
    }
    for (size_t c = 0; c < UUID_CHARACTERS; c++) {
        bool is_right =
            form[c] == '-' ? text[c] == '-' : strchr("0123456789abcdef", text[c]) != NULL;
        if (!is_right) {
            return false;
        }
    }
    return true;
}

char *xcy_orphans_path(const char *root, const char *run)
{
    return xcy_format("%s/orphans/%s.jsonl", root, is_uuid(run) ? run : UNKNOWN);
}

enum xcy_status xcy_orphans_root(const char *run_path, char **root, struct xcy_error *err)
{
    char *real = realpath(run_path, NULL);
    if (!real) {
        return xcy_fail_errno(err, errno, "%s", run_path);
    }
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(real, '/');
        slash[slash == real ? 1 : 0] = '\0';
    }
    *root = real;
    return XCY_OK;
}

enum xcy_status xcy_orphans_open(const char *root, struct xcy_orphans **orphans,
                                 struct xcy_error *err)
{
    char *folder = xcy_format("%s/orphans", root);
    enum xcy_status status = xcy_dir_make(folder, 0755, err);
    if (status == XCY_OK) {
        status = xcy_file_sync_name(folder, err);
    }
    free(folder);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_orphans *o = xcy_alloc(sizeof *o);
    o->root = xcy_strdup(root);
    o->n = 1;
    snprintf(o->files[0].run, sizeof o->files[0].run, "%s", UNKNOWN);
    xcy_buf_init(&o->files[0].added, MAX_ADDED_BYTES);
    *orphans = o;
    return XCY_OK;
}

void xcy_orphans_free(struct xcy_orphans *orphans)
{
    if (orphans) {
        for (size_t f = 0; f < orphans->n; f++) {
            xcy_buf_clear(&orphans->files[f].added);
        }
        free(orphans->root);
        free(orphans);
    }
}

static struct file *file_of(struct xcy_orphans *o, const char *run)
{
    for (size_t f = 1; f < o->n; f++) {
        if (strcmp(o->files[f].run, run) == 0) {
            return &o->files[f];
        }
    }
    if (!is_uuid(run) || o->n > XCY_MAX_ORPHANS) {
        return &o->files[0];
    }
    struct file *file = &o->files[o->n++];
    snprintf(file->run, sizeof file->run, "%s", run);
    xcy_buf_init(&file->added, MAX_ADDED_BYTES);
    return file;
}

void xcy_orphans_add(struct xcy_orphans *orphans, const struct xcy_orphan_line *line)
{
    xcy_buf_add_text(&file_of(orphans, line->run)->added, line->text);
}

/* Where the last whole line ends: a gather that was killed may have left half of one. */
static enum xcy_status find_end(int fd, const char *path, off_t *end, struct xcy_error *err)
{
    char tail[TAIL_BYTES];
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    for (off_t at = facts.st_size; at > 0;) {
        off_t from = at > TAIL_BYTES ? at - TAIL_BYTES : 0;
        ssize_t n = pread(fd, tail, (size_t)(at - from), from);
        if (n != at - from) {
            return xcy_fail_errno(err, n < 0 ? errno : EIO, "%s", path);
        }
        for (ssize_t c = n; c > 0; c--) {
            if (tail[c - 1] == '\n') {
                *end = from + c;
                return XCY_OK;
            }
        }
        at = from;
    }
    *end = 0;
    return XCY_OK;
}

static enum xcy_status append(int fd, const char *path, struct xcy_bytes text,
                              struct xcy_error *err)
{
    off_t end = 0;
    if (flock(fd, LOCK_EX) != 0) {
        return xcy_fail_errno(err, errno, "%s: cannot lock", path);
    }
    enum xcy_status status = find_end(fd, path, &end, err);
    if (status == XCY_OK && ftruncate(fd, end) != 0) {
        status = xcy_fail_errno(err, errno, "%s: cannot cut off its unfinished end", path);
    }
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_write_all(fd, text, path, err);
    if (status == XCY_OK && fsync(fd) != 0) {
        status = xcy_fail_errno(err, errno, "%s: fsync", path);
    }
    if (status != XCY_OK && ftruncate(fd, end) != 0) {
        xcy_error_context(err, "half a line may stand at the end (it is cut off with the next)");
    }
    return status;
}

static enum xcy_status commit_file(const struct xcy_orphans *o, struct file *file,
                                   struct xcy_error *err)
{
    char *path = xcy_orphans_path(o->root, file->run);
    enum xcy_status status = xcy_buf_check(&file->added, path, err);
    int fd = -1;
    if (status == XCY_OK) {
        fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
        status = fd < 0 ? xcy_fail_errno(err, errno, "%s", path) : XCY_OK;
    }
    if (status == XCY_OK) {
        status = append(fd, path, xcy_buf_bytes(&file->added), err);
    }
    if (status == XCY_OK && !file->is_there) {
        status = xcy_file_sync_name(path, err);
        file->is_there = status == XCY_OK;
    }
    if (fd >= 0) {
        close(fd); /* the lock goes with it */
    }
    free(path);
    return status;
}

enum xcy_status xcy_orphans_commit(struct xcy_orphans *orphans, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t f = 0; f < orphans->n && status == XCY_OK; f++) {
        struct file *file = &orphans->files[f];
        if (file->added.len > 0) {
            status = commit_file(orphans, file, err);
            xcy_buf_reset(&file->added);
        }
    }
    return status;
}
