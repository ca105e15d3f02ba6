#include "common/base/file.h"
#include "common/data/json.h"
#include "common/run/folder.h"
#include "loadgen/record/distributions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What json.h parses at most. */
enum { MAX_FILE_BYTES = 64 << 20 };

/* The whole number of a key that must be there; below 0 none is. */
static enum xcy_status take_int(const struct xcy_json *object, const char *key, int64_t *value,
                                struct xcy_error *err)
{
    int64_t found = 0;
    if (!xcy_json_int64(xcy_json_get(object, key), &found) || found < 0) {
        return xcy_fail(err, XCY_EPARSE, "'%s' is missing, or not a whole number", key);
    }
    *value = found;
    return XCY_OK;
}

static enum xcy_status take_buckets(const struct xcy_json *array, int64_t count,
                                    struct xcy_hist *hist, struct xcy_error *err)
{
    const struct xcy_json *pair = xcy_json_first(array);
    for (size_t n = 1; pair; pair = xcy_json_next(pair), n++) {
        int64_t lowest = -1;
        int64_t here = 0;
        bool is_whole = xcy_json_size(pair) == 2 && xcy_json_int64(xcy_json_at(pair, 0), &lowest) &&
                        xcy_json_int64(xcy_json_at(pair, 1), &here);
        if (!is_whole || here < 1 || here > count - xcy_hist_count(hist) ||
            !xcy_hist_add_count(hist, lowest, here)) {
            return xcy_fail(err, XCY_EPARSE, "bucket %zu is not [value, count], or too much", n);
        }
    }
    if (xcy_hist_count(hist) != count) {
        return xcy_fail(err, XCY_EPARSE, "its buckets count %" PRId64 ", not %" PRId64,
                        xcy_hist_count(hist), count);
    }
    return XCY_OK;
}

/* Into an empty one. */
static enum xcy_status take_hist(const struct xcy_json *object, struct xcy_hist *hist,
                                 struct xcy_error *err)
{
    struct xcy_hist_facts facts = {0};
    const char *sum = xcy_json_get_string(object, "sum", "");
    int64_t count = 0;
    enum xcy_status status = take_int(object, "count", &count, err);
    if (status == XCY_OK) {
        status = take_int(object, "outside", &facts.outside, err);
    }
    if (status == XCY_OK) {
        status = take_int(object, "min", &facts.min, err);
    }
    if (status == XCY_OK) {
        status = take_int(object, "max", &facts.max, err);
    }
    if (status == XCY_OK) {
        status = take_buckets(xcy_json_get(object, "buckets"), count, hist, err);
    }
    if (status == XCY_OK) {
        memcpy(facts.sum, sum, strnlen(sum, sizeof facts.sum));
        if (!xcy_hist_restore_facts(hist, &facts)) {
            status = xcy_fail(err, XCY_EPARSE, "its buckets cannot have that min, max or sum");
        }
    }
    return status;
}

static enum xcy_status take_outcome(const struct xcy_json *object, struct xcy_latency *latency,
                                    struct xcy_error *err)
{
    for (const struct xcy_json *child = xcy_json_first(object); child;
         child = xcy_json_next(child)) {
        const char *name = xcy_json_name(child);
        int kind = xcy_name_index(xcy_latency_names, name ? name : "");
        if (kind < 0 || latency->of[kind]) {
            return xcy_fail(err, XCY_EPARSE, "'%s' is no kind of latency, or stands twice",
                            name ? name : "");
        }
        latency->of[kind] = xcy_latency_hist_new();
        if (take_hist(child, latency->of[kind], err) != XCY_OK) {
            return xcy_error_context(err, "%s", name);
        }
    }
    return XCY_OK;
}

