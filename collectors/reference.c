#include "collectors/reference.h"

#include "collectors/describe.h"
#include "collectors/keymap.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/data/yaml.h"

#include <math.h>
#include <stdio.h>
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
    bool is_antipode; /* only in runs with Antipode */
} columns[] = {
    {"reader_received_at", received_at, true, false},
    {"consistent_read", consistent_read, false, false},
    {"notification_to_reader_spent_ms", notification_spent, false, false},
    {"antipode_spent_ms", antipode_spent, false, true},
    {"client_latency_ms", client_latency, false, false},
    {"client_visibility_latency_ms", client_visibility, false, false},
    {"writer_latency_ms", writer_latency, false, false},
    {"writer_visibility_latency_ms", writer_visibility, false, false},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static bool is_shown(const struct column *column, bool antipode)
{
    return antipode || !column->is_antipode;
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

void xcy_reference_traces(const struct xcy_reference *reference, bool antipode, struct xcy_buf *out)
{
    bool as_float[N_COLUMNS];
    for (size_t c = 0; c < N_COLUMNS; c++) {
        as_float[c] = is_float(reference, &columns[c]);
        if (is_shown(&columns[c], antipode)) {
            xcy_buf_addf(out, ";%s", columns[c].name);
        }
    }
    xcy_buf_add_char(out, '\n');
    for (size_t row = 0; row < reference->n; row++) {
        xcy_buf_addf(out, "%zu", row);
        for (size_t c = 0; c < N_COLUMNS; c++) {
            if (is_shown(&columns[c], antipode)) {
                xcy_buf_add_char(out, ';');
                add_number(out, columns[c].value(&reference->rows[row]), as_float[c]);
            }
        }
        xcy_buf_add_char(out, '\n');
    }
}

void xcy_reference_info(const struct xcy_reference *reference, bool antipode, struct xcy_buf *out)
{
    struct xcy_describe_column described[N_COLUMNS];
    double *values = xcy_alloc_array(N_COLUMNS * (reference->n + 1), sizeof *values);
    size_t n_shown = 0;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        if (!is_shown(&columns[c], antipode)) {
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

/* A float as PyYAML writes it. */
static void add_yaml_float(struct xcy_buf *out, double value)
{
    char text[XCY_DOUBLE_TEXT_BYTES];
    if (isnan(value)) {
        xcy_buf_add_text(out, ".nan");
        return;
    }
    if (isinf(value)) {
        xcy_buf_add_text(out, value > 0 ? ".inf" : "-.inf");
        return;
    }
    xcy_double_format(value, text);
    const char *exponent = strchr(text, 'e');
    if (exponent && !strchr(text, '.')) {
        xcy_buf_addf(out, "%.*s.0%s", (int)(exponent - text), text, exponent);
    } else {
        xcy_buf_add_text(out, text);
    }
}

static void add_tag_number(struct xcy_buf *out, const char *key, struct xcy_reference_number number)
{
    xcy_buf_addf(out, "%s: ", key);
    if (number.is_float || !isfinite(number.value)) {
        add_yaml_float(out, number.value);
    } else {
        xcy_buf_addf(out, "%lld", (long long)number.value);
    }
    xcy_buf_add_char(out, '\n');
}

static void add_tag_text(struct xcy_buf *out, const char *key, const char *text)
{
    xcy_buf_addf(out, "%s: ", key);
    xcy_yaml_add_scalar(out, text);
    xcy_buf_add_char(out, '\n');
}

/* What the tags need of all rows. */
struct sums {
    int64_t inconsistent;
    int64_t notification_bytes;
    double first_sent_s;
    double last_reply_s;
};

static struct sums sum_up(const struct xcy_reference *reference)
{
    struct sums s = {.first_sent_s = INFINITY, .last_reply_s = -INFINITY};
    for (size_t row = 0; row < reference->n; row++) {
        const struct xcy_reference_row *r = &reference->rows[row];
        s.inconsistent += r->consistent_read == 0 ? 1 : 0;
        s.notification_bytes += r->notification_size_bytes;
        s.first_sent_s = fmin(s.first_sent_s, r->client_sent_at_s);
        if (r->has_reply) {
            s.last_reply_s = fmax(s.last_reply_s, r->reply_at_s);
        }
    }
    return s;
}

static struct xcy_reference_number number_of(double value)
{
    return (struct xcy_reference_number){.value = value, .is_float = value != trunc(value)};
}

static struct xcy_reference_number float_of(double value)
{
    return (struct xcy_reference_number){.value = value, .is_float = true};
}

void xcy_reference_tags(const struct xcy_reference *reference,
                        const struct xcy_reference_tags *tags, struct xcy_buf *out)
{
    struct sums s = sum_up(reference);
    double n = (double)reference->n;
    double throughput = isinf(s.last_reply_s) ? NAN : n / (s.last_reply_s - s.first_sent_s);
    add_tag_number(out, "'%_INCONSISTENCIES'",
                   float_of(reference->n > 0 ? (double)s.inconsistent / n : NAN));
    xcy_buf_addf(out, "ANTIPODE_ENABLED: %s\n", tags->antipode_enabled ? "true" : "false");
    add_tag_number(out, "AVG_NOTIFICATION_SIZE_BYTES",
                   number_of(reference->n > 0 ? (double)s.notification_bytes / n : NAN));
    add_tag_number(out, "AVG_POST_STORAGE_SIZE_BYTES", tags->avg_post_bytes);
    add_tag_number(out, "DELAY", number_of((double)tags->delay_ms));
    add_tag_text(out, "NOTIFICATION_STORAGE", tags->notification_storage);
    xcy_buf_addf(out, "NUM_RESULTS: %zu/%lld\n", reference->n, (long long)tags->requested);
    add_tag_text(out, "POST_STORAGE", tags->post_storage);
    add_tag_text(out, "READER_REGION", tags->reader_region);
    add_tag_number(out, "THROUGHPUT_ON_CLIENT", float_of(throughput));
    add_tag_number(out, "TOTAL_NOTIFICATION_SIZE_BYTES", number_of((double)s.notification_bytes));
    add_tag_number(out, "TOTAL_POST_STORAGE_SIZE_BYTES", tags->total_post_bytes);
    add_tag_text(out, "WRITER_REGION", tags->writer_region);
}
