#include "loadgen/report/exposition.h"

#include "common/data/number.h"
#include "common/data/utf8.h"

#include <inttypes.h>

/* The upper bounds of latency buckets: at most a factor of two apart from 1 ms to 60 s. */
static const struct {
    const char *text; /* in seconds */
    int64_t ns;
} bounds[] = {
    {"0.00005", 50000},  {"0.0001", 100000},  {"0.00025", 250000}, {"0.0005", 500000},
    {"0.001", 1000000},  {"0.0015", 1500000}, {"0.002", 2000000},  {"0.003", 3000000},
    {"0.005", 5000000},  {"0.007", 7000000},  {"0.01", 10000000},  {"0.015", 15000000},
    {"0.02", 20000000},  {"0.03", 30000000},  {"0.05", 50000000},  {"0.07", 70000000},
    {"0.1", 100000000},  {"0.15", 150000000}, {"0.2", 200000000},  {"0.3", 300000000},
    {"0.5", 500000000},  {"0.7", 700000000},  {"1", 1000000000},   {"1.5", 1500000000},
    {"2", 2000000000},   {"3", 3000000000},   {"5", 5000000000},   {"7", 7000000000},
    {"10", 10000000000}, {"15", 15000000000}, {"20", 20000000000}, {"30", 30000000000},
    {"60", 60000000000},
};

enum { N_BOUNDS = sizeof bounds / sizeof bounds[0] };

/* A label's value: backslash, quote and line end escaped; what is not UTF-8 replaced. */
static void add_escaped(const char *text, struct xcy_buf *out)
{
    struct xcy_bytes bytes = xcy_bytes_of(text);
    for (size_t at = 0; at < bytes.len;) {
        size_t n = xcy_utf8_read(bytes, at, NULL);
        char c = bytes.ptr[at];
        if (n == 0) {
            xcy_buf_add_text(out, "\xEF\xBF\xBD");
        } else if (c == '\n') {
            xcy_buf_add_text(out, "\\n");
        } else if (c == '\\' || c == '"') {
            xcy_buf_add_char(out, '\\');
            xcy_buf_add_char(out, c);
        } else {
            xcy_buf_add(out, xcy_bytes(bytes.ptr + at, n));
        }
        at += n > 0 ? n : 1;
    }
}

void xcy_exposition_label(const char *name, const char *value, bool is_last, struct xcy_buf *out)
{
    xcy_buf_addf(out, "%s=\"", name);
    add_escaped(value ? value : "", out);
    xcy_buf_add_text(out, is_last ? "\"" : "\",");
}

/* The labels without their last comma, in braces if there are any. */
static void add_name(const char *name, const char *suffix, const char *labels, struct xcy_buf *out)
{
    size_t n = strlen(labels);
    xcy_buf_addf(out, "%s%s", name, suffix);
    if (n > 0) {
        xcy_buf_addf(out, "{%.*s}", (int)n - 1, labels);
    }
}

void xcy_exposition_histogram(const char *name, const char *labels, const struct xcy_hist *hist,
                              struct xcy_buf *out)
{
    struct xcy_hist_bucket bucket = {0};
    size_t at = 0;
    int64_t seen = 0;
    bool has_more = hist && xcy_hist_next(hist, &at, &bucket);
    for (size_t b = 0; b < N_BOUNDS; b++) {
        while (has_more && bucket.highest <= bounds[b].ns) {
            seen += bucket.count;
            has_more = xcy_hist_next(hist, &at, &bucket);
        }
        xcy_buf_addf(out, "%s_bucket{%sle=\"%s\"} %" PRId64 "\n", name, labels, bounds[b].text,
                     seen);
    }
    int64_t all = hist ? xcy_hist_count(hist) + xcy_hist_outside(hist) : 0;
    double sum_s = hist ? xcy_hist_mean(hist) * (double)xcy_hist_count(hist) / 1e9 : 0;
    char sum[XCY_DOUBLE_TEXT_BYTES];
    xcy_double_format(sum_s, sum);
    xcy_buf_addf(out, "%s_bucket{%sle=\"+Inf\"} %" PRId64 "\n", name, labels, all);
    add_name(name, "_sum", labels, out);
    xcy_buf_addf(out, " %s\n", sum);
    add_name(name, "_count", labels, out);
    xcy_buf_addf(out, " %" PRId64 "\n", all);
}
