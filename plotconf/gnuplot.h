#ifndef XCY_PLOTCONF_GNUPLOT_H
#define XCY_PLOTCONF_GNUPLOT_H

/*
 * gnuplot.h - the look that all pictures share, and running gnuplot on a script.
 *
 * Threads:  safe for different folders.
 */

#include "common/base/buf.h"

/* Fonts, colours, borders, grid. Both texts are quoted here; the title has none of gnuplot's markup (_ ^ { }), a
 * subtitle may have some. */
void xcy_gnuplot_head(struct xcy_buf *out, const char *title, const char *subtitle);

/* A third line under the subtitle; the key goes under it: beside it there is no room for three entries. */
void xcy_gnuplot_remark(struct xcy_buf *out, const char *remark);

/* A logarithmic axis ("x" or "y") of milliseconds, labelled in words: 10 ms, 1 s;
 * 0 < low < high. */
void xcy_gnuplot_log_ms_axis(struct xcy_buf *out, const char *axis, double low_ms, double high_ms);

/* A text in single quotes: nothing in it is special to gnuplot but, in labels, its markup. */
void xcy_gnuplot_add_quoted(struct xcy_buf *out, const char *text);

/* Draws what is drawn by the macro @DRAW as name.png, name.svg and name.pdf. Points have a size of
 * "N * dot", which is another in each. */
void xcy_gnuplot_tail(struct xcy_buf *out, const char *name);

/* Runs `gnuplot <script>` in the folder. XCY_ENOTFOUND: gnuplot is not installed, and what to do;
 * XCY_EFAIL with the last line of its words. */
enum xcy_status xcy_gnuplot_run(const char *folder, const char *script,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
