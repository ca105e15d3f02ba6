#include "loadgen/record/rundir.h"

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/requests.h"
#include "loadgen/record/series.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_HEADER_BYTES = 4096, MAX_WAITING_BYTES = 64 << 20, ROOM_BYTES = 16384 };

static const char room_file[] = ".room";

static char *read_latest(const char *root)
{
    char *link = xcy_run_file(root, "latest");
    char target[PATH_MAX];
    ssize_t n = readlink(link, target, sizeof target);
    free(link);
    return n > 0 ? xcy_strndup(target, (size_t)n) : NULL;
}

/* Best effort: who reads root/latest must not find a folder that is gone. */
static void restore_latest(const struct xcy_rundir *r)
{
    char *link = xcy_run_file(r->root, "latest");
    char *beside = xcy_format("%s.%ld.old", link, (long)getpid());
    unlink(beside);
    if (!r->previous_latest || symlink(r->previous_latest, beside) != 0 ||
        rename(beside, link) != 0) {
        unlink(link);
        unlink(beside);
    }
    free(beside);
    free(link);
}

static enum xcy_status keep_room(const struct xcy_rundir *r, struct xcy_error *err)
{
    char *file = xcy_run_file(r->path, room_file);
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    enum xcy_status status = fd < 0 ? xcy_fail_errno(err, errno, "%s", file) : XCY_OK;
    if (status == XCY_OK) {
        int code = posix_fallocate(fd, 0, ROOM_BYTES);
        status = code ? xcy_fail_errno(err, code, "%s", file) : XCY_OK;
        close(fd);
    }
    free(file);
    return status;
}

static enum xcy_status make_journal(const struct xcy_rundir *r, const char *name,
                                    void (*add_header)(struct xcy_buf *out),
                                    struct xcy_journal **journal, struct xcy_error *err)
{
    char *file = xcy_run_file(r->path, name);
    struct xcy_buf header;
    xcy_buf_init(&header, MAX_HEADER_BYTES);
    add_header(&header);
    enum xcy_status status =
        xcy_journal_create(file, xcy_buf_bytes(&header), MAX_WAITING_BYTES, journal, err);
    xcy_buf_clear(&header);
    free(file);
    return status;
}

static enum xcy_status make_files(struct xcy_rundir *r, int64_t n_slots, struct xcy_error *err)
{
    enum xcy_status status = xcy_sent_create(r->path, n_slots, &r->sent, err);
    if (status == XCY_OK) {
        status = keep_room(r, err);
    }
    if (status == XCY_OK) {
        status = make_journal(r, "requests.csv", xcy_requests_header, &r->journal, err);
    }
    if (status == XCY_OK) {
        status = make_journal(r, "series.csv", xcy_series_header, &r->series, err);
    }
    return status;
}

enum xcy_status xcy_rundir_create(const char *root, const char *folder, const char *tag,
                                  struct xcy_wall when, int64_t n_slots, struct xcy_rundir *rundir,
                                  struct xcy_error *err)
{
    struct xcy_rundir made = {.root = xcy_strdup(root),
                              .previous_latest = read_latest(root),
                              .is_root_ours = !xcy_file_exists(root)};
    enum xcy_status status = xcy_run_create(root, folder, tag, when, &made.path, err);
    if (status != XCY_OK) {
        xcy_rundir_close(&made);
        return status;
    }
    status = make_files(&made, n_slots, err);
    if (status != XCY_OK) {
        xcy_rundir_abandon(&made);
        return status;
    }
    *rundir = made;
    return XCY_OK;
}

void xcy_rundir_free_room(const struct xcy_rundir *rundir)
{
    char *file = xcy_run_file(rundir->path, room_file);
    unlink(file);
    free(file);
}

void xcy_rundir_abandon(struct xcy_rundir *rundir)
{
    struct xcy_error ignored;
    (void)!xcy_dir_remove(rundir->path, &ignored);
    char *slash = strrchr(rundir->path, '/');
    if (slash) {
        *slash = '\0';
        rmdir(rundir->path); /* the combination's folder, if nothing else is in it */
    }
    restore_latest(rundir);
    if (rundir->is_root_ours) {
        rmdir(rundir->root);
    }
    xcy_rundir_close(rundir);
}

void xcy_rundir_close(struct xcy_rundir *rundir)
{
    xcy_journal_close(rundir->journal);
    xcy_journal_close(rundir->series);
    xcy_sent_close(rundir->sent);
    free(rundir->path);
    free(rundir->root);
    free(rundir->previous_latest);
    *rundir = (struct xcy_rundir){0};
}
