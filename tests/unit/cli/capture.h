#ifndef XCY_TESTS_UNIT_CLI_CAPTURE_H
#define XCY_TESTS_UNIT_CLI_CAPTURE_H

/*
 * capture.h - what a function writes to stdout and stderr, caught in memory.
 *
 * Between start and end nothing may be asserted: the message would be caught too.
 */

#include "common/base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct capture {
    int kept[2]; /* stdout and stderr as they were */
    int caught[2];
    char *text[2]; /* after the end; index 0 is stdout, 1 is stderr */
};

static void capture_start(struct capture *c)
{
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        c->kept[i] = dup(i + 1);
        c->caught[i] = memfd_create("caught", 0);
        xcy_assert(c->kept[i] >= 0 && c->caught[i] >= 0);
        dup2(c->caught[i], i + 1);
    }
}

static void capture_end(struct capture *c)
{
    enum { MAX_BYTES = 1 << 18 };
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        dup2(c->kept[i], i + 1);
        c->text[i] = xcy_alloc(MAX_BYTES);
        ssize_t n = pread(c->caught[i], c->text[i], MAX_BYTES - 1, 0);
        xcy_assert(n >= 0 && n < MAX_BYTES - 1);
        close(c->kept[i]);
        close(c->caught[i]);
    }
}

static void capture_clear(struct capture *c)
{
    free(c->text[0]);
    free(c->text[1]);
}

#endif
