#include "collectors/reference.h"

#include "collectors/describe.h"
#include "collectors/keymap.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <math.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

struct xcy_reference {
    struct xcy_reference_row *rows;
    size_t n;
    size_t capacity;
    struct xcy_keymap *by_i;
};

struct xcy_reference *xcy_reference_new(void)
{
    struct xcy_reference *r = xcy_alloc(sizeof *r);
    r->by_i = xcy_keymap_new();
    return r;
}

void xcy_reference_free(struct xcy_reference *reference)
{
    if (reference) {
        xcy_keymap_free(reference->by_i);
        free(reference->rows);
        free(reference);
    }
}

void xcy_reference_add(struct xcy_reference *reference, const struct xcy_reference_row *row)
{
    struct xcy_bytes key = xcy_bytes((const char *)&row->i, sizeof row->i);
    const int64_t *known = xcy_keymap_find(reference->by_i, key);
    if (known) {
        reference->rows[*known] = *row;
        return;
    }
    if (reference->n == reference->capacity) {
        reference->capacity = reference->capacity ? reference->capacity * 2 : FIRST_CAPACITY;
        reference->rows =
            xcy_realloc_array(reference->rows, reference->capacity, sizeof *reference->rows);
    }
    xcy_keymap_put(reference->by_i, key, (int64_t)reference->n);
    reference->rows[reference->n++] = *row;
}

size_t xcy_reference_rows(const struct xcy_reference *reference)
{
    return reference->n;
}

const struct xcy_reference_row *xcy_reference_at(const struct xcy_reference *reference, size_t row)
{
    return &reference->rows[row];
}

int64_t xcy_reference_latency_ms(double later_s, double earlier_s)
{
    return (int64_t)((later_s - earlier_s) * 1000);
}

static double latency(double later_s, double earlier_s)
{
    return (double)xcy_reference_latency_ms(later_s, earlier_s);
}

static double received_at(const struct xcy_reference_row *r)
{
    return r->reader_received_at_s;
}

static double consistent_read(const struct xcy_reference_row *r)
{
    return (double)r->consistent_read;
}

static double notification_spent(const struct xcy_reference_row *r)
{
    return (double)r->notification_to_reader_spent_ms;
}

static double write_post_spent(const struct xcy_reference_row *r)
{
    return latency(r->post_written_at_s, r->writer_start_at_s);
}

static double rendezvous_writer(const struct xcy_reference_row *r)
{
    return (double)r->rendezvous_call_writer_spent_ms;
}

static double rendezvous_reader(const struct xcy_reference_row *r)
{
    return (double)r->rendezvous_call_reader_spent_ms;
}

static double rendezvous_prevented(const struct xcy_reference_row *r)
{
    return (double)r->rendezvous_prevented_inconsistency;
}

static double antipode_spent(const struct xcy_reference_row *r)
{
    return r->has_antipode_spent ? (double)r->antipode_spent_ms : NAN;
}

static double client_latency(const struct xcy_reference_row *r)
{
    return r->has_reply ? latency(r->reply_at_s, r->client_sent_at_s) : NAN;
}

static double client_visibility(const struct xcy_reference_row *r)
{
    return latency(r->post_read_at_s, r->client_sent_at_s);
}

static double writer_latency(const struct xcy_reference_row *r)
{
    return r->has_reply ? latency(r->reply_at_s, r->writer_start_at_s) : NAN;
}

static double writer_visibility(const struct xcy_reference_row *r)
{
    return latency(r->post_read_at_s, r->writer_start_at_s);
}

/* The columns of traces.csv behind the index. NaN: missing. */
static const struct column {
    const char *name;
    double (*value)(const struct xcy_reference_row *row);
    bool is_float;
    unsigned of; /* 0: every run */
} columns[] = {
    {"reader_received_at", received_at, true, 0},
    {"consistent_read", consistent_read, false, 0},
    {"notification_to_reader_spent_ms", notification_spent, false, 0},
    {"write_post_spent_ms", write_post_spent, false, XCY_REFERENCE_WRITE_POST},
    {"antipode_spent_ms", antipode_spent, false, XCY_REFERENCE_ANTIPODE},
    {"rendezvous_call_writer_spent_ms", rendezvous_writer, false, XCY_REFERENCE_RENDEZVOUS},
    {"rendezvous_call_reader_spent_ms", rendezvous_reader, false, XCY_REFERENCE_RENDEZVOUS},
    {"rendezvous_prevented_inconsistency", rendezvous_prevented, false, XCY_REFERENCE_RENDEZVOUS},
    {"client_latency_ms", client_latency, false, 0},
    {"client_visibility_latency_ms", client_visibility, false, 0},
    {"writer_latency_ms", writer_latency, false, 0},
    {"writer_visibility_latency_ms", writer_visibility, false, 0},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static bool is_shown(const struct column *column, unsigned extra)
{
    return column->of == 0 || (column->of & extra) != 0;
}

/* A column of integers with a missing one among them is a column of floats to pandas. */
static bool is_float(const struct xcy_reference *r, const struct column *column)
{
    for (size_t row = 0; !column->is_float && row < r->n; row++) {
        if (isnan(column->value(&r->rows[row]))) {
            return true;
        }
    }
    return column->is_float;
}

static void add_number(struct xcy_buf *out, double value, bool as_float)
{
    char text[XCY_DOUBLE_TEXT_BYTES];
    if (!as_float) {
        xcy_buf_addf(out, "%lld", (long long)value);
    } else if (!isnan(value)) {
        xcy_double_format(value, text);
        xcy_buf_add_text(out, text);
    }
}

void xcy_reference_traces(const struct xcy_reference *reference, unsigned extra,
                          struct xcy_buf *out)
{
    bool as_float[N_COLUMNS];
    for (size_t c = 0; c < N_COLUMNS; c++) {
        as_float[c] = is_shown(&columns[c], extra) && is_float(reference, &columns[c]);
        if (is_shown(&columns[c], extra)) {
            xcy_buf_addf(out, ";%s", columns[c].name);
        }
    }
    xcy_buf_add_char(out, '\n');
    for (size_t row = 0; row < reference->n; row++) {
        xcy_buf_addf(out, "%zu", row);
        for (size_t c = 0; c < N_COLUMNS; c++) {
            if (is_shown(&columns[c], extra)) {
                xcy_buf_add_char(out, ';');
                add_number(out, columns[c].value(&reference->rows[row]), as_float[c]);
            }
        }
        xcy_buf_add_char(out, '\n');
    }
}

void xcy_reference_info(const struct xcy_reference *reference, unsigned extra, struct xcy_buf *out)
{
    struct xcy_describe_column described[N_COLUMNS];
    double *values = xcy_alloc_array(N_COLUMNS * (reference->n + 1), sizeof *values);
    size_t n_shown = 0;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        if (!is_shown(&columns[c], extra)) {
            continue;
        }
        double *column = values + n_shown * reference->n;
        for (size_t row = 0; row < reference->n; row++) {
            column[row] = columns[c].value(&reference->rows[row]);
        }
        described[n_shown++] =
            (struct xcy_describe_column){.name = columns[c].name, .values = column};
    }
    xcy_describe(described, n_shown, reference->n, out);
    free(values);
}