static enum xcy_status take_outcomes(const struct xcy_json *object, struct xcy_tally *tally,
                                     struct xcy_error *err)
{
    for (const struct xcy_json *child = xcy_json_first(object); child;
         child = xcy_json_next(child)) {
        const char *name = xcy_json_name(child);
        int outcome = xcy_name_index(xcy_outcome_names, name ? name : "");
        if (outcome < 0) {
            return xcy_fail(err, XCY_EPARSE, "'%s' is no outcome", name ? name : "");
        }
        if (take_outcome(child, &tally->latency[outcome], err) != XCY_OK) {
            return xcy_error_context(err, "%s", name);
        }
    }
    return XCY_OK;
}

static enum xcy_status take_skipped(const struct xcy_json *object, struct xcy_counts *counts,
                                    struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < XCY_N_SKIPS; i++) {
        status = take_int(object, xcy_skip_names[i], &counts->skipped[i], err);
    }
    return status;
}

/* Histograms of other buckets could not be added to ours without bending them. */
static enum xcy_status check_kind(const struct xcy_json *root, const struct xcy_hist *ours,
                                  struct xcy_error *err)
{
    int64_t version = xcy_json_get_int64(root, "format_version", 0);
    if (version != XCY_DISTRIBUTIONS_VERSION) {
        return xcy_fail(err, XCY_EPARSE, "format_version %" PRId64 " is not known, only %d",
                        version, XCY_DISTRIBUTIONS_VERSION);
    }
    if (strcmp(xcy_json_get_string(root, "unit", ""), "ns") != 0 ||
        xcy_json_get_int64(root, "bits", 0) != xcy_hist_bits(ours) ||
        xcy_json_get_int64(root, "max", 0) != xcy_hist_limit(ours)) {
        return xcy_fail(err, XCY_EPARSE, "unit, bits and max are not ns, %d and %" PRId64,
                        xcy_hist_bits(ours), xcy_hist_limit(ours));
    }
    return XCY_OK;
}

static enum xcy_status take_all(const struct xcy_json *root, struct xcy_tally *tally,
                                struct xcy_error *err)
{
    const struct xcy_json *skipped = xcy_json_get(root, "skipped");
    int64_t last_sent = 0;
    int64_t last_acked = 0;
    enum xcy_status status = check_kind(root, tally->start_lag, err);
    if (status == XCY_OK) {
        status = take_skipped(xcy_json_get(skipped, "measured"), &tally->measured, err);
    }
    if (status == XCY_OK) {
        status = take_skipped(xcy_json_get(skipped, "warmup"), &tally->warmup, err);
    }
    if (status == XCY_OK) {
        status = take_int(root, "last_sent", &last_sent, err);
    }
    if (status == XCY_OK) {
        status = take_int(root, "last_acked", &last_acked, err);
    }
    if (status == XCY_OK && take_hist(xcy_json_get(root, "start_lag"), tally->start_lag, err)) {
        status = xcy_error_context(err, "start_lag");
    }
    if (status == XCY_OK) {
        status = take_outcomes(xcy_json_get(root, "latency"), tally, err);
    }
    if (status == XCY_OK && tally->first_sent.ns != 0) {
        tally->last_sent = xcy_mono_add(tally->first_sent, last_sent);
        tally->last_acked = xcy_mono_add(tally->first_sent, last_acked);
    }
    return status;
}

enum xcy_status xcy_distributions_read(const char *run_path, struct xcy_tally *tally,
                                       struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "latency.json");
    struct xcy_buf text;
    struct xcy_json *root = NULL;
    struct xcy_tally found;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    xcy_tally_init(&found);
    found.first_sent = tally->first_sent;
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK && (xcy_json_parse(xcy_buf_bytes(&text), &root, err) != XCY_OK ||
                             take_all(root, &found, err) != XCY_OK)) {
        status = xcy_error_context(err, "%s", path);
    }
    if (status == XCY_OK) {
        xcy_tally_merge(tally, &found);
    }
    xcy_tally_clear(&found);
    xcy_json_free(root);
    xcy_buf_clear(&text);
    free(path);
    return status;
}
