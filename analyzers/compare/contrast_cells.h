#ifndef XCY_ANALYZERS_COMPARE_CONTRAST_CELLS_H
#define XCY_ANALYZERS_COMPARE_CONTRAST_CELLS_H

/* contrast_cells.h - how a contrast is told to people, part by part and in words. Threads: safe. */

#include "analyzers/compare/contrast.h"
#include "common/base/buf.h"

enum xcy_contrast_column {
    XCY_CONTRAST_FIGURE,
    XCY_CONTRAST_A,
    XCY_CONTRAST_B,
    XCY_CONTRAST_SHIFT,
    XCY_CONTRAST_CI,
    XCY_CONTRAST_CHANGE,
    XCY_CONTRAST_CHANGE_CI,
    XCY_CONTRAST_CLOCK,
    XCY_CONTRAST_P,
    XCY_CONTRAST_VERDICT,
    XCY_N_CONTRAST_COLUMNS
};
extern const char *const xcy_contrast_columns[XCY_N_CONTRAST_COLUMNS]; /* their titles */

enum { XCY_CONTRAST_CELL_BYTES = 192 };

void xcy_contrast_cell(const struct xcy_contrast *contrast, enum xcy_contrast_column column,
                       char to[XCY_CONTRAST_CELL_BYTES]);

/* The value of one side (0: A): "101 ms"; "-" if it has none. */
void xcy_contrast_value(const struct xcy_contrast *contrast, size_t side,
                        char to[XCY_CONTRAST_CELL_BYTES]);
/* With its interval: "101 ms (99.2 ms..103 ms)", "0 of 600, <= 0.61%"; of rounds that are too few
 * for one with their spread: "101 ms (2 rounds: 99.2 ms..103 ms)". */
void xcy_contrast_side_cell(const struct xcy_contrast *contrast, size_t side,
                            char to[XCY_CONTRAST_CELL_BYTES]);

/* "longer", what B was found to be; "" where no difference was found. */
const char *xcy_contrast_comparative(const struct xcy_contrast *contrast);

/* "B is 12.3 ms (+8.1%) longer, 95% CI …, p = …; equivalent within …". margin 0: none. */
void xcy_contrast_words(const struct xcy_contrast *contrast, double margin, struct xcy_buf *out);

/* "  unit: the round, by the p99.9 of its durations; …", a line. */
void xcy_contrast_unit(bool of_rounds, double quantile, struct xcy_buf *out);

const char *xcy_contrast_name(const struct xcy_contrast *contrast);  /* as in summary.json */
const char *xcy_contrast_title(const struct xcy_contrast *contrast); /* for people */

#endif
