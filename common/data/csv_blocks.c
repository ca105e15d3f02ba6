#include "common/data/csv_blocks.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20 }; /* the longest record that csv.c takes, too */

struct xcy_csv_blocks {
    pthread_mutex_t lock;
    struct xcy_csv *csv; /* has read the header */
    int fd;
    off_t at; /* in the file: what was not yet given */
    bool is_over;
};

enum xcy_status xcy_csv_blocks_open(const char *path, char separator,
                                    struct xcy_csv_blocks **blocks, struct xcy_error *err)
{
    struct xcy_csv *csv = NULL;
    enum xcy_status status = xcy_csv_open(path, separator, &csv, err);
    if (status != XCY_OK) {
        return status;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        status = xcy_fail_errno(err, errno, "%s", path);
        xcy_csv_close(csv);
        return status;
    }
    struct xcy_csv_blocks *opened = xcy_alloc(sizeof *opened);
    pthread_mutex_init(&opened->lock, NULL);
    opened->csv = csv;
    opened->fd = fd;
    opened->at = (off_t)xcy_csv_used(csv);
    *blocks = opened;
    return XCY_OK;
}

void xcy_csv_blocks_close(struct xcy_csv_blocks *blocks)
{
    if (blocks) {
        xcy_csv_close(blocks->csv);
        close(blocks->fd);
        pthread_mutex_destroy(&blocks->lock);
        free(blocks);
    }
}

void xcy_csv_block_clear(struct xcy_csv_block *block)
{
    free(block->bytes);
    *block = (struct xcy_csv_block){.len = 0};
}

const struct xcy_csv *xcy_csv_blocks_header(const struct xcy_csv_blocks *blocks)
{
    return blocks->csv;
}

/* As many bytes as there are, up to a block's; false if they cannot be read. */
static bool read_at(int fd, off_t at, struct xcy_csv_block *block)
{
    block->len = 0;
    while (block->len < BLOCK_BYTES) {
        ssize_t n =
            pread(fd, block->bytes + block->len, BLOCK_BYTES - block->len, at + (off_t)block->len);
        if (n == 0) {
            return true;
        }
        if (n < 0 && errno != EINTR) {
            return false;
        }
        block->len += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* After the last line end of which an even number of quotes stands before it; 0: there is none. */
static size_t end_of_records(const struct xcy_csv_block *block)
{
    if (block->len == 0) {
        return 0;
    }
    if (!memchr(block->bytes, '"', block->len)) {
        const char *last = memrchr(block->bytes, '\n', block->len);
        return last ? (size_t)(last - block->bytes) + 1 : 0;
    }
    size_t end = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < block->len; i++) {
        char c = block->bytes[i];
        is_quoted = is_quoted != (c == '"');
        if (c == '\n' && !is_quoted) {
            end = i + 1;
        }
    }
    return end;
}

static enum xcy_csv_step next(struct xcy_csv_blocks *blocks, struct xcy_csv_block *block)
{
    if (blocks->is_over) {
        return XCY_CSV_END;
    }
    if (!read_at(blocks->fd, blocks->at, block)) {
        return XCY_CSV_BAD;
    }
    size_t n = block->len;
    block->len = end_of_records(block);
    blocks->at += (off_t)block->len;
    if (block->len > 0) {
        return XCY_CSV_RECORD;
    }
    blocks->is_over = true;
    return n == 0 ? XCY_CSV_END : XCY_CSV_BAD;
}

enum xcy_csv_step xcy_csv_blocks_next(struct xcy_csv_blocks *blocks, struct xcy_csv_block *block)
{
    if (!block->bytes) {
        block->bytes = xcy_realloc_array(NULL, BLOCK_BYTES, 1);
    }
    pthread_mutex_lock(&blocks->lock);
    enum xcy_csv_step step = next(blocks, block);
    pthread_mutex_unlock(&blocks->lock);
    return step;
}
