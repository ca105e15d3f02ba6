#include "loadgen/record/journal.h"

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/time/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define RETRY_NS XCY_NS_PER_S

struct xcy_journal {
    pthread_mutex_t lock;
    int fd;
    char *path;
    struct xcy_buf waiting; /* begins in the middle of a line when a part of it was written */
    int64_t waiting_lines;
    int64_t dropped_lines;
    off_t written_bytes; /* of the file */
    off_t whole_bytes;   /* of the file up to its last line end */
    int refusal;         /* errno of the last refused write */
    struct xcy_mono retry_at;
};

static int64_t count_lines(struct xcy_bytes bytes)
{
    int64_t n = 0;
    const char *end = bytes.ptr + bytes.len;
    for (const char *at = bytes.ptr; at < end; n++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end) {
            break;
        }
        at = line_end + 1;
    }
    return n;
}

/* Writes as much as the file takes; the number of bytes, less than asked when it refused. */
static size_t write_some(struct xcy_journal *j, struct xcy_bytes bytes)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t n = write(j->fd, bytes.ptr + done, bytes.len - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            j->refusal = n < 0 ? errno : ENOSPC;
            break;
        }
        done += (size_t)n;
    }
    size_t behind_line = done;
    while (behind_line > 0 && bytes.ptr[behind_line - 1] != '\n') {
        behind_line--;
    }
    if (behind_line > 0) {
        j->whole_bytes = j->written_bytes + (off_t)behind_line;
    }
    j->written_bytes += (off_t)done;
    return done;
}

static void keep(struct xcy_journal *j, struct xcy_bytes bytes)
{
    int64_t lines = count_lines(bytes);
    if (j->waiting.len + bytes.len > j->waiting.max) {
        j->dropped_lines += lines;
        return;
    }
    xcy_buf_add(&j->waiting, bytes);
    j->waiting_lines += lines;
}

static void write_waiting(struct xcy_journal *j)
{
    size_t done = write_some(j, xcy_buf_bytes(&j->waiting));
    j->waiting_lines -= count_lines(xcy_bytes(j->waiting.ptr, done));
    xcy_buf_drop(&j->waiting, done);
    if (j->waiting.len > 0) {
        j->retry_at = xcy_mono_add(xcy_mono_now(), RETRY_NS);
    }
}

enum xcy_status xcy_journal_create(const char *path, struct xcy_bytes header,
                                   size_t max_waiting_bytes, struct xcy_journal **journal,
                                   struct xcy_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "%s", path);
    }
    struct xcy_journal *j = xcy_alloc(sizeof *j);
    j->fd = fd;
    j->path = xcy_strdup(path);
    pthread_mutex_init(&j->lock, NULL);
    xcy_buf_init(&j->waiting, max_waiting_bytes);
    if (write_some(j, header) < header.len) {
        enum xcy_status status = xcy_fail_errno(err, j->refusal, "%s", path);
        xcy_journal_close(j);
        return status;
    }
    *journal = j;
    return XCY_OK;
}

void xcy_journal_close(struct xcy_journal *journal)
{
    if (!journal) {
        return;
    }
    close(journal->fd);
    pthread_mutex_destroy(&journal->lock);
    xcy_buf_clear(&journal->waiting);
    free(journal->path);
    free(journal);
}

void xcy_journal_append(struct xcy_journal *journal, struct xcy_bytes lines)
{
    pthread_mutex_lock(&journal->lock);
    if (journal->waiting.len > 0 && !xcy_mono_before(xcy_mono_now(), journal->retry_at)) {
        write_waiting(journal);
    }
    if (journal->waiting.len > 0) {
        keep(journal, lines);
    } else {
        size_t done = write_some(journal, lines);
        if (done < lines.len) {
            keep(journal, xcy_bytes(lines.ptr + done, lines.len - done));
            journal->retry_at = xcy_mono_add(xcy_mono_now(), RETRY_NS);
        }
    }
    pthread_mutex_unlock(&journal->lock);
}

static void describe_refusal(const struct xcy_journal *j, char *to, size_t size)
{
    struct xcy_error words;
    (void)!xcy_fail_errno(&words, j->refusal, "%s", j->path);
    size_t n = strnlen(words.text, size - 1);
    memcpy(to, words.text, n);
    to[n] = '\0';
}

void xcy_journal_look(struct xcy_journal *journal, struct xcy_journal_state *state)
{
    pthread_mutex_lock(&journal->lock);
    *state = (struct xcy_journal_state){.waiting_lines = journal->waiting_lines,
                                        .waiting_bytes = (int64_t)journal->waiting.len,
                                        .dropped_lines = journal->dropped_lines};
    if (journal->waiting.len > 0 || journal->dropped_lines > 0) {
        describe_refusal(journal, state->refusal, sizeof state->refusal);
    }
    pthread_mutex_unlock(&journal->lock);
}

/* Takes the written part of a torn line back into memory, so that the file ends with a whole line
 * whatever happens next. */
static void cut_torn_line(struct xcy_journal *j)
{
    off_t torn_bytes = j->written_bytes - j->whole_bytes;
    if (torn_bytes == 0) {
        return;
    }
    struct xcy_buf line;
    xcy_buf_init(&line, (size_t)torn_bytes + j->waiting.len);
    char *torn = xcy_alloc((size_t)torn_bytes);
    int fd = open(j->path, O_RDONLY | O_CLOEXEC);
    bool is_read = fd >= 0 && pread(fd, torn, (size_t)torn_bytes, j->whole_bytes) == torn_bytes;
    if (is_read && ftruncate(j->fd, j->whole_bytes) == 0) {
        size_t max = j->waiting.max;
        xcy_buf_add(&line, xcy_bytes(torn, (size_t)torn_bytes));
        xcy_buf_add(&line, xcy_buf_bytes(&j->waiting));
        xcy_buf_clear(&j->waiting);
        j->waiting = line;
        j->waiting.max = max;
        j->written_bytes = j->whole_bytes;
    } else {
        xcy_buf_clear(&line);
    }
    if (fd >= 0) {
        close(fd);
    }
    free(torn);
}

static enum xcy_status finish(struct xcy_journal *j, struct xcy_error *err)
{
    write_waiting(j);
    if (j->waiting.len > 0) {
        cut_torn_line(j);
        return xcy_fail_errno(err, j->refusal,
                              "%s: %" PRId64 " of the last lines could not be written", j->path,
                              j->waiting_lines + j->dropped_lines);
    }
    if (fdatasync(j->fd) != 0) {
        return xcy_fail_errno(err, errno, "%s", j->path);
    }
    if (j->dropped_lines > 0) {
        return xcy_fail_errno(err, j->refusal,
                              "%s: %" PRId64 " lines were lost: more than %zu bytes waited",
                              j->path, j->dropped_lines, j->waiting.max);
    }
    return XCY_OK;
}

enum xcy_status xcy_journal_finish(struct xcy_journal *journal, struct xcy_error *err)
{
    pthread_mutex_lock(&journal->lock);
    enum xcy_status status = finish(journal, err);
    pthread_mutex_unlock(&journal->lock);
    return status;
}
