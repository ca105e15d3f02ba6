#include "campaign/lock.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/data/number.h"
#include "common/time/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 100 };

/* The process that the file names, if it lives; else 0. */
static pid_t holder(int fd)
{
    char text[32];
    int64_t pid = 0;
    ssize_t n = pread(fd, text, sizeof text, 0);
    if (n <= 0 || !xcy_int64_parse(xcy_bytes(text, (size_t)n), &pid) || pid < 1) {
        return 0;
    }
    return kill((pid_t)pid, 0) == 0 || errno == EPERM ? (pid_t)pid : 0;
}

static enum xcy_status take(int fd, const char *folder, struct xcy_error *err)
{
    bool is_told = false;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return xcy_fail_errno(err, errno, "%s: cannot lock", folder);
        }
        pid_t pid = holder(fd);
        if (pid > 0) {
            return xcy_fail(err, XCY_EFAIL,
                            "%s: another campaign works there (process %ld); wait for it or stop "
                            "it",
                            folder, (long)pid);
        }
        if (!is_told) {
            xcy_log(XCY_LOG_INFO, "waiting for what an earlier campaign started to end");
            is_told = true;
        }
        struct xcy_mono next = xcy_mono_add(xcy_mono_now(), LOOK_EVERY_MS * XCY_NS_PER_MS);
        if (!xcy_sleep_until(next, xcy_stop_fd())) {
            return xcy_fail(err, XCY_ESTOPPED, "interrupted");
        }
    }
    return XCY_OK;
}

static enum xcy_status name_holder(int fd, const char *path, struct xcy_error *err)
{
    char *text = xcy_format("%ld", (long)getpid());
    enum xcy_status status = XCY_OK;
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    if (status == XCY_OK) {
        status = xcy_write_all(fd, xcy_bytes_of(text), path, err);
    }
    free(text);
    return status;
}

enum xcy_status xcy_campaign_lock(const char *folder, int *fd, struct xcy_error *err)
{
    char *path = xcy_format("%s/lock", folder);
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    enum xcy_status status = opened < 0 ? xcy_fail_errno(err, errno, "%s", path) : XCY_OK;
    if (status == XCY_OK) {
        status = take(opened, folder, err);
    }
    if (status == XCY_OK) {
        status = name_holder(opened, path, err);
    }
    free(path);
    if (status == XCY_OK) {
        *fd = opened;
    } else if (opened >= 0) {
        close(opened);
    }
    return status;
}
