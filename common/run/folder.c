#include "common/run/folder.h"

#include "common/base/file.h"
#include "common/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_SAME_SECOND = 1000, FOLDER_MODE = 0755, FILE_MODE = 0644 };

char *xcy_run_file(const char *run, const char *file)
{
    return xcy_format("%s/%s", run, file);
}

enum xcy_status xcy_run_replace_file(const char *run, const char *file, const struct xcy_buf *text,
                                     struct xcy_error *err)
{
    char *path = xcy_run_file(run, file);
    enum xcy_status status = xcy_buf_check(text, path, err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_buf_bytes(text), FILE_MODE, err);
    }
    free(path);
    return status;
}

char *xcy_run_default_tag(const struct xcy_combination *c, int64_t n_requests)
{
    const char *prefix = c->consistency == XCY_CONSISTENCY_ANTIPODE ? "antipode__" : "";
    return xcy_format("%s%s-%s__%lld__delay-%lldms", prefix, xcy_alias_of_region(c->writer_region),
                      xcy_alias_of_region(c->reader_region), (long long)n_requests,
                      (long long)c->delay_ms);
}

/* Replaces root/latest by a link to "<folder>/<name>", in one step for whoever looks. */
static enum xcy_status point_latest(const char *root, const char *target, struct xcy_error *err)
{
    char *link = xcy_run_file(root, "latest");
    char *beside = xcy_format("%s.%ld.new", link, (long)getpid());
    enum xcy_status status = XCY_OK;
    unlink(beside);
    if (symlink(target, beside) != 0 || rename(beside, link) != 0) {
        status = xcy_fail_errno(err, errno, "%s", link);
        unlink(beside);
    }
    free(beside);
    free(link);
    return status;
}

/* mkdir of parent/name, parent/name-2, … : the first that is new. */
static enum xcy_status make_unused(const char *parent, const char *name, char **path,
                                   struct xcy_error *err)
{
    for (int n = 1; n <= MAX_SAME_SECOND; n++) {
        char *candidate =
            n == 1 ? xcy_format("%s/%s", parent, name) : xcy_format("%s/%s-%d", parent, name, n);
        if (mkdir(candidate, FOLDER_MODE) == 0) {
            *path = candidate;
            return XCY_OK;
        }
        int reason = errno;
        if (reason != EEXIST) {
            xcy_fail_errno(err, reason, "%s", candidate);
            free(candidate);
            return err->status;
        }
        free(candidate);
    }
    return xcy_fail(err, XCY_EIO, "%s/%s: %d runs have this name already", parent, name,
                    MAX_SAME_SECOND);
}

enum xcy_status xcy_run_check_tag(const char *tag, struct xcy_error *err)
{
    if (tag[0] == '\0' || tag[0] == '.' || strchr(tag, '/')) {
        return xcy_fail(err, XCY_EUSAGE,
                        "tag '%s': it becomes a folder's name, so no '/' in it, "
                        "no '.' first, and not empty",
                        tag);
    }
    return XCY_OK;
}

enum xcy_status xcy_run_make(const char *root, const char *folder, const char *tag,
                             struct xcy_wall when, char **path, struct xcy_error *err)
{
    char stamp[15];
    enum xcy_status status = xcy_run_check_tag(tag, err);
    if (status != XCY_OK) {
        return status;
    }
    xcy_wall_format_compact(when, stamp);
    char *parent = xcy_run_file(root, folder);
    char *name = xcy_format("%s-%s", tag, stamp);
    status = xcy_dir_make(parent, FOLDER_MODE, err);
    if (status == XCY_OK) {
        status = make_unused(parent, name, path, err);
    }
    free(name);
    free(parent);
    return status;
}

enum xcy_status xcy_run_create(const char *root, const char *folder, const char *tag,
                               struct xcy_wall when, char **path, struct xcy_error *err)
{
    char *made = NULL;
    enum xcy_status status = xcy_run_make(root, folder, tag, when, &made, err);
    if (status != XCY_OK) {
        return status;
    }
    xcy_assert(made != NULL);
    status = point_latest(root, made + strlen(root) + 1, err);
    if (status == XCY_OK) {
        *path = made;
        made = NULL;
    } else {
        rmdir(made);
    }
    free(made);
    return status;
}

static bool holds_run(const char *path)
{
    char *manifest = xcy_run_file(path, "run.yml");
    bool found = xcy_file_exists(manifest);
    free(manifest);
    return found;
}

/* The real path of a symbolic link such as runs/latest, so that the run keeps its name in what we
 * print and does not move when a newer run begins. Relative to the folder of the link. */
static char *follow_latest(const char *root)
{
    char *link = xcy_run_file(root, "latest");
    char target[1024];
    ssize_t n = readlink(link, target, sizeof target - 1);
    free(link);
    if (n <= 0) {
        return NULL;
    }
    target[n] = '\0';
    return target[0] == '/' ? xcy_strdup(target) : xcy_run_file(root, target);
}

enum xcy_status xcy_run_find(const char *root, const char *argument, char **path,
                             struct xcy_error *err)
{
    char *latest = !argument || strcmp(argument, "latest") == 0 ? follow_latest(root) : NULL;
    if (!argument && !latest) {
        return xcy_fail(err, XCY_ENOTFOUND,
                        "no run in %s/ yet; make one with loadgen, "
                        "or name a run directory",
                        root);
    }
    char *as_given = latest ? latest : xcy_strdup(argument);
    size_t len = strlen(as_given);
    while (len > 1 && as_given[len - 1] == '/') {
        as_given[--len] = '\0';
    }
    if (holds_run(as_given)) {
        *path = as_given;
        return XCY_OK;
    }
    char *under_root = xcy_run_file(root, as_given);
    if (holds_run(under_root)) {
        free(as_given);
        *path = under_root;
        return XCY_OK;
    }
    xcy_fail(err, XCY_ENOTFOUND, "no run.yml in %s, nor in %s", as_given, under_root);
    free(under_root);
    free(as_given);
    return err->status;
}
