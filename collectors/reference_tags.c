#include "collectors/reference.h"

#include "common/data/number.h"
#include "common/data/yaml.h"
#include "common/run/folder.h"

#include <math.h>

enum { MAX_ROW_BYTES = 500, MAX_TEXT_BYTES = 64 << 10 };

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
    if (isnan(number.value) && !number.is_float) {
        xcy_buf_add_text(out, "null");
    } else if (number.is_float || !isfinite(number.value)) {
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
    int64_t prevented;
    int64_t notification_bytes;
    double first_sent_s;
    double last_reply_s;
};

static struct sums sum_up(const struct xcy_reference *reference)
{
    struct sums s = {.first_sent_s = INFINITY, .last_reply_s = -INFINITY};
    for (size_t row = 0; row < xcy_reference_rows(reference); row++) {
        const struct xcy_reference_row *r = xcy_reference_at(reference, row);
        s.inconsistent += r->consistent_read == 0 ? 1 : 0;
        s.prevented += r->rendezvous_prevented_inconsistency == 1 ? 1 : 0;
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

static void add_switch(struct xcy_buf *out, const char *key, enum xcy_reference_switch value)
{
    static const char *const words[] = {
        [XCY_REFERENCE_FALSE] = "false",
        [XCY_REFERENCE_TRUE] = "true",
        [XCY_REFERENCE_NULL] = "null",
    };
    xcy_buf_addf(out, "%s: %s\n", key, words[value]);
}

static void add_rendezvous(struct xcy_buf *out, const struct xcy_reference_tags *tags)
{
    if (tags->has_rendezvous) {
        add_switch(out, "RENDEZVOUS_ENABLED", tags->rendezvous_enabled);
        add_switch(out, "RENDEZVOUS_NCC", tags->rendezvous_ncc);
    }
}

/* A share of the rows. */
static struct xcy_reference_number share_of(int64_t count, size_t n)
{
    return float_of(n > 0 ? (double)count / (double)n : NAN);
}

void xcy_reference_tags(const struct xcy_reference *reference,
                        const struct xcy_reference_tags *tags, struct xcy_buf *out)
{
    struct sums s = sum_up(reference);
    size_t rows = xcy_reference_rows(reference);
    double n = (double)rows;
    double throughput = isinf(s.last_reply_s) ? NAN : n / (s.last_reply_s - s.first_sent_s);
    add_tag_number(out, "'%_INCONSISTENCIES'", share_of(s.inconsistent, rows));
    if (tags->has_rendezvous && tags->rendezvous_enabled == XCY_REFERENCE_TRUE) {
        add_tag_number(out, "'%_PREVENTED_INCONSISTENCIES'", share_of(s.prevented, rows));
    }
    xcy_buf_addf(out, "ANTIPODE_ENABLED: %s\n", tags->antipode_enabled ? "true" : "false");
    add_tag_number(out, "AVG_NOTIFICATION_SIZE_BYTES",
                   number_of(rows > 0 ? (double)s.notification_bytes / n : NAN));
    add_tag_number(out, "AVG_POST_STORAGE_SIZE_BYTES", tags->avg_post_bytes);
    add_tag_number(out, "DELAY", number_of((double)tags->delay_ms));
    add_tag_text(out, "NOTIFICATION_STORAGE", tags->notification_storage);
    xcy_buf_addf(out, "NUM_RESULTS: %zu/%lld\n", rows, (long long)tags->requested);
    add_tag_text(out, "POST_STORAGE", tags->post_storage);
    add_tag_text(out, "READER_REGION", tags->reader_region);
    add_rendezvous(out, tags);
    add_tag_number(out, "THROUGHPUT_ON_CLIENT", float_of(throughput));
    add_tag_number(out, "TOTAL_NOTIFICATION_SIZE_BYTES", number_of((double)s.notification_bytes));
    add_tag_number(out, "TOTAL_POST_STORAGE_SIZE_BYTES", tags->total_post_bytes);
    add_tag_text(out, "WRITER_REGION", tags->writer_region);
}

enum xcy_status xcy_reference_write(const struct xcy_reference *reference, unsigned extra,
                                    const struct xcy_reference_tags *tags, const char *folder,
                                    struct xcy_error *err)
{
    struct xcy_buf traces;
    struct xcy_buf info;
    struct xcy_buf tag_text;
    xcy_buf_init(&traces, (xcy_reference_rows(reference) + 2) * MAX_ROW_BYTES);
    xcy_buf_init(&info, MAX_TEXT_BYTES);
    xcy_buf_init(&tag_text, MAX_TEXT_BYTES);
    xcy_reference_traces(reference, extra, &traces);
    xcy_reference_info(reference, extra, &info);
    xcy_reference_tags(reference, tags, &tag_text);
    enum xcy_status status = xcy_run_replace_file(folder, "traces.csv", &traces, err);
    if (status == XCY_OK) {
        status = xcy_run_replace_file(folder, "traces.info", &info, err);
    }
    if (status == XCY_OK) {
        status = xcy_run_replace_file(folder, "tags.yml", &tag_text, err);
    }
    xcy_buf_clear(&traces);
    xcy_buf_clear(&info);
    xcy_buf_clear(&tag_text);
    return status;
}
