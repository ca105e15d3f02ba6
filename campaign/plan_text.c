#include "campaign/plan_text.h"

#include "common/cli/table.h"

void xcy_campaign_plan_text(const struct xcy_campaign_plan *plan, const struct xcy_run_record *runs,
                            struct xcy_buf *out)
{
    double total_s = 0;
    int64_t requests = 0;
    struct xcy_table *table = xcy_table_new("rrlrrl");
    static const char *const titles[] = {"run", "round", "cell", "requests", "sending", ""};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        xcy_table_add_cell(table, "%s", titles[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < plan->n_runs; i++) {
        const struct xcy_cell *cell = &plan->cells[plan->runs[i].cell];
        char label[XCY_CELL_LABEL_BYTES];
        xcy_cell_label(cell, label);
        xcy_table_add_cell(table, "%zu", i + 1);
        xcy_table_add_cell(table, "%lld", (long long)plan->runs[i].round);
        xcy_table_add_cell(table, "%s", label);
        xcy_table_add_cell(table, "%lld", (long long)cell->requests);
        xcy_table_add_cell(table, "%.1f s", xcy_cell_load_s(cell));
        xcy_table_add_cell(table, "%s", runs ? xcy_run_progress_names[runs[i].progress] : "");
        if (!runs || runs[i].progress != XCY_RUN_DONE) {
            total_s += xcy_cell_load_s(cell);
            requests += cell->requests;
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    xcy_buf_addf(out, "\n%lld requests are to be sent, which alone takes %.0f s (%.1f min)\n",
                 (long long)requests, total_s, total_s / 60);
}
