#include "plotconf/storage.h"

#include "common/cli/table.h"
#include "common/record/context.h"

#include <stdlib.h>

/* Lengths of a lineage that are told. */
static const int64_t lengths[] = {1, 2, 5, 10, 20, 50, 100};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths };

struct xcy_context_growth xcy_context_growth_of(double one_bytes)
{
    static const char id[] = "00000000000000000000000000000000"; /* each is as long */
    char *empty = xcy_context_format(id, NULL, 0);
    struct xcy_context_growth growth = {.empty_bytes = (double)xcy_context_bytes(empty)};
    growth.write_bytes = one_bytes - growth.empty_bytes + 1;
    free(empty);
    return growth;
}

/* Between n writes there are n - 1 commas. */
double xcy_context_growth_at(const struct xcy_context_growth *growth, int64_t n_writes)
{
    return growth->empty_bytes + growth->write_bytes * (double)n_writes - 1;
}

static void put_growth(struct xcy_json *row, const struct xcy_storage_unit *unit)
{
    double one_bytes = xcy_object_sizes_mean(&unit->contexts);
    struct xcy_context_growth growth = xcy_context_growth_of(one_bytes);
    xcy_json_put_string(row, "storage", unit->storage);
    xcy_json_put_int64(row, "n", unit->contexts.n);
    xcy_json_put_number(row, "measured_bytes", one_bytes);
    xcy_json_put_number(row, "empty_bytes", growth.empty_bytes);
    xcy_json_put_number(row, "bytes_per_write", growth.write_bytes);
    struct xcy_json *list = xcy_json_put_array(row, "growth");
    for (size_t i = 0; i < N_LENGTHS; i++) {
        struct xcy_json *one = xcy_json_append_object(list);
        xcy_json_put_int64(one, "writes", lengths[i]);
        xcy_json_put_number(one, "context_bytes", xcy_context_growth_at(&growth, lengths[i]));
    }
}

struct xcy_json *xcy_storage_growth_to_json(const struct xcy_storage_plot *plot)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < plot->n_units; i++) {
        if (plot->units[i].contexts.n > 0) {
            put_growth(xcy_json_append_object(list), &plot->units[i]);
        }
    }
    return list;
}

static void print_growth(struct xcy_table *table, const struct xcy_storage_unit *unit)
{
    struct xcy_context_growth growth =
        xcy_context_growth_of(xcy_object_sizes_mean(&unit->contexts));
    xcy_table_add_cell(table, "%s", unit->title);
    for (size_t i = 0; i < N_LENGTHS; i++) {
        xcy_table_add_cell(table, "%.0f", xcy_context_growth_at(&growth, lengths[i]));
    }
    xcy_table_add_cell(table, "%+.0f", growth.write_bytes);
}

void xcy_storage_growth_print(const struct xcy_storage_plot *plot, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("lrrrrrrrr");
    size_t n = 0;
    xcy_table_add_cell(table, "context bytes by writes");
    for (size_t i = 0; i < N_LENGTHS; i++) {
        xcy_table_add_cell(table, i == 0 ? "%lld (measured)" : "%lld", (long long)lengths[i]);
    }
    xcy_table_add_cell(table, "each more");
    xcy_table_add_rule(table);
    for (size_t i = 0; i < plot->n_units; i++) {
        if (plot->units[i].contexts.n > 0) {
            print_growth(table, &plot->units[i]);
            n++;
        }
    }
    if (n > 0) {
        xcy_buf_add_char(out, '\n');
        xcy_table_format(table, out);
    }
    xcy_table_free(table);
}
