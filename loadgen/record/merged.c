#include "loadgen/record/merged.h"

#include "common/base/mem.h"
#include "common/run/sent.h"
#include "loadgen/record/account.h"
#include "loadgen/record/distributions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Larger numbers than any run has, but so small that a thousand of them add up. */
#define MAX_COUNT (INT64_C(1) << 53)

enum { SENT_AT_ONCE = 4096 };

/* One of the runs, as read. */
struct part {
    const char *path; /* borrowed */
    struct xcy_manifest manifest;
    struct xcy_tally tally;
};

static void part_clear(struct part *part)
{
    xcy_manifest_clear(&part->manifest);
    xcy_tally_clear(&part->tally);
}

static enum xcy_status check_ended(const struct part *part, struct xcy_error *err)
{
    if (part->manifest.state != XCY_RUN_RUNNING) {
        return XCY_OK;
    }
    return xcy_sent_is_live(part->path)
               ? xcy_fail(err, XCY_EFAIL, "%s still runs; merge it when it has ended", part->path)
               : xcy_fail(err, XCY_EFAIL, "%s did not end: its generator was killed", part->path);
}

/* The sum of a manifest's outcomes; -1: they are no counts. */
static int64_t sum_outcomes(const int64_t outcomes[XCY_N_OUTCOMES])
{
    int64_t sum = 0;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        if (outcomes[i] < 0 || outcomes[i] > MAX_COUNT) {
            return -1;
        }
        sum += outcomes[i];
    }
    return sum;
}

static bool is_share_of(int64_t count, int64_t of)
{
    return count >= 0 && count <= of;
}

static enum xcy_status check_sums(const struct part *part, struct xcy_error *err)
{
    const struct xcy_manifest *m = &part->manifest;
    int64_t measured = sum_outcomes(m->outcomes);
    int64_t warmup = sum_outcomes(m->warmup_outcomes);
    bool is_sound = measured >= 0 && warmup >= 0 && warmup == m->warmup_slots &&
                    measured + warmup == m->planned &&
                    is_share_of(m->sent, measured - m->outcomes[XCY_OUTCOME_SKIPPED]) &&
                    is_share_of(m->late, m->sent) && is_share_of(m->retries, MAX_COUNT) &&
                    m->shard_count >= 1 && is_share_of(m->shard_index, m->shard_count - 1);
    return is_sound ? XCY_OK
                    : xcy_fail(err, XCY_EPARSE, "%s/run.yml: its counts do not agree", part->path);
}

/* Slots are numbered with the warm-up first. */
static enum xcy_status find_first_sent(struct part *part, struct xcy_error *err)
{
    struct xcy_sent *sent = NULL;
    enum xcy_status status = xcy_sent_open(part->path, &sent, err);
    if (status != XCY_OK) {
        return status;
    }
    int64_t stamps_us[SENT_AT_ONCE];
    int64_t first_us = INT64_MAX;
    int64_t at = part->manifest.warmup_slots;
    for (int64_t n = xcy_sent_copy(sent, at, SENT_AT_ONCE, stamps_us); n > 0;
         n = xcy_sent_copy(sent, at, SENT_AT_ONCE, stamps_us)) {
        for (int64_t i = 0; i < n; i++) {
            if (stamps_us[i] > 0 && stamps_us[i] < first_us) {
                first_us = stamps_us[i];
            }
        }
        at += n;
    }
    if (first_us < INT64_MAX) {
        part->tally.first_sent = (struct xcy_mono){xcy_wall_from_us(first_us).ns};
    }
    xcy_sent_close(sent);
    return XCY_OK;
}

static int64_t sum_skipped(const struct xcy_counts *counts)
{
    int64_t sum = 0;
    for (size_t i = 0; i < XCY_N_SKIPS; i++) {
        sum += counts->skipped[i];
    }
    return sum;
}

/* Every measured slot that was not skipped has a response; every skipped one a reason. */
static enum xcy_status check_fit(const struct part *part, struct xcy_error *err)
{
    const struct xcy_tally *t = &part->tally;
    bool fits = sum_skipped(&t->measured) == t->measured.outcomes[XCY_OUTCOME_SKIPPED] &&
                sum_skipped(&t->warmup) == t->warmup.outcomes[XCY_OUTCOME_SKIPPED];
    for (size_t i = 0; i < XCY_OUTCOME_SKIPPED; i++) {
        const struct xcy_hist *response = t->latency[i].of[XCY_RESPONSE];
        int64_t n = response ? xcy_hist_count(response) + xcy_hist_outside(response) : 0;
        fits = fits && n == t->measured.outcomes[i];
    }
    return fits ? XCY_OK
                : xcy_fail(err, XCY_EPARSE,
                           "%s: run.yml and latency.json do not count the same requests",
                           part->path);
}

