#ifndef XCY_PLOTCONF_PICTURE_H
#define XCY_PLOTCONF_PICTURE_H

/*
 * picture.h - the files of one plot: <name>.dat, .gp, .png, .svg and .pdf in a folder, under a name that
 * no other picture has.
 *
 * Threads:  safe, also between processes: a name is taken by making its data file.
 * Failure:  XCY_EIO or XCY_EFULL, naming the path; those of xcy_gnuplot_run.
 */

#include "common/base/buf.h"

/* Takes the name <plot>-<UTC stamp>[-n] in the folder, which is made when there is none.
 * *name is owned by the caller. */
enum xcy_status xcy_picture_take_name(const char *folder, const char *plot, char **name,
                                      struct xcy_error *err) XCY_MUST_USE;

struct xcy_picture {
    const struct xcy_buf *data;   /* the data file */
    const struct xcy_buf *script; /* the commands that draw the data block $data, up to @DRAW */
    size_t n_not_valid;           /* runs that are not: said in the picture */
    bool is_drawn;                /* false: gnuplot is not run */
};

/* The whole script, which holds the data itself and so draws wherever it is run. */
void xcy_picture_compose(const struct xcy_picture *picture, const char *name, struct xcy_buf *out);

/* Writes data and script and lets gnuplot draw. */
enum xcy_status xcy_picture_draw(const char *folder, const char *name,
                                 const struct xcy_picture *picture,
                                 struct xcy_error *err) XCY_MUST_USE;

/* The paths of the files, one a line. */
void xcy_picture_list(const char *folder, const char *name, bool is_drawn, struct xcy_buf *out);

#endif
