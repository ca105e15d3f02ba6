#include "plotconf/gnuplot.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS_BYTES = 65536, READ_BYTES = 4096 };

/* Below this ratio of its ends an axis has labels between the decades, too: 1, 2, 5, 10. */
enum { MAX_SHORT_AXIS = 100 };

void xcy_gnuplot_add_quoted(struct xcy_buf *out, const char *text)
{
    xcy_buf_add_char(out, '\'');
    for (; *text; text++) {
        xcy_buf_addf(out, *text == '\'' ? "''" : "%c", *text);
    }
    xcy_buf_add_char(out, '\'');
}

void xcy_gnuplot_head(struct xcy_buf *out, const char *title, const char *subtitle)
{
    xcy_buf_add_text(out, "set encoding utf8\n"
                          "set border 3 lw 1 lc rgb '#444444'\n"
                          "set tics nomirror out\n"
                          "set grid ytics lt 1 lc rgb '#cccccc' lw 1\n"
                          "set key at graph 1, screen 0.885 right top horizontal Left reverse "
                          "samplen 1 width 2\n"
                          "set style fill solid 1.0 noborder\n"
                          "set tmargin at screen 0.826\nset lmargin 13\nset rmargin 4\n");
    /* Bold by markup: SVGs take a bold font's name for that of a family. */
    char *bold = xcy_format("{/:Bold=15 %s}", title);
    xcy_buf_add_text(out, "set label 1 ");
    xcy_gnuplot_add_quoted(out, bold);
    xcy_buf_add_text(out, " at graph 0, screen 0.955 left\nset label 2 ");
    free(bold);
    xcy_gnuplot_add_quoted(out, subtitle);
    xcy_buf_add_text(out, " at graph 0, screen 0.91 left noenhanced font ',10' tc rgb '#666666'\n");
}

void xcy_gnuplot_remark(struct xcy_buf *out, const char *remark)
{
    xcy_buf_add_text(out, "set label 3 ");
    xcy_gnuplot_add_quoted(out, remark);
    xcy_buf_add_text(out, " at graph 0, screen 0.875 left noenhanced font ',10' "
                          "tc rgb '#666666'\nset tmargin at screen 0.785\n"
                          "set key at graph 1, screen 0.845\n");
}

static void add_ms_label(struct xcy_buf *out, double ms)
{
    xcy_buf_addf(out, ms >= 1000 ? "'%g s'" : "'%g ms'", ms >= 1000 ? ms / 1000 : ms);
}

void xcy_gnuplot_log_ms_axis(struct xcy_buf *out, const char *axis, double low_ms, double high_ms)
{
    /* A hair more than asked for: gnuplot leaves out a tic that rounding puts outside. */
    double low = low_ms * 0.999;
    double high = high_ms * 1.001;
    xcy_buf_addf(out, "set logscale %s\nset %srange [%.6g:%.6g]\nunset m%stics\nset %stics (", axis,
                 axis, low, high, axis, axis);
    bool is_short = high_ms / low_ms < MAX_SHORT_AXIS;
    const char *join = "";
    int last = (int)floor(log10(high));
    for (int power = (int)floor(log10(low)); power <= last; power++) {
        /* Explicit tics switch minor ones off: they are listed too, at level 1. */
        for (int step = 1; step <= 9; step++) {
            double ms = step * pow(10, power);
            if (ms < low || ms > high) {
                continue;
            }
            xcy_buf_add_text(out, join);
            join = ", ";
            if (step == 1 || (is_short && (step == 2 || step == 5))) {
                add_ms_label(out, ms);
                xcy_buf_addf(out, " %g", ms);
            } else {
                xcy_buf_addf(out, "'' %g 1", ms);
            }
        }
    }
    xcy_buf_add_text(out, ")\n");
}

/* One layout for all: letters of 12 points at 96 pixels to the inch, which a bitmap must be told (its
 * points are pixels) and a PDF knows. SVGs have no size of their own and are laid out small, with thinner
 * lines and smaller dots: their letters can be scaled, but gnuplot keeps the room of unscaled ones. */
static const struct {
    const char *name;
    const char *ending;
    const char *size;
    double dot; /* a point's size there; plots multiply theirs with it */
} terminals[] = {
    {"pngcairo", "png", "size 1400,840 font 'DejaVu Sans,12' fontscale 1.35", 1},
    {"svg", "svg", "size 778,467 dynamic font 'DejaVu Sans,12' linewidth 0.56", 0.45},
    {"pdfcairo", "pdf", "size 14.5833in,8.75in font 'DejaVu Sans,12' fontscale 1", 1},
};

void xcy_gnuplot_tail(struct xcy_buf *out, const char *name)
{
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        char *file = xcy_format("%s.%s", name, terminals[i].ending);
        xcy_buf_addf(out, "set terminal %s %s background rgb 'white'\ndot = %g\nset output ",
                     terminals[i].name, terminals[i].size, terminals[i].dot);
        xcy_gnuplot_add_quoted(out, file);
        xcy_buf_add_text(out, "\n@DRAW\nunset output\n");
        free(file);
    }
}

/* Starts gnuplot in the folder, its words on the given pipe. */
static int start(const char *folder, const char *script, int words_fd, pid_t *pid)
{
    char *file = xcy_strdup(script);
    char *const argv[] = {(char[]){"gnuplot"}, file, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, words_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, words_fd, STDERR_FILENO);
    int code = posix_spawnp(pid, "gnuplot", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    free(file);
    return code;
}

static void read_words(int fd, struct xcy_buf *words)
{
    char chunk[READ_BYTES];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return;
        }
        if (n > 0) {
            xcy_buf_add(words, xcy_bytes(chunk, (size_t)n));
        }
    }
}

static int wait_for(pid_t pid)
{
    int code = 0;
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR) {
    }
    return code;
}

/* The line of gnuplot's words that says what was wrong: the last that is not blank. */
static const char *last_line(struct xcy_buf *words)
{
    while (words->len > 0 && strchr(" \n^", words->ptr[words->len - 1])) {
        words->ptr[--words->len] = '\0';
    }
    const char *end = strrchr(words->ptr, '\n');
    return end ? end + 1 : words->ptr;
}

enum xcy_status xcy_gnuplot_run(const char *folder, const char *script, struct xcy_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return xcy_fail_errno(err, errno, "pipe");
    }
    pid_t pid = 0;
    int code = start(folder, script, ends[1], &pid);
    close(ends[1]);
    struct xcy_buf words;
    xcy_buf_init(&words, MAX_WORDS_BYTES);
    enum xcy_status status = XCY_OK;
    if (code == ENOENT) {
        status =
            xcy_fail(err, XCY_ENOTFOUND,
                     "gnuplot is not installed; apt-get install gnuplot-nox fonts-dejavu-core");
    } else if (code != 0) {
        status = xcy_fail_errno(err, code, "gnuplot");
    } else {
        read_words(ends[0], &words);
        if (wait_for(pid) != 0) {
            status = xcy_fail(err, XCY_EFAIL, "gnuplot %s/%s: %.300s", folder, script,
                              last_line(&words));
        }
    }
    close(ends[0]);
    xcy_buf_clear(&words);
    return status;
}
