#include "analyzers/metric_print.h"

#include "common/cli/table.h"

enum { NAME, FROM, TO, UNIT, CLOCKS, MEANING };

const char *const xcy_metric_titles[XCY_N_METRIC_TEXTS] = {
    [NAME] = "name", [FROM] = "from",     [TO] = "to",
    [UNIT] = "unit", [CLOCKS] = "clocks", [MEANING] = "meaning"};

void xcy_metric_texts_make(const struct xcy_metric *metric, struct xcy_metric_texts *texts)
{
    bool is_difference = metric->kind != XCY_METRIC_BYTES;
    texts->of[NAME] = metric->name;
    texts->of[FROM] = is_difference ? xcy_points[metric->from].name : "-";
    texts->of[TO] = is_difference ? xcy_points[metric->to].name : "-";
    texts->of[UNIT] = xcy_metric_unit(metric);
    xcy_metric_clocks(metric, texts->clocks);
    texts->of[CLOCKS] = texts->clocks;
    texts->of[MEANING] = metric->meaning;
}

void xcy_metric_set_print(const struct xcy_metric_set *set, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("llllll");
    for (size_t c = 0; c < XCY_N_METRIC_TEXTS; c++) {
        xcy_table_add_cell(table, "%s", xcy_metric_titles[c]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < set->n; i++) {
        struct xcy_metric_texts texts;
        xcy_metric_texts_make(&set->items[i], &texts);
        for (size_t c = 0; c < XCY_N_METRIC_TEXTS; c++) {
            xcy_table_add_cell(table, "%s", texts.of[c]);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

void xcy_metric_set_print_markdown(const struct xcy_metric_set *set, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "| name | from | to | unit | clocks | meaning |\n"
                          "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < set->n; i++) {
        struct xcy_metric_texts texts;
        xcy_metric_texts_make(&set->items[i], &texts);
        xcy_buf_addf(out, "| `%s` ", texts.of[NAME]);
        for (size_t c = NAME + 1; c < XCY_N_METRIC_TEXTS; c++) {
            xcy_buf_addf(out, "| %s ", texts.of[c]);
        }
        xcy_buf_add_text(out, "|\n");
    }
}

struct xcy_json *xcy_metric_set_to_json(const struct xcy_metric_set *set)
{
    struct xcy_json *all = xcy_json_new_array();
    for (size_t i = 0; i < set->n; i++) {
        struct xcy_metric_texts texts;
        xcy_metric_texts_make(&set->items[i], &texts);
        struct xcy_json *o = xcy_json_append_object(all);
        for (size_t c = 0; c < XCY_N_METRIC_TEXTS; c++) {
            xcy_json_put_string(o, xcy_metric_titles[c], texts.of[c]);
        }
    }
    return all;
}
