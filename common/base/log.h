#ifndef XCY_BASE_LOG_H
#define XCY_BASE_LOG_H

/*
 * log.h - what a program tells people, on stderr, one line each: "program: text".
 *
 * Libraries do not print; they return errors, or log at debug. Secrets and
 * message bodies are never logged. stdout is for results.
 *
 * Threads:  safe; a line is written by one write(2).
 */

#include "common/base/error.h"

enum xcy_log_level { XCY_LOG_ERROR, XCY_LOG_WARNING, XCY_LOG_INFO, XCY_LOG_DEBUG };

/* Once, first thing in main: also opens /dev/null in place of standard streams that are closed. The name is borrowed for the life of the program. */
void xcy_log_init(const char *program, enum xcy_log_level level);
void xcy_log_set_level(enum xcy_log_level level);
const char *xcy_log_program(void);

void xcy_log(enum xcy_log_level level, const char *fmt, ...) XCY_PRINTF(2, 3);

/* Prints the error's line and returns the exit code that belongs to it. */
int xcy_log_exit(const struct xcy_error *err);

#endif
