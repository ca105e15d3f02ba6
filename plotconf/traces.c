#include "plotconf/traces.h"

#include "common/base/mem.h"
#include "common/data/csv.h"
#include "common/data/number.h"

#include <math.h>
#include <stdlib.h>

static const char received_column[] = "reader_received_at";
static const double latest_s = 1e11; /* any later time is a broken file */

enum { FIRST_ROWS = 1024 };

/* Room for one more: the capacity is FIRST_ROWS, then doubled. */
static void grow(struct xcy_traces *t)
{
    if (t->n > 0 && (t->n < FIRST_ROWS || (t->n & (t->n - 1)) != 0)) {
        return;
    }
    size_t capacity = t->n > 0 ? t->n * 2 : FIRST_ROWS;
    t->values_ms = xcy_realloc_array(t->values_ms, capacity, sizeof(double));
    t->received_s = xcy_realloc_array(t->received_s, capacity, sizeof(double));
    t->uncut_ms = xcy_realloc_array(t->uncut_ms, capacity, sizeof(double));
    t->least_ms = xcy_realloc_array(t->least_ms, capacity, sizeof(double));
    t->most_ms = xcy_realloc_array(t->most_ms, capacity, sizeof(double));
}

void xcy_traces_add(struct xcy_traces *traces, double value_ms, double received_s)
{
    grow(traces);
    size_t row = traces->n++;
    traces->values_ms[row] = value_ms;
    traces->received_s[row] = received_s;
    traces->uncut_ms[row] = NAN;
    traces->least_ms[row] = -INFINITY;
    traces->most_ms[row] = INFINITY;
}

void xcy_traces_append(struct xcy_traces *traces, const struct xcy_traces *from)
{
    for (size_t i = 0; i < from->n; i++) {
        xcy_traces_add(traces, from->values_ms[i], from->received_s[i]);
        traces->uncut_ms[traces->n - 1] = from->uncut_ms[i];
        traces->least_ms[traces->n - 1] = from->least_ms[i];
        traces->most_ms[traces->n - 1] = from->most_ms[i];
    }
}

void xcy_traces_clear(struct xcy_traces *traces)
{
    free(traces->values_ms);
    free(traces->received_s);
    free(traces->uncut_ms);
    free(traces->least_ms);
    free(traces->most_ms);
    *traces = (struct xcy_traces){0};
}

static double received_of(const struct xcy_csv *csv, int column)
{
    double s = NAN;
    bool is_told = column >= 0 && xcy_double_parse(xcy_csv_field(csv, (size_t)column), &s);
    return is_told && fabs(s) < latest_s ? s : NAN;
}

static enum xcy_status take_rows(struct xcy_csv *csv, const char *path, const char *name,
                                 struct xcy_traces *traces, struct xcy_error *err)
{
    int column = xcy_csv_find(csv, name);
    int received = xcy_csv_find(csv, received_column);
    if (column < 0) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s:1: no column %s", path, name);
    }
    enum xcy_csv_step step;
    while ((step = xcy_csv_next(csv, err)) == XCY_CSV_RECORD) {
        double value = NAN;
        struct xcy_bytes field = xcy_csv_field(csv, (size_t)column);
        if (!xcy_double_parse(field, &value) || !isfinite(value)) {
            return xcy_fail(err, XCY_EPARSE, "%s:%zu: %s: '%.40s' is not a number", path,
                            xcy_csv_line(csv), name, field.ptr ? field.ptr : "");
        }
        xcy_traces_add(traces, value, received_of(csv, received));
    }
    if (step == XCY_CSV_TORN) {
        return xcy_fail(err, XCY_EPARSE, "%s: the last line is cut off; gather again", path);
    }
    return step == XCY_CSV_BAD ? err->status : XCY_OK;
}

enum xcy_status xcy_traces_read(const char *run_path, const char *column, struct xcy_traces *traces,
                                struct xcy_error *err)
{
    struct xcy_csv *csv = NULL;
    struct xcy_traces made = {0};
    char *path = xcy_format("%s/traces.csv", run_path);
    enum xcy_status status = xcy_csv_open(path, ';', &csv, err);
    if (status == XCY_OK) {
        status = take_rows(csv, path, column, &made, err);
    }
    if (status == XCY_OK) {
        *traces = made;
    } else {
        xcy_traces_clear(&made);
    }
    xcy_csv_close(csv);
    free(path);
    return status;
}
