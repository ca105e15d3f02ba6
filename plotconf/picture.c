#include "plotconf/picture.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/time/clock.h"
#include "plotconf/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_SAME_SECOND = 1000, MAX_SCRIPT_BYTES = 64 << 20 };

/* 0, or why the data file of that name cannot be made: EEXIST if another picture has the name. */
static int claim(const char *folder, const char *name, struct xcy_error *err)
{
    int reason = 0;
    char *path = xcy_format("%s/%s.dat", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        reason = errno;
        xcy_fail_errno(err, reason, "%s", path);
    } else {
        close(fd);
    }
    free(path);
    return reason;
}

enum xcy_status xcy_picture_take_name(const char *folder, const char *plot, char **name,
                                      struct xcy_error *err)
{
    char stamp[15];
    xcy_wall_format_compact(xcy_wall_now(), stamp);
    enum xcy_status status = xcy_dir_make(folder, 0755, err);
    if (status != XCY_OK) {
        return status;
    }
    for (int n = 1; n <= MAX_SAME_SECOND; n++) {
        char *candidate =
            n == 1 ? xcy_format("%s-%s", plot, stamp) : xcy_format("%s-%s-%d", plot, stamp, n);
        int reason = claim(folder, candidate, err);
        if (reason == 0) {
            *name = candidate;
            return XCY_OK;
        }
        free(candidate);
        if (reason != EEXIST) {
            return err->status;
        }
    }
    return xcy_fail(err, XCY_EIO, "%s: too many pictures of this second", folder);
}

static enum xcy_status write_file(const char *folder, const char *name, const char *ending,
                                  const struct xcy_buf *text, struct xcy_error *err)
{
    char *path = xcy_format("%s/%s.%s", folder, name, ending);
    enum xcy_status status = xcy_buf_check(text, path, err);
    if (status == XCY_OK) {
        status = xcy_file_replace(path, xcy_buf_bytes(text), 0644, err);
    }
    free(path);
    return status;
}

void xcy_picture_compose(const struct xcy_picture *picture, const char *name, struct xcy_buf *out)
{
    xcy_buf_add_text(out,
                     "# Draws itself: gnuplot <this file>. The data stands in it.\n$data << EOD\n");
    xcy_buf_add(out, xcy_buf_bytes(picture->data));
    xcy_buf_add_text(out, "EOD\n");
    xcy_buf_add(out, xcy_buf_bytes(picture->script));
    /* 99: labels without a number take the least that is free. */
    if (picture->n_not_valid > 0) {
        xcy_buf_addf(
            out,
            "set label 99 'not valid: %zu of the runs; see the warnings' at graph 1, screen "
            "0.985 right noenhanced font ',10' tc rgb '#D55E00'\n",
            picture->n_not_valid);
    }
    xcy_gnuplot_tail(out, name);
}

enum xcy_status xcy_picture_draw(const char *folder, const char *name,
                                 const struct xcy_picture *picture, struct xcy_error *err)
{
    struct xcy_buf script;
    char *script_name = xcy_format("%s.gp", name);
    xcy_buf_init(&script, MAX_SCRIPT_BYTES);
    xcy_picture_compose(picture, name, &script);
    enum xcy_status status = write_file(folder, name, "dat", picture->data, err);
    if (status == XCY_OK) {
        status = write_file(folder, name, "gp", &script, err);
    }
    if (status == XCY_OK && picture->is_drawn) {
        status = xcy_gnuplot_run(folder, script_name, err);
    }
    xcy_buf_clear(&script);
    free(script_name);
    return status;
}

void xcy_picture_list(const char *folder, const char *name, bool is_drawn, struct xcy_buf *out)
{
    static const char *const endings[] = {"png", "svg", "pdf", "gp", "dat"};
    enum { N_DRAWN = 3 };
    for (size_t i = is_drawn ? 0 : N_DRAWN; i < sizeof endings / sizeof *endings; i++) {
        xcy_buf_addf(out, "%s/%s.%s\n", folder, name, endings[i]);
    }
}
