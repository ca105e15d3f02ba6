#include "common/run/sent.h"

#include "common/base/mem.h"
#include "common/run/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct xcy_sent {
    int fd;
    int64_t n_slots;
    int64_t *slots; /* mapped; read and set atomically; NULL when there are none */
};

static enum xcy_status map(struct xcy_sent *s, int protection, const char *path,
                           struct xcy_error *err)
{
    if (s->n_slots == 0) {
        return XCY_OK;
    }
    void *at = mmap(NULL, (size_t)s->n_slots * sizeof *s->slots, protection, MAP_SHARED, s->fd, 0);
    if (at == MAP_FAILED) {
        return xcy_fail_errno(err, errno, "%s: cannot map", path);
    }
    s->slots = at;
    return XCY_OK;
}

static enum xcy_status lay_out(struct xcy_sent *s, const char *path, struct xcy_error *err)
{
    /* The file is new and ours: only a look by xcy_sent_is_live can hold it, for an instant. */
    while (flock(s->fd, LOCK_EX) != 0) {
        if (errno != EINTR) {
            return xcy_fail_errno(err, errno, "%s: cannot lock", path);
        }
    }
    off_t bytes = (off_t)(s->n_slots * (int64_t)sizeof *s->slots);
    int code = bytes > 0 ? posix_fallocate(s->fd, 0, bytes) : 0;
    if (code != 0) {
        return xcy_fail_errno(err, code, "%s: no room for %lld slots", path, (long long)s->n_slots);
    }
    return map(s, PROT_READ | PROT_WRITE, path, err);
}

enum xcy_status xcy_sent_create(const char *run_path, int64_t n_slots, struct xcy_sent **sent,
                                struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "sent.bin");
    struct xcy_sent *s = xcy_alloc(sizeof *s);
    s->n_slots = n_slots;
    s->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    enum xcy_status status = s->fd < 0 ? xcy_fail_errno(err, errno, "%s", path) : XCY_OK;
    if (status == XCY_OK) {
        status = lay_out(s, path, err);
    }
    if (status == XCY_OK) {
        *sent = s;
    } else {
        xcy_sent_close(s);
    }
    free(path);
    return status;
}

enum xcy_status xcy_sent_open(const char *run_path, struct xcy_sent **sent, struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "sent.bin");
    struct xcy_sent *s = xcy_alloc(sizeof *s);
    enum xcy_status status = XCY_OK;
    struct stat info;
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 && errno == ENOENT) {
        status = xcy_fail(err, XCY_ENOTFOUND, "%s: no such file", path);
    } else if (s->fd < 0 || fstat(s->fd, &info) != 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
    } else {
        s->n_slots = info.st_size / (off_t)sizeof *s->slots;
        status = map(s, PROT_READ, path, err);
    }
    if (status == XCY_OK) {
        *sent = s;
    } else {
        xcy_sent_close(s);
    }
    free(path);
    return status;
}

void xcy_sent_close(struct xcy_sent *sent)
{
    if (!sent) {
        return;
    }
    if (sent->slots) {
        munmap(sent->slots, (size_t)sent->n_slots * sizeof *sent->slots);
    }
    if (sent->fd >= 0) {
        close(sent->fd);
    }
    free(sent);
}

int64_t xcy_sent_slots(const struct xcy_sent *sent)
{
    return sent->n_slots;
}

void xcy_sent_set(struct xcy_sent *sent, int64_t slot, int64_t wall_us)
{
    xcy_assert(slot >= 0 && slot < sent->n_slots);
    __atomic_store_n(&sent->slots[slot], wall_us, __ATOMIC_RELAXED);
}

int64_t xcy_sent_get(const struct xcy_sent *sent, int64_t slot)
{
    xcy_assert(slot >= 0 && slot < sent->n_slots);
    return __atomic_load_n(&sent->slots[slot], __ATOMIC_RELAXED);
}

bool xcy_sent_is_live(const char *run_path)
{
    char *path = xcy_run_file(run_path, "sent.bin");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    if (fd < 0) {
        return false;
    }
    bool live = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return live;
}
