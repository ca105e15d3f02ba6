#include "common/base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 2048 };

static const char *program_name = "xcybench";
static enum xcy_log_level shown_level = XCY_LOG_INFO;

/* A file of ours must not get the number of a standard stream that is closed, or messages would go
 * into it. Read-only, so that a result that cannot be printed is still noticed. */
static void occupy_standard_streams(void)
{
    int fd = -1;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO) {
        close(fd);
    }
}

void xcy_log_init(const char *program, enum xcy_log_level level)
{
    occupy_standard_streams();
    program_name = program;
    shown_level = level;
}

void xcy_log_set_level(enum xcy_log_level level)
{
    shown_level = level;
}

const char *xcy_log_program(void)
{
    return program_name;
}

static void write_line(const char *tag, const char *fmt, va_list args)
{
    char line[LINE_BYTES];
    int head = snprintf(line, sizeof line - 1, "%s: %s", program_name, tag);
    if (head < 0 || (size_t)head >= sizeof line - 1) {
        return;
    }
    size_t used = (size_t)head;
    int n = vsnprintf(line + used, sizeof line - 1 - used, fmt, args);
    if (n < 0) {
        return;
    }
    used = strlen(line);
    line[used] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, used + 1);
    (void)ignored;
}

void xcy_log(enum xcy_log_level level, const char *fmt, ...)
{
    static const char *const tags[] = {"", "warning: ", "", "debug: "};
    if (level > shown_level) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    write_line(tags[level], fmt, args);
    va_end(args);
}

int xcy_log_exit(const struct xcy_error *err)
{
    xcy_log(XCY_LOG_ERROR, "%s", err->text);
    return xcy_exit_code(err->status);
}
