#include "sandbox/regions/truth.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The longest has a message of SQS, 1 MiB, and what it was damaged to, up to twice that, each with all of
 * it escaped. */
enum { MAX_LINE_BYTES = 8 << 20 };

struct xcy_truth {
    pthread_mutex_t lock;
    char *path;
    int fd; /* -1: off */
    bool has_failed;
    uint64_t n_lines;
};

enum xcy_status xcy_truth_open(const char *path, struct xcy_truth **truth, struct xcy_error *err)
{
    int fd = -1;
    if (path) {
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
        if (fd < 0) {
            return xcy_fail_errno(err, errno, "truth log %s", path);
        }
    }
    struct xcy_truth *made = xcy_alloc(sizeof *made);
    pthread_mutex_init(&made->lock, NULL);
    made->path = xcy_strdup(path);
    made->fd = fd;
    *truth = made;
    return XCY_OK;
}

void xcy_truth_close(struct xcy_truth *truth)
{
    if (!truth) {
        return;
    }
    if (truth->fd >= 0) {
        close(truth->fd);
    }
    pthread_mutex_destroy(&truth->lock);
    free(truth->path);
    free(truth);
}

bool xcy_truth_is_on(const struct xcy_truth *truth)
{
    return truth->fd >= 0;
}

/* A log that has a hole is none: after a failed write nothing follows, and one line says so. */
static void write_line(struct xcy_truth *truth, const struct xcy_buf *line)
{
    struct xcy_error err;
    pthread_mutex_lock(&truth->lock);
    if (!truth->has_failed) {
        truth->has_failed =
            xcy_buf_check(line, "a line of the truth log", &err) != XCY_OK ||
            xcy_write_all(truth->fd, xcy_buf_bytes(line), truth->path, &err) != XCY_OK;
        if (truth->has_failed) {
            xcy_log(XCY_LOG_ERROR, "the truth log ends here: %s", err.text);
        } else {
            truth->n_lines++;
        }
    }
    pthread_mutex_unlock(&truth->lock);
}

void xcy_truth_add(struct xcy_truth *truth, struct xcy_json *line)
{
    if (xcy_truth_is_on(truth)) {
        struct xcy_buf text;
        xcy_buf_init(&text, MAX_LINE_BYTES);
        xcy_json_format(line, false, &text);
        xcy_buf_add_char(&text, '\n');
        write_line(truth, &text);
        xcy_buf_clear(&text);
    }
    xcy_json_free(line);
}

uint64_t xcy_truth_count(struct xcy_truth *truth)
{
    pthread_mutex_lock(&truth->lock);
    uint64_t n = truth->n_lines;
    pthread_mutex_unlock(&truth->lock);
    return n;
}
