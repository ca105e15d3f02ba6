/* fuzz_distributions.c - a latency.json of any bytes is refused in one line and nothing of it is taken,
 * or it can be written again and read back, and added to others, without a loss. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "loadgen/record/distributions.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* A real one's first request was sent in these years. */
#define FIRST_SENT_NS (INT64_C(1800000000) * 1000000000)

static enum xcy_status read_into(const char *folder, struct xcy_tally *tally)
{
    struct xcy_error err;
    xcy_tally_init(tally);
    tally->first_sent = (struct xcy_mono){FIRST_SENT_NS};
    enum xcy_status status = xcy_distributions_read(folder, tally, &err);
    xcy_assert(status == XCY_OK || !strchr(err.text, '\n'));
    return status;
}

static void check_same_hist(const struct xcy_hist *a, const struct xcy_hist *b)
{
    struct xcy_hist_facts of_a;
    struct xcy_hist_facts of_b;
    xcy_hist_get_facts(a, &of_a);
    xcy_hist_get_facts(b, &of_b);
    xcy_assert(xcy_hist_count(a) == xcy_hist_count(b) && of_a.outside == of_b.outside);
    xcy_assert(of_a.min == of_b.min && of_a.max == of_b.max && strcmp(of_a.sum, of_b.sum) == 0);
    for (int pct = 0; pct <= 100; pct += 10) {
        int64_t value = xcy_hist_percentile(a, pct);
        xcy_assert(value == xcy_hist_percentile(b, pct));
        xcy_assert(value >= of_a.min && value <= of_a.max);
    }
}

static bool has_values(const struct xcy_hist *hist)
{
    return hist && (xcy_hist_count(hist) > 0 || xcy_hist_outside(hist) > 0);
}

static void check_same_latency(const struct xcy_latency *a, const struct xcy_latency *b)
{
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        xcy_assert(has_values(a->of[kind]) == has_values(b->of[kind]));
        if (has_values(a->of[kind])) {
            check_same_hist(a->of[kind], b->of[kind]);
        }
    }
}

static void check_same(const struct xcy_tally *a, const struct xcy_tally *b)
{
    check_same_hist(a->start_lag, b->start_lag);
    xcy_assert(a->last_sent.ns == b->last_sent.ns && a->last_acked.ns == b->last_acked.ns);
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        xcy_assert(a->measured.skipped[i] == b->measured.skipped[i]);
        xcy_assert(a->warmup.skipped[i] == b->warmup.skipped[i]);
    }
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        check_same_latency(&a->latency[i], &b->latency[i]);
    }
}

/* As it was before the reading. */
static void check_untouched(const struct xcy_tally *tally)
{
    struct xcy_tally empty;
    xcy_tally_init(&empty);
    check_same(tally, &empty);
    xcy_tally_clear(&empty);
}

static void check_taken(const char *folder, struct xcy_tally *tally)
{
    struct xcy_error err;
    struct xcy_tally again;
    enum xcy_status status = xcy_distributions_write(tally, folder, &err);
    xcy_assert(status == XCY_OK);
    status = read_into(folder, &again);
    xcy_assert(status == XCY_OK);
    check_same(tally, &again);
    xcy_tally_merge(&again, tally); /* as the shards of one load */
    xcy_assert(xcy_hist_count(again.start_lag) == 2 * xcy_hist_count(tally->start_lag));
    xcy_tally_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_tally tally;
    char in_memory[] = "/dev/shm/xcy-fuzz-XXXXXX";
    char elsewhere[] = "/tmp/xcy-fuzz-XXXXXX";
    char *folder = mkdtemp(in_memory) ? in_memory : mkdtemp(elsewhere);
    xcy_assert(folder != NULL);
    char *path = xcy_format("%s/latency.json", folder);
    enum xcy_status status =
        xcy_file_replace(path, xcy_bytes((const char *)data, size), 0600, &err);
    xcy_assert(status == XCY_OK);
    status = read_into(folder, &tally);
    if (status == XCY_OK) {
        check_taken(folder, &tally);
    } else {
        check_untouched(&tally);
    }
    xcy_tally_clear(&tally);
    status = xcy_dir_remove(folder, &err);
    xcy_assert(status == XCY_OK);
    free(path);
    return 0;
}
