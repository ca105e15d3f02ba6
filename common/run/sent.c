#include "common/run/sent.h"

#include "common/base/mem.h"
#include "common/run/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file is mapped a segment at a time, each once and for good: a pointer into it stays right while
 * the file grows. A whole segment is mapped also where the file ends within it; what lies behind the
 * end is never touched. */
enum { SEGMENT_SLOTS = 1 << 20, MAX_SEGMENTS = 1 << 16, SLOT_BYTES = sizeof(int64_t) };
#define SEGMENT_BYTES ((size_t)SEGMENT_SLOTS * SLOT_BYTES)
#define MAX_SLOTS     ((int64_t)SEGMENT_SLOTS * MAX_SEGMENTS)

/* So many slots stay in memory behind the one just set. */
enum { KEPT_SLOTS = 1 << 16, CHUNK_SLOTS = 8192 };

struct xcy_sent {
    int fd;
    char *path;
    bool is_writer;
    int64_t n_slots; /* read and set atomically, after the segments; the writer's only */
    int64_t *segments[MAX_SEGMENTS]; /* NULL: not mapped; slots in it are read and set atomically */
    pthread_mutex_t lock;            /* growing */
};

static struct xcy_sent *sent_new(const char *run_path, bool is_writer, int flags)
{
    struct xcy_sent *s = xcy_alloc(sizeof *s);
    s->path = xcy_run_file(run_path, "sent.bin");
    s->is_writer = is_writer;
    s->fd = open(s->path, flags | O_CLOEXEC, 0644);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static int64_t n_segments(int64_t n_slots)
{
    return (n_slots + SEGMENT_SLOTS - 1) / SEGMENT_SLOTS;
}

/* Maps the segments up to this number of slots that are not. */
static enum xcy_status map(struct xcy_sent *s, int64_t n_slots, struct xcy_error *err)
{
    for (int64_t at = n_segments(s->n_slots); at < n_segments(n_slots); at++) {
        if (s->segments[at]) {
            continue; /* an attempt before this one came so far */
        }
        void *segment = mmap(NULL, SEGMENT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd,
                             (off_t)at * (off_t)SEGMENT_BYTES);
        if (segment == MAP_FAILED) {
            return xcy_fail_errno(err, errno, "%s: cannot map", s->path);
        }
        s->segments[at] = segment;
    }
    return XCY_OK;
}

/* Makes the file larger, on the disk too, and then lets everybody see it. */
static enum xcy_status grow(struct xcy_sent *s, int64_t n_slots, struct xcy_error *err)
{
    off_t had = (off_t)s->n_slots * SLOT_BYTES;
    if (n_slots > MAX_SLOTS) {
        return xcy_fail(err, XCY_EFULL, "%s: %lld slots are more than the %lld it can have",
                        s->path, (long long)n_slots, (long long)MAX_SLOTS);
    }
    int code = posix_fallocate(s->fd, had, (off_t)n_slots * SLOT_BYTES - had);
    if (code != 0) {
        int ignored = ftruncate(s->fd, had); /* gives back what room there was */
        (void)ignored;
        return xcy_fail_errno(err, code, "%s: no room for %lld slots", s->path, (long long)n_slots);
    }
    enum xcy_status status = map(s, n_slots, err);
    if (status == XCY_OK) {
        __atomic_store_n(&s->n_slots, n_slots, __ATOMIC_RELEASE);
    }
    return status;
}

/* The file is new and ours: only a look by xcy_sent_is_live can hold it, for an instant. */
static enum xcy_status lock_file(const struct xcy_sent *s, struct xcy_error *err)
{
    while (flock(s->fd, LOCK_EX) != 0) {
        if (errno != EINTR) {
            return xcy_fail_errno(err, errno, "%s: cannot lock", s->path);
        }
    }
    return XCY_OK;
}

enum xcy_status xcy_sent_create(const char *run_path, int64_t n_slots, struct xcy_sent **sent,
                                struct xcy_error *err)
{
    struct xcy_sent *s = sent_new(run_path, true, O_RDWR | O_CREAT | O_EXCL);
    enum xcy_status status =
        s->fd < 0 ? xcy_fail_errno(err, errno, "%s", s->path) : lock_file(s, err);
    if (status == XCY_OK && n_slots > 0) {
        status = grow(s, n_slots, err);
    }
    if (status == XCY_OK) {
        *sent = s;
    } else {
        xcy_sent_close(s);
    }
    return status;
}

enum xcy_status xcy_sent_open(const char *run_path, struct xcy_sent **sent, struct xcy_error *err)
{
    struct xcy_sent *s = sent_new(run_path, false, O_RDONLY);
    if (s->fd >= 0) {
        *sent = s;
        return XCY_OK;
    }
    enum xcy_status status = errno == ENOENT
                                 ? xcy_fail(err, XCY_ENOTFOUND, "%s: no such file", s->path)
                                 : xcy_fail_errno(err, errno, "%s", s->path);
    xcy_sent_close(s);
    return status;
}

void xcy_sent_close(struct xcy_sent *sent)
{
    if (!sent) {
        return;
    }
    for (size_t at = 0; at < MAX_SEGMENTS && sent->segments[at]; at++) {
        munmap(sent->segments[at], SEGMENT_BYTES);
    }
    if (sent->fd >= 0) {
        close(sent->fd);
    }
    pthread_mutex_destroy(&sent->lock);
    free(sent->path);
    free(sent);
}

enum xcy_status xcy_sent_reserve(struct xcy_sent *sent, int64_t n_slots, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    xcy_assert(sent->is_writer);
    if (n_slots <= xcy_sent_slots(sent)) {
        return XCY_OK;
    }
    pthread_mutex_lock(&sent->lock);
    if (n_slots > sent->n_slots) {
        status = grow(sent, n_segments(n_slots) * SEGMENT_SLOTS, err);
    }
    pthread_mutex_unlock(&sent->lock);
    return status;
}

enum xcy_status xcy_sent_trim(struct xcy_sent *sent, int64_t n_slots, struct xcy_error *err)
{
    xcy_assert(sent->is_writer && n_slots >= 0);
    if (ftruncate(sent->fd, (off_t)n_slots * SLOT_BYTES) != 0) {
        return xcy_fail_errno(err, errno, "%s: cannot cut to %lld slots", sent->path,
                              (long long)n_slots);
    }
    if (n_slots < sent->n_slots) {
        __atomic_store_n(&sent->n_slots, n_slots, __ATOMIC_RELEASE);
    }
    return XCY_OK;
}

int64_t xcy_sent_slots(const struct xcy_sent *sent)
{
    struct stat info;
    if (sent->is_writer) {
        return __atomic_load_n(&sent->n_slots, __ATOMIC_ACQUIRE);
    }
    return fstat(sent->fd, &info) == 0 ? info.st_size / SLOT_BYTES : 0;
}

static int64_t *slot_at(const struct xcy_sent *sent, int64_t slot)
{
    return &sent->segments[slot / SEGMENT_SLOTS][slot % SEGMENT_SLOTS];
}

/* Pages that were written count as memory of the process for as long as they are mapped in. Those
 * that lie behind are let go, every KEPT_SLOTS slots: the file keeps what they hold, and whoever
 * touches one again gets it back. */
static void let_go(const struct xcy_sent *sent, int64_t slot)
{
    int64_t before = slot - KEPT_SLOTS;
    int64_t segment = before / SEGMENT_SLOTS;
    size_t bytes = (size_t)(before % SEGMENT_SLOTS) * SLOT_BYTES;
    if (bytes > 0) {
        madvise(sent->segments[segment], bytes, MADV_DONTNEED);
    } else if (segment > 0) {
        madvise(sent->segments[segment - 1], SEGMENT_BYTES, MADV_DONTNEED);
    }
}

void xcy_sent_set(struct xcy_sent *sent, int64_t slot, int64_t wall_us)
{
    xcy_assert(sent->is_writer && slot >= 0 && slot < xcy_sent_slots(sent));
    __atomic_store_n(slot_at(sent, slot), wall_us, __ATOMIC_RELAXED);
    if (slot % KEPT_SLOTS == 0 && slot > 0) {
        let_go(sent, slot);
    }
}

/* Up to n slots as they stand in the file; how many it had. A file may be cut while it is read, and
 * memory mapped to what is cut off must not be touched: so it is read, not mapped. */
static int64_t read_slots(const struct xcy_sent *sent, int64_t first, int64_t n, int64_t wall_us[])
{
    size_t wanted = (size_t)n * SLOT_BYTES;
    size_t had = 0;
    while (had < wanted) {
        ssize_t got = pread(sent->fd, (char *)wall_us + had, wanted - had,
                            (off_t)first * SLOT_BYTES + (off_t)had);
        if (got > 0) {
            had += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    return (int64_t)(had / SLOT_BYTES);
}

int64_t xcy_sent_copy(const struct xcy_sent *sent, int64_t first, int64_t n, int64_t wall_us[])
{
    xcy_assert(first >= 0 && n >= 0);
    int64_t had = read_slots(sent, first, n, wall_us);
    memset(wall_us + had, 0, (size_t)(n - had) * SLOT_BYTES);
    return had;
}

int64_t xcy_sent_get(const struct xcy_sent *sent, int64_t slot)
{
    int64_t wall_us = 0;
    xcy_sent_copy(sent, slot, 1, &wall_us);
    return wall_us;
}

struct tally {
    int64_t count;
    int64_t used;
};

static struct tally count(const struct xcy_sent *sent)
{
    int64_t chunk[CHUNK_SLOTS];
    struct tally t = {0, 0};
    int64_t had = CHUNK_SLOTS;
    for (int64_t first = 0; had == CHUNK_SLOTS; first += had) {
        had = read_slots(sent, first, CHUNK_SLOTS, chunk);
        for (int64_t at = 0; at < had; at++) {
            t.count += chunk[at] != 0 ? 1 : 0;
            t.used = chunk[at] != 0 ? first + at + 1 : t.used;
        }
    }
    return t;
}

int64_t xcy_sent_count(const struct xcy_sent *sent)
{
    return count(sent).count;
}

int64_t xcy_sent_used(const struct xcy_sent *sent)
{
    return count(sent).used;
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
