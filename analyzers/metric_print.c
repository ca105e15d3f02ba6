#include "analyzers/metric_print.h"

#include "common/cli/table.h"

#include <stdio.h>

enum { CELL_BYTES = 32 };

/* The columns but the last, which is the meaning. */
enum { NAME, FROM, TO, UNIT, CLOCKS, N_CELLS };

static const char *const titles[N_CELLS] = {"name", "from", "to", "unit", "clocks"};

static void cells_of(const struct xcy_metric *metric, char cells[N_CELLS][CELL_BYTES])
{
    bool is_difference = metric->kind != XCY_METRIC_BYTES;
    snprintf(cells[NAME], CELL_BYTES, "%s", metric->name);
    snprintf(cells[FROM], CELL_BYTES, "%s", is_difference ? xcy_points[metric->from].name : "-");
    snprintf(cells[TO], CELL_BYTES, "%s", is_difference ? xcy_points[metric->to].name : "-");
    snprintf(cells[UNIT], CELL_BYTES, "%s", xcy_metric_unit(metric));
    xcy_metric_clocks(metric, cells[CLOCKS]);
}

void xcy_metric_set_print(const struct xcy_metric_set *set, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("llllll");
    for (size_t c = 0; c < N_CELLS; c++) {
        xcy_table_add_cell(table, "%s", titles[c]);
    }
    xcy_table_add_cell(table, "meaning");
    xcy_table_add_rule(table);
    for (size_t i = 0; i < set->n; i++) {
        char cells[N_CELLS][CELL_BYTES];
        cells_of(&set->items[i], cells);
        for (size_t c = 0; c < N_CELLS; c++) {
            xcy_table_add_cell(table, "%s", cells[c]);
        }
        xcy_table_add_cell(table, "%s", set->items[i].meaning);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

void xcy_metric_set_print_markdown(const struct xcy_metric_set *set, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "| name | from | to | unit | clocks | meaning |\n"
                          "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < set->n; i++) {
        char cells[N_CELLS][CELL_BYTES];
        cells_of(&set->items[i], cells);
        xcy_buf_addf(out, "| `%s` | %s | %s | %s | %s | %s |\n", cells[NAME], cells[FROM],
                     cells[TO], cells[UNIT], cells[CLOCKS], set->items[i].meaning);
    }
}

struct xcy_json *xcy_metric_set_to_json(const struct xcy_metric_set *set)
{
    struct xcy_json *all = xcy_json_new_array();
    for (size_t i = 0; i < set->n; i++) {
        char cells[N_CELLS][CELL_BYTES];
        cells_of(&set->items[i], cells);
        struct xcy_json *o = xcy_json_append_object(all);
        for (size_t c = 0; c < N_CELLS; c++) {
            xcy_json_put_string(o, titles[c], cells[c]);
        }
        xcy_json_put_string(o, "meaning", set->items[i].meaning);
    }
    return all;
}
