#include "collectors/describe.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const row_names[XCY_DESCRIBE_ROWS] = {"count", "mean", "std", "min", "25%",
                                                         "50%",   "75%",  "90%", "99%", "max"};
static const double shares[] = {0.25, 0.5, 0.75, 0.90, 0.99};

enum { N_SHARES = sizeof shares / sizeof *shares, FIRST_SHARE_ROW = 4 };
enum { PLAIN_SUM = 8, PAIRWISE_BLOCK = 128, DIGITS = 2, LONG_CELL = DIGITS + 6 };

/* NumPy's pairwise summation: another order of adding gives another last bit. */
static double pairwise_sum(const double *v, size_t n)
{
    if (n < PLAIN_SUM) {
        double sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += v[i];
        }
        return sum;
    }
    if (n > PAIRWISE_BLOCK) {
        size_t half = n / 2;
        half -= half % PLAIN_SUM;
        return pairwise_sum(v, half) + pairwise_sum(v + half, n - half);
    }
    double r[PLAIN_SUM];
    memcpy(r, v, sizeof r);
    size_t i = PLAIN_SUM;
    for (; i + PLAIN_SUM <= n; i += PLAIN_SUM) {
        for (size_t lane = 0; lane < PLAIN_SUM; lane++) {
            r[lane] += v[i + lane];
        }
    }
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; i++) {
        sum += v[i];
    }
    return sum;
}

static double sample_deviation(const double *v, size_t n, double mean)
{
    if (n < 2) {
        return NAN;
    }
    double *squares = xcy_alloc_array(n, sizeof *squares);
    for (size_t i = 0; i < n; i++) {
        squares[i] = (mean - v[i]) * (mean - v[i]);
    }
    double deviation = sqrt(pairwise_sum(squares, n) / (double)(n - 1));
    free(squares);
    return deviation;
}

/* NumPy's "linear" quantile, which interpolates from the nearer end. */
static double linear_quantile(const double *sorted, size_t n, double share)
{
    double at = (double)(n - 1) * share;
    size_t low = (size_t)floor(at);
    size_t high = low + 1 < n ? low + 1 : low;
    double t = at - (double)low;
    double step = sorted[high] - sorted[low];
    return t >= 0.5 ? sorted[high] - step * (1 - t) : sorted[low] + step * t;
}

void xcy_describe_figures(const double *values, size_t n, double figures[XCY_DESCRIBE_ROWS])
{
    double *present = xcy_alloc_array(n + 1, sizeof *present);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i])) {
            present[count++] = values[i];
        }
    }
    for (size_t row = 0; row < XCY_DESCRIBE_ROWS; row++) {
        figures[row] = NAN;
    }
    figures[0] = (double)count;
    if (count > 0) {
        figures[1] = pairwise_sum(present, count) / (double)count;
        figures[2] = sample_deviation(present, count, figures[1]);
        xcy_sort(present, count);
        figures[3] = present[0];
        for (size_t s = 0; s < N_SHARES; s++) {
            figures[FIRST_SHARE_ROW + s] = linear_quantile(present, count, shares[s]);
        }
        figures[XCY_DESCRIBE_ROWS - 1] = present[count - 1];
    }
    free(present);
}

static void format_cell(double value, bool scientific, char cell[XCY_DESCRIBE_CELL_BYTES])
{
    if (isnan(value)) {
        snprintf(cell, XCY_DESCRIBE_CELL_BYTES, "NaN");
    } else if (scientific) {
        snprintf(cell, XCY_DESCRIBE_CELL_BYTES, "% .*e", DIGITS, value);
    } else {
        snprintf(cell, XCY_DESCRIBE_CELL_BYTES, "% .*f", DIGITS, value);
    }
}

static bool has_decimals(const char *cell)
{
    return strchr(cell, '.') && !strchr(cell, 'e');
}

static bool all_end_in_zero(char (*cells)[XCY_DESCRIBE_CELL_BYTES], size_t n)
{
    size_t n_numbers = 0;
    for (size_t i = 0; i < n; i++) {
        if (has_decimals(cells[i])) {
            n_numbers++;
            if (cells[i][strlen(cells[i]) - 1] != '0') {
                return false;
            }
        }
    }
    return n_numbers > 0;
}

/* Cuts zeros that all cells end in; one decimal stays. */
static void trim_common_zeros(char (*cells)[XCY_DESCRIBE_CELL_BYTES], size_t n)
{
    for (int decimals = DIGITS; decimals > 1 && all_end_in_zero(cells, n); decimals--) {
        for (size_t i = 0; i < n; i++) {
            if (has_decimals(cells[i])) {
                cells[i][strlen(cells[i]) - 1] = '\0';
            }
        }
    }
}

void xcy_describe_format(const double *figures, size_t n, char (*cells)[XCY_DESCRIBE_CELL_BYTES])
{
    bool has_small = false;
    bool has_large = false;
    size_t longest = 0;
    for (size_t i = 0; i < n; i++) {
        has_small = has_small || (figures[i] != 0 && fabs(figures[i]) < 0.01);
        has_large = has_large || fabs(figures[i]) > 1e6;
        format_cell(figures[i], false, cells[i]);
    }
    trim_common_zeros(cells, n);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(cells[i]);
        longest = len > longest ? len : longest;
    }
    if (has_small || (longest > LONG_CELL && has_large)) {
        for (size_t i = 0; i < n; i++) {
            format_cell(figures[i], true, cells[i]);
        }
    }
}

void xcy_describe(const struct xcy_describe_column *columns, size_t n_columns, size_t n_rows,
                  struct xcy_buf *out)
{
    char(*cells)[XCY_DESCRIBE_CELL_BYTES] =
        xcy_alloc_array(n_columns * XCY_DESCRIBE_ROWS + 1, sizeof *cells);
    int *widths = xcy_alloc_array(n_columns + 1, sizeof *widths);
    xcy_buf_addf(out, "%-5s", "");
    for (size_t c = 0; c < n_columns; c++) {
        double figures[XCY_DESCRIBE_ROWS];
        xcy_describe_figures(columns[c].values, n_rows, figures);
        xcy_describe_format(figures, XCY_DESCRIBE_ROWS, &cells[c * XCY_DESCRIBE_ROWS]);
        widths[c] = (int)strlen(columns[c].name) + 1; /* a blank for the sign stands in the head */
        for (size_t row = 0; row < XCY_DESCRIBE_ROWS; row++) {
            int len = (int)strlen(cells[c * XCY_DESCRIBE_ROWS + row]);
            widths[c] = len > widths[c] ? len : widths[c];
        }
        xcy_buf_addf(out, " %*s", widths[c], columns[c].name);
    }
    xcy_buf_add_char(out, '\n');
    for (size_t row = 0; row < XCY_DESCRIBE_ROWS; row++) {
        xcy_buf_addf(out, "%-5s", row_names[row]);
        for (size_t c = 0; c < n_columns; c++) {
            xcy_buf_addf(out, " %*s", widths[c], cells[c * XCY_DESCRIBE_ROWS + row]);
        }
        xcy_buf_add_char(out, '\n');
    }
    free(widths);
    free(cells);
}
