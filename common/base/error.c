#include "common/base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one place where cutting a text short is meant. */
static void format_cut(char *to, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(to, size, fmt, args);
    if (n < 0) {
        to[0] = '\0';
    }
}

enum xcy_status xcy_fail(struct xcy_error *err, enum xcy_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    format_cut(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->status = status;
    err->is_lasting = false;
    return status;
}

enum xcy_status xcy_fail_errno(struct xcy_error *err, int errno_value, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    format_cut(err->text, sizeof err->text, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    char room[128];
    const char *reason = strerror_r(errno_value, room, sizeof room);
    snprintf(err->text + used, sizeof err->text - used, ": %s", reason);
    bool full = errno_value == ENOSPC || errno_value == EDQUOT;
    err->status = full ? XCY_EFULL : XCY_EIO;
    err->is_lasting = false;
    return err->status;
}

enum xcy_status xcy_error_context(struct xcy_error *err, const char *fmt, ...)
{
    char old[sizeof err->text];
    memcpy(old, err->text, sizeof old);
    va_list args;
    va_start(args, fmt);
    format_cut(err->text, sizeof err->text, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    size_t room = sizeof err->text - used;
    int n = snprintf(err->text + used, room, ": %s", old);
    if (n < 0) {
        err->text[used] = '\0';
    }
    return err->status;
}

int xcy_exit_code(enum xcy_status status)
{
    switch (status) {
    case XCY_OK:
        return 0;
    case XCY_EUSAGE:
        return 2;
    case XCY_EINVALID:
        return 3;
    case XCY_EEXPECT:
        return 4;
    case XCY_ESTOPPED:
        return 130;
    default:
        return 1;
    }
}

noreturn void xcy_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "bug: %s:%d: %s\n", file, line, what);
    abort();
}
