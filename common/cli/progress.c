#include "common/cli/progress.h"

#include "common/base/mem.h"
#include "common/cli/text.h"
#include "common/time/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LINE_BYTES = 512, USUAL_COLUMNS = 80 };

struct xcy_progress {
    bool is_shown;
    bool is_terminal;
    struct xcy_mono next;
    size_t drawn_columns; /* of the line that stands on the terminal */
};

struct xcy_progress *xcy_progress_start(bool forced)
{
    struct xcy_progress *progress = xcy_alloc(sizeof *progress);
    progress->is_terminal = isatty(STDERR_FILENO) == 1;
    progress->is_shown = progress->is_terminal || forced;
    return progress;
}

bool xcy_progress_is_due(const struct xcy_progress *progress)
{
    return progress && progress->is_shown && !xcy_mono_before(xcy_mono_now(), progress->next);
}

static size_t terminal_columns(void)
{
    struct winsize size;
    bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return is_known ? size.ws_col : USUAL_COLUMNS;
}

/* One write, so that lines of other threads cannot fall in between. */
static void write_out(const char *text, size_t len)
{
    ssize_t ignored = write(STDERR_FILENO, text, len);
    (void)ignored;
}

/* Over the old line, with blanks where that was longer: needs no terminal's own sequences. */
static void draw(struct xcy_progress *progress, const char *line)
{
    size_t n = xcy_text_fit(xcy_bytes_of(line), terminal_columns() - 1);
    size_t columns = xcy_text_width(xcy_bytes(line, n));
    size_t blanks = progress->drawn_columns > columns ? progress->drawn_columns - columns : 0;
    char *text = xcy_format("\r%.*s%*s", (int)n, line, (int)blanks, "");
    write_out(text, strlen(text));
    free(text);
    progress->drawn_columns = columns;
}

void xcy_progress_show(struct xcy_progress *progress, const char *fmt, ...)
{
    if (!xcy_progress_is_due(progress)) {
        return;
    }
    int64_t gap_ns = progress->is_terminal ? XCY_NS_PER_S / 5 : XCY_NS_PER_S;
    progress->next = xcy_mono_add(xcy_mono_now(), gap_ns);
    char line[LINE_BYTES];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line, sizeof line - 1, fmt, args);
    va_end(args);
    xcy_assert(n >= 0);
    if (progress->is_terminal) {
        draw(progress, line);
        return;
    }
    size_t len = strlen(line);
    line[len] = '\n';
    write_out(line, len + 1);
}

void xcy_progress_end(struct xcy_progress *progress)
{
    if (!progress) {
        return;
    }
    if (progress->drawn_columns > 0) {
        char *text = xcy_format("\r%*s\r", (int)progress->drawn_columns, "");
        write_out(text, strlen(text));
        free(text);
    }
    free(progress);
}
