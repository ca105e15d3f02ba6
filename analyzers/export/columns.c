#include "analyzers/export/columns.h"

#include "analyzers/export/source.h"
#include "analyzers/moved.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double us_per_ms = 1000.0;

/* What is said of one metric; which of it: parts_of. */
enum part {
    PART_MS,
    PART_BYTES,
    PART_LOW,
    PART_HIGH,
    PART_CENSORED,
    PART_CLOCK_LOW,
    PART_CLOCK_HIGH,
    N_PARTS
};

static const struct {
    const char *suffix;
    enum xcy_cell_type type;
} parts[N_PARTS] = {
    [PART_MS] = {"ms", XCY_CELL_REAL},
    [PART_BYTES] = {"bytes", XCY_CELL_INT},
    [PART_LOW] = {"low_ms", XCY_CELL_REAL},
    [PART_HIGH] = {"high_ms", XCY_CELL_REAL},
    [PART_CENSORED] = {"censored", XCY_CELL_TEXT},
    [PART_CLOCK_LOW] = {"clock_low_ms", XCY_CELL_REAL},
    [PART_CLOCK_HIGH] = {"clock_high_ms", XCY_CELL_REAL},
};

/* Columns are the same whatever the runs: a metric that is an interval in one is one in all. */
static bool has_part(const struct xcy_metric *metric, enum part part)
{
    bool is_bytes = metric->kind == XCY_METRIC_BYTES;
    bool is_interval = xcy_metric_is_interval(metric, true);
    if (part == PART_MS || part == PART_BYTES) {
        return !is_interval && is_bytes == (part == PART_BYTES);
    }
    return part >= PART_CLOCK_LOW ? xcy_metric_crosses_clocks(metric) : is_interval;
}

static void add(struct xcy_export_columns *columns, const char *name, enum xcy_cell_type type)
{
    columns->items = xcy_realloc_array(columns->items, columns->n + 1, sizeof *columns->items);
    columns->items[columns->n++] = (struct xcy_export_column){xcy_strdup(name), type};
}

static void add_sources(struct xcy_export_columns *columns, const struct xcy_sources *sources)
{
    for (size_t i = 0; i < sources->n; i++) {
        add(columns, sources->items[i].name, xcy_source_type(&sources->items[i]));
    }
}

static bool has_column(const struct xcy_export_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (strcmp(columns->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static enum xcy_status add_metric(struct xcy_export_columns *columns,
                                  const struct xcy_metric *metric, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (enum part part = 0; status == XCY_OK && part < N_PARTS; part++) {
        if (!has_part(metric, part)) {
            continue;
        }
        char *name = xcy_format("%s_%s", metric->name, parts[part].suffix);
        if (has_column(columns, name)) {
            status =
                xcy_fail(err, XCY_EUSAGE,
                         "metric '%s': there is a column '%s' already; call the metric otherwise",
                         metric->name, name);
        } else {
            add(columns, name, parts[part].type);
        }
        free(name);
    }
    return status;
}

enum xcy_status xcy_export_columns_make(const struct xcy_metric_set *metrics,
                                        struct xcy_export_columns *columns, struct xcy_error *err)
{
    struct xcy_export_columns made = {.metrics = metrics, .n_run = xcy_run_sources.n};
    add_sources(&made, &xcy_run_sources);
    add_sources(&made, &xcy_record_sources);
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < metrics->n; i++) {
        status = add_metric(&made, &metrics->items[i], err);
    }
    if (status == XCY_OK) {
        *columns = made;
    } else {
        xcy_export_columns_clear(&made);
    }
    return status;
}

void xcy_export_columns_clear(struct xcy_export_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        free(columns->items[i].name);
    }
    free(columns->items);
    *columns = (struct xcy_export_columns){.n = 0};
}

static struct xcy_cell *fill(const struct xcy_sources *sources, const void *from,
                             struct xcy_buf *scratch, struct xcy_cell *cell)
{
    for (size_t i = 0; i < sources->n; i++) {
        *cell++ = xcy_source_read(&sources->items[i], from, scratch);
    }
    return cell;
}

void xcy_export_fill_run(const struct xcy_export_columns *columns, const struct xcy_summary *s,
                         struct xcy_cell cells[])
{
    const struct xcy_cell *end = fill(&xcy_run_sources, s, NULL, cells);
    xcy_assert(end == cells + columns->n_run);
}

/* Not known where it is infinite. */
static struct xcy_cell ms_cell(double us)
{
    return isfinite(us) ? xcy_cell_real(us / us_per_ms) : (struct xcy_cell){.is_known = false};
}

static struct xcy_cell censored_cell(const struct xcy_value *value)
{
    const char *how = value->low_to == XCY_N_POINTS    ? "left"
                      : value->high_to == XCY_N_POINTS ? "right"
                      : value->low_us < value->high_us ? "interval"
                                                       : "none";
    return xcy_cell_text(how);
}

static struct xcy_cell part_cell(enum part part, const struct xcy_value *value,
                                 const struct xcy_moved *moved)
{
    switch (part) {
    case PART_BYTES:
        return xcy_cell_int((int64_t)value->low_us);
    case PART_CENSORED:
        return censored_cell(value);
    case PART_HIGH:
        return ms_cell(value->high_us);
    case PART_CLOCK_LOW: /* NaN of an end that is not known: as little known */
        return ms_cell(moved->least_us - value->low_us);
    case PART_CLOCK_HIGH:
        return ms_cell(moved->most_us - value->high_us);
    default:
        return ms_cell(value->low_us);
    }
}

static struct xcy_cell *fill_metric(const struct xcy_metric *metric, struct xcy_clocks_view *view,
                                    enum xcy_consistency consistency, struct xcy_cell *cell)
{
    struct xcy_value value;
    struct xcy_moved moved = {0, 0};
    bool is_known = xcy_metric_of(metric, view->record, consistency, &value);
    if (is_known && xcy_metric_crosses_clocks(metric)) {
        moved = xcy_value_move(metric, view, &value);
    }
    for (enum part part = 0; part < N_PARTS; part++) {
        if (has_part(metric, part)) {
            *cell++ =
                is_known ? part_cell(part, &value, &moved) : (struct xcy_cell){.is_known = false};
        }
    }
    return cell;
}

void xcy_export_fill_record(const struct xcy_export_columns *columns, struct xcy_clocks_view *view,
                            enum xcy_consistency consistency, struct xcy_buf *scratch,
                            struct xcy_cell cells[])
{
    struct xcy_cell *cell =
        fill(&xcy_record_sources, view->record, scratch, cells + columns->n_run);
    for (size_t i = 0; i < columns->metrics->n; i++) {
        cell = fill_metric(&columns->metrics->items[i], view, consistency, cell);
    }
    xcy_assert(cell == cells + columns->n);
}