static enum xcy_status read_tally(struct part *part, struct xcy_error *err)
{
    const struct xcy_manifest *m = &part->manifest;
    struct xcy_tally *t = &part->tally;
    enum xcy_status status = find_first_sent(part, err);
    if (status == XCY_OK) {
        status = xcy_distributions_read(part->path, t, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    t->measured.sent = m->sent;
    t->measured.late = m->late;
    t->measured.retries = m->retries;
    memcpy(t->measured.outcomes, m->outcomes, sizeof m->outcomes);
    memcpy(t->warmup.outcomes, m->warmup_outcomes, sizeof m->warmup_outcomes);
    return check_fit(part, err);
}

/* part is zeroed, and to be cleared whatever comes of it. */
static enum xcy_status read_part(const char *path, struct part *part, struct xcy_error *err)
{
    part->path = path;
    xcy_tally_init(&part->tally);
    enum xcy_status status = xcy_manifest_read(path, &part->manifest, err);
    if (status == XCY_OK) {
        status = check_ended(part, err);
    }
    if (status == XCY_OK) {
        status = check_sums(part, err);
    }
    return status == XCY_OK ? read_tally(part, err) : status;
}

static bool has_same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Why the second cannot be of the load that the first is of; NULL: it can. */
static const char *difference(const struct xcy_manifest *a, const struct xcy_manifest *b)
{
    const struct {
        const char *name;
        bool is_same;
    } rules[] = {
        {"the combination", xcy_combination_equal(&a->combination, &b->combination)},
        {"the engine", has_same_text(a->engine, b->engine)},
        {"the arrivals", has_same_text(a->arrivals, b->arrivals)},
        {"the number of shards", a->shard_count == b->shard_count},
        {"sync or async", a->is_async == b->is_async},
        {"the rate", a->rate_per_s == b->rate_per_s},
        {"the start", a->started_us == b->started_us},
        {"the seed", a->seed == b->seed},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].is_same) {
            return rules[i].name;
        }
    }
    return NULL;
}

static enum xcy_status check_pair(const struct part *a, const struct part *b, struct xcy_error *err)
{
    const char *differs = difference(&a->manifest, &b->manifest);
    if (differs) {
        return xcy_fail(err, XCY_EFAIL,
                        "%s and %s differ in %s; only shards of one load can be merged", a->path,
                        b->path, differs);
    }
    if (a->manifest.shard_index == b->manifest.shard_index) {
        return xcy_fail(err, XCY_EFAIL, "%s and %s are both shard %" PRId64 "/%" PRId64, a->path,
                        b->path, a->manifest.shard_index + 1, a->manifest.shard_count);
    }
    return XCY_OK;
}

static enum xcy_status read_parts(const char *const *run_paths, size_t n, struct part *parts,
                                  struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        status = read_part(run_paths[i], &parts[i], err);
        for (size_t before = 0; status == XCY_OK && before < i; before++) {
            status = check_pair(&parts[before], &parts[i], err);
        }
    }
    return status;
}

/* What one shard says of the whole: the worst of what they say. */
static int gravity(enum xcy_verdict verdict)
{
    static const int gravities[] = {[XCY_VERDICT_VALID] = 0,
                                    [XCY_VERDICT_TARGET_LIMITED] = 1,
                                    [XCY_VERDICT_GENERATOR_LIMITED] = 2,
                                    [XCY_VERDICT_NONE] = 3};
    return gravities[verdict];
}

static void set_verdict(struct xcy_manifest *whole, const char *path, enum xcy_verdict verdict,
                        const char *reason)
{
    char *words =
        verdict == XCY_VERDICT_VALID ? xcy_strdup("") : xcy_format("%s: %s", path, reason);
    free(whole->verdict_reason);
    whole->verdict_reason = words;
    whole->verdict = verdict;
}

static void add_manifest(struct xcy_manifest *whole, const struct part *part)
{
    const struct xcy_manifest *m = &part->manifest;
    whole->planned += m->planned;
    whole->warmup_slots += m->warmup_slots;
    whole->rate_per_s += m->rate_per_s;
    whole->peak_rate_per_s += m->peak_rate_per_s;
    whole->threads += m->threads;
    if (m->ended_us > whole->ended_us) {
        whole->ended_us = m->ended_us;
    }
    if (m->state == XCY_RUN_INTERRUPTED) {
        whole->state = XCY_RUN_INTERRUPTED;
    }
    if (gravity(m->verdict) > gravity(whole->verdict)) {
        set_verdict(whole, part->path, m->verdict, m->verdict_reason);
    }
}

static bool is_given(const struct part *parts, size_t n, int64_t shard)
{
    for (size_t i = 0; i < n; i++) {
        if (parts[i].manifest.shard_index == shard) {
            return true;
        }
    }
    return false;
}

/* The number of shards, if none is missing. */
static int64_t find_missing(const struct part *parts, size_t n)
{
    int64_t shard = 0;
    while (shard < parts[0].manifest.shard_count && is_given(parts, n, shard)) {
        shard++;
    }
    return shard;
}

static void merge_parts(struct part *parts, size_t n, struct xcy_merged *merged)
{
    xcy_tally_init(&merged->total);
    merged->first_missing = find_missing(parts, n);
    struct xcy_manifest *whole = &merged->manifest;
    *whole = parts[0].manifest;
    parts[0].manifest = (struct xcy_manifest){0};
    set_verdict(whole, parts[0].path, whole->verdict, whole->verdict_reason);
    xcy_tally_merge(&merged->total, &parts[0].tally);
    for (size_t i = 1; i < n; i++) {
        add_manifest(whole, &parts[i]);
        xcy_tally_merge(&merged->total, &parts[i].tally);
    }
    merged->n_shards = whole->shard_count;
    merged->n_missing = whole->shard_count - (int64_t)n;
    whole->shard_index = 0;
    whole->shard_count = 1;
    xcy_account_end(whole, &merged->total);
}

enum xcy_status xcy_merged_read(const char *const *run_paths, size_t n, struct xcy_merged *merged,
                                struct xcy_error *err)
{
    xcy_assert(n >= 1);
    struct part *parts = xcy_alloc_array(n, sizeof *parts);
    enum xcy_status status = read_parts(run_paths, n, parts, err);
    if (status == XCY_OK) {
        merge_parts(parts, n, merged);
    }
    for (size_t i = 0; i < n; i++) {
        part_clear(&parts[i]);
    }
    free(parts);
    return status;
}

void xcy_merged_clear(struct xcy_merged *merged)
{
    xcy_manifest_clear(&merged->manifest);
    xcy_tally_clear(&merged->total);
    merged->n_shards = 0;
    merged->n_missing = 0;
}
