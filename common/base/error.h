#ifndef XCY_BASE_ERROR_H
#define XCY_BASE_ERROR_H

/*
 * error.h - how a failure travels: a code to branch on and one line for a person.
 *
 * Use when a function can fail for a reason outside the program (file, network,
 * plan). Bugs abort through xcy_assert; outcomes (HTTP 503, throttled) are data.
 *
 * A fallible function returns enum xcy_status, takes `struct xcy_error *err` as
 * its last parameter and leaves its outputs untouched on failure.
 *
 * Memory:   the caller owns the struct; nothing is allocated, nothing goes stale.
 * Threads:  no shared state.
 * Failure:  err may not be NULL.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdnoreturn.h>

#define XCY_MUST_USE            __attribute__((warn_unused_result))
#define XCY_PRINTF(fmt, params) __attribute__((format(printf, fmt, params)))

enum xcy_status {
    XCY_OK = 0,
    XCY_EFAIL = -1,     /* anything without a code of its own */
    XCY_EUSAGE = -2,    /* the command line or a configuration is wrong */
    XCY_EINVALID = -3,  /* it ran, but the result is not valid */
    XCY_EEXPECT = -4,   /* an expectation was not met */
    XCY_EPARSE = -5,    /* text that does not follow its format */
    XCY_EIO = -6,       /* the operating system refused a file operation */
    XCY_ENET = -7,      /* a peer could not be reached, or the connection broke */
    XCY_EAUTH = -8,     /* credentials missing, refused or expired */
    XCY_ENOTFOUND = -9, /* the thing named does not exist */
    XCY_ETIMEOUT = -10, /* a deadline passed */
    XCY_EREMOTE = -11,  /* a peer answered with an error of its own */
    XCY_EFULL = -12,    /* a bound of ours, or the disk, is reached */
    XCY_ESTOPPED = -13, /* the user interrupted */
};

struct xcy_error {
    enum xcy_status status;
    bool
        is_lasting; /* of XCY_EREMOTE: the same request would be refused again; set by common/aws */
    char text[1024];
};

/* Fills err and returns status, so that a failing branch is one line. */
enum xcy_status xcy_fail(struct xcy_error *err, enum xcy_status status, const char *fmt, ...)
    XCY_PRINTF(3, 4);

/* As xcy_fail, with ": <text of errno value>" appended; ENOSPC and EDQUOT become XCY_EFULL. */
enum xcy_status xcy_fail_errno(struct xcy_error *err, int errno_value, const char *fmt, ...)
    XCY_PRINTF(3, 4);

/* Puts "<text>: " before what err says; returns err's status unchanged. */
enum xcy_status xcy_error_context(struct xcy_error *err, const char *fmt, ...) XCY_PRINTF(2, 3);

/* The exit code of a program that ends with this status: 0, 1 failed, 2 usage,
 * 3 not valid, 4 expectation not met, 130 interrupted. */
int xcy_exit_code(enum xcy_status status);

/* Prints "bug: …" and aborts. Stays on in release. */
noreturn void xcy_bug(const char *file, int line, const char *what);

#define xcy_assert(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            xcy_bug(__FILE__, __LINE__, #condition);                                               \
        }                                                                                          \
    } while (0)

#endif
