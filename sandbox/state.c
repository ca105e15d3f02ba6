#include "sandbox/state.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/data/number.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_STATUS_BYTES = 1 << 20 };

struct xcy_state {
    char *path;
    uint16_t port;
    int lock_fd;
};

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

static int lock_whole(int fd)
{
    int code;
    do {
        code = flock(fd, LOCK_EX);
    } while (code != 0 && errno == EINTR);
    return code;
}

static bool is_still(int fd, const char *path)
{
    struct stat opened;
    struct stat there;
    return fstat(fd, &opened) == 0 && stat(path, &there) == 0 && opened.st_ino == there.st_ino &&
           opened.st_dev == there.st_dev;
}

/* The private folder, held by us alone while folders are made and removed in it. Another sandbox
 * that ends may remove it between our opening and locking: then once more. */
static enum xcy_status lock_private(char **folder, int *fd, struct xcy_error *err)
{
    for (;;) {
        char *path = NULL;
        enum xcy_status status = xcy_sandbox_folder_make(&path, err);
        if (status != XCY_OK) {
            return status;
        }
        int opened = open_folder(path);
        if (opened >= 0 && lock_whole(opened) == 0 && is_still(opened, path)) {
            *folder = path;
            *fd = opened;
            return XCY_OK;
        }
        int reason = errno;
        bool again = opened >= 0 || reason == ENOENT;
        if (opened >= 0) {
            close(opened);
        }
        if (!again) {
            status = xcy_fail_errno(err, reason, "%s", path);
        }
        free(path);
        if (!again) {
            return status;
        }
    }
}

/* "sandbox-<port>" or "sandbox-<port>.json"; 0 for other names. */
static uint16_t port_of_name(const char *name)
{
    static const char head[] = "sandbox-";
    int64_t port = 0;
    if (strncmp(name, head, sizeof head - 1) != 0) {
        return 0;
    }
    const char *number = name + sizeof head - 1;
    size_t len = strcspn(number, ".");
    bool is_known = number[len] == '\0' || strcmp(number + len, ".json") == 0;
    if (!is_known || !xcy_int64_parse(xcy_bytes(number, len), &port) || port < 1 || port > 65535) {
        return 0;
    }
    return (uint16_t)port;
}

static char *path_of_port(const char *folder, uint16_t port)
{
    return xcy_format("%s/sandbox-%u", folder, (unsigned)port);
}

/* Whether a living sandbox holds the lock of this folder. */
static bool is_locked(const char *path)
{
    int fd = open_folder(path);
    if (fd < 0) {
        return false;
    }
    bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return locked;
}

static enum xcy_status remove_port(const char *path, uint16_t port, struct xcy_error *err)
{
    enum xcy_status status = xcy_dir_remove(path, err);
    char *keys = xcy_sandbox_credentials_path(port);
    if (unlink(keys) != 0 && errno != ENOENT && status == XCY_OK) {
        status = xcy_fail_errno(err, errno, "%s: cannot remove", keys);
    }
    free(keys);
    return status;
}

static enum xcy_status clean_port(const char *folder, uint16_t port, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    char *path = path_of_port(folder, port);
    char *keys = xcy_sandbox_credentials_path(port);
    bool is_there = xcy_file_exists(path) || xcy_file_exists(keys);
    if (is_there && !is_locked(path)) {
        status = remove_port(path, port, err);
        if (status == XCY_OK) {
            xcy_log(XCY_LOG_INFO, "removed what a killed sandbox on port %u left", (unsigned)port);
        }
    }
    free(path);
    free(keys);
    return status;
}

static enum xcy_status clean_folder(const char *folder, struct xcy_error *err)
{
    DIR *entries = opendir(folder);
    if (!entries) {
        return xcy_fail_errno(err, errno, "%s", folder);
    }
    enum xcy_status status = XCY_OK;
    struct dirent *entry;
    while (status == XCY_OK &&
           (entry = readdir(entries))) { /* NOLINT(concurrency-mt-unsafe): a stream of ours */
        uint16_t port = port_of_name(entry->d_name);
        if (port != 0) {
            status = clean_port(folder, port, err);
        }
    }
    closedir(entries);
    return status;
}

enum xcy_status xcy_state_clean(struct xcy_error *err)
{
    char *folder = NULL;
    int lock_fd = -1;
    enum xcy_status status = lock_private(&folder, &lock_fd, err);
    if (status == XCY_OK) {
        status = clean_folder(folder, err);
        close(lock_fd);
    }
    free(folder);
    return status;
}

/* With the private folder held. */
static enum xcy_status make_locked(const char *path, uint16_t port, int *fd, struct xcy_error *err)
{
    if (mkdir(path, 0700) != 0) {
        return xcy_fail_errno(err, errno, "%s: another sandbox on port %u?", path, (unsigned)port);
    }
    int opened = open_folder(path);
    if (opened < 0 || flock(opened, LOCK_EX | LOCK_NB) != 0) {
        enum xcy_status status = xcy_fail_errno(err, errno, "%s: cannot lock", path);
        if (opened >= 0) {
            close(opened);
        }
        rmdir(path);
        return status;
    }
    *fd = opened;
    return XCY_OK;
}

enum xcy_status xcy_state_open(uint16_t port, struct xcy_state **state, struct xcy_error *err)
{
    char *folder = NULL;
    int private_fd = -1;
    int fd = -1;
    enum xcy_status status = lock_private(&folder, &private_fd, err);
    if (status != XCY_OK) {
        return status;
    }
    char *path = path_of_port(folder, port);
    status = make_locked(path, port, &fd, err);
    if (status == XCY_OK) {
        struct xcy_state *s = xcy_alloc(sizeof *s);
        *s = (struct xcy_state){.path = path, .port = port, .lock_fd = fd};
        *state = s;
        path = NULL;
    }
    close(private_fd);
    free(path);
    free(folder);
    return status;
}

void xcy_state_close(struct xcy_state *state)
{
    if (!state) {
        return;
    }
    struct xcy_error err;
    char *folder = NULL;
    int private_fd = -1;
    if (lock_private(&folder, &private_fd, &err) != XCY_OK ||
        remove_port(state->path, state->port, &err) != XCY_OK) {
        xcy_log(XCY_LOG_WARNING, "%s", err.text);
    }
    if (folder) {
        rmdir(folder); /* fails, and shall, while anything is in it */
        close(private_fd);
    }
    close(state->lock_fd);
    free(folder);
    free(state->path);
    free(state);
}

const char *xcy_state_path(const struct xcy_state *state)
{
    return state->path;
}

static pid_t read_pid(const char *path)
{
    struct xcy_error ignored;
    struct xcy_json *status = NULL;
    struct xcy_buf text;
    char *file = xcy_format("%s/status.json", path);
    int64_t pid = 0;
    xcy_buf_init(&text, MAX_STATUS_BYTES);
    if (xcy_file_read(file, &text, &ignored) == XCY_OK &&
        xcy_json_parse(xcy_buf_bytes(&text), &status, &ignored) == XCY_OK) {
        pid = xcy_json_get_int64(status, "pid", 0);
    }
    xcy_json_free(status);
    xcy_buf_clear(&text);
    free(file);
    return (pid_t)pid;
}

pid_t xcy_state_owner(uint16_t port)
{
    pid_t pid = 0;
    char *keys = xcy_sandbox_credentials_path(port);
    size_t len = strlen(keys) - strlen(".json");
    char *path = xcy_strndup(keys, len);
    if (is_locked(path)) {
        pid = read_pid(path);
    }
    free(path);
    free(keys);
    return pid;
}
