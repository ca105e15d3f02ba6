#include "collectors/derive.h"

#include "collectors/reference.h"
#include "collectors/sizes.h"
#include "collectors/sums.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_STATS_BYTES = 1 << 20 };

/* The sizes of stats.json; false when there are none to trust. */
static bool read_sizes(const char *run_path, const struct xcy_combination *combination,
                       struct xcy_sizes *sizes, struct xcy_derived *d)
{
    struct xcy_error err;
    struct xcy_buf text;
    char *path = xcy_run_file(run_path, "stats.json");
    xcy_buf_init(&text, MAX_STATS_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, &err);
    if (status == XCY_OK) {
        status = xcy_sizes_parse(xcy_buf_bytes(&text), combination, sizes, &err);
    }
    bool is_empty = status == XCY_OK && sizes->total_bytes.value <= 0;
    if (status == XCY_OK && is_empty) {
        snprintf(d->sizes_note, sizeof d->sizes_note, "the store told no sizes");
    } else if (status != XCY_OK) {
        snprintf(d->sizes_note, sizeof d->sizes_note, "%.250s", err.text);
    }
    xcy_buf_clear(&text);
    free(path);
    return status == XCY_OK && !is_empty;
}

/* What the reads of this run saw stored, where the store itself told nothing. */
static struct xcy_sizes sizes_of_reads(const struct xcy_joined *joined,
                                       const struct xcy_combination *combination)
{
    int64_t n = 0;
    int64_t bytes = 0;
    int64_t n_written = 0;
    for (int64_t i = 0; i < joined->n; i++) {
        const struct xcy_record *r = &joined->records[i];
        n += r->post_stored_bytes > 0 ? 1 : 0;
        bytes += r->post_stored_bytes;
        n_written += xcy_stamps_has(&r->points, XCY_POINT_WROTE) ? 1 : 0;
    }
    double avg = n > 0 ? (double)bytes / (double)n : (double)combination->post_bytes;
    double total = avg * (double)n_written;
    return (struct xcy_sizes){
        .avg_bytes = {.value = avg, .is_float = avg != trunc(avg)},
        .total_bytes = {.value = round(total), .is_float = false},
    };
}

static bool is_read(const struct xcy_evaluation *e)
{
    return (!e->has_xcy || e->has_read) && !e->barrier_timed_out;
}

static struct xcy_reference_row row_of(const struct xcy_taken *taken, const struct xcy_slot *slot)
{
    const struct xcy_evaluation *e = &taken->evaluation;
    bool has_reply = slot->outcome == XCY_OUTCOME_OK && slot->row &&
                     xcy_stamps_has(&slot->row->points, XCY_POINT_ACKED);
    return (struct xcy_reference_row){
        .i = e->id.i,
        .client_sent_at_s = e->id.client_sent_at_s,
        .writer_start_at_s = e->writer_start_at_s,
        .reader_received_at_s = e->reader_received_at_s,
        .post_read_at_s = e->post_read_at_s,
        .has_reply = has_reply,
        .reply_at_s = has_reply ? (double)slot->row->points.us[XCY_POINT_ACKED] / 1e6 : 0.0,
        .consistent_read = taken->consistent_value,
        .notification_to_reader_spent_ms = (int64_t)e->notification_to_reader_spent_ms,
        .has_antipode_spent = e->has_antipode_spent,
        .antipode_spent_ms = (int64_t)e->antipode_spent_ms,
        .notification_size_bytes = (int64_t)e->notification_size_bytes,
    };
}

static bool is_compared(const struct xcy_record *r)
{
    bool is_decided = r->klass == XCY_CLASS_CONSISTENT || r->klass == XCY_CLASS_INCONSISTENT;
    return is_decided && (r->flags & XCY_FLAG_WARMUP) == 0;
}

/* In order of arrival; only measured requests whose class is consistent or inconsistent. */
static struct xcy_reference *reference_of(const struct xcy_derived *d)
{
    struct xcy_reference *reference = xcy_reference_new();
    for (size_t t = 0; t < d->collection->n_taken; t++) {
        const struct xcy_taken *taken = &d->collection->taken[t];
        int64_t i = taken->evaluation.id.i;
        if (is_compared(&d->joined.records[i]) && is_read(&taken->evaluation)) {
            struct xcy_reference_row row = row_of(taken, &d->slots->slots[i]);
            xcy_reference_add(reference, &row);
        }
    }
    return reference;
}

static struct xcy_reference_tags tags_of(const struct xcy_manifest *manifest,
                                         const struct xcy_joined *joined,
                                         const struct xcy_sizes *sizes)
{
    const struct xcy_combination *c = &manifest->combination;
    return (struct xcy_reference_tags){
        .antipode_enabled = c->consistency == XCY_CONSISTENCY_ANTIPODE,
        .delay_ms = c->delay_ms,
        .post_storage = xcy_post_storage_names[c->post_storage],
        .notification_storage = xcy_notification_storage_names[c->notification_storage],
        .writer_region = c->writer_region,
        .reader_region = c->reader_region,
        .requested = joined->n - joined->n_warmup,
        .avg_post_bytes = sizes->avg_bytes,
        .total_post_bytes = sizes->total_bytes,
    };
}

static enum xcy_status write_reference(const char *run_path, const struct xcy_manifest *manifest,
                                       struct xcy_derived *d, struct xcy_error *err)
{
    struct xcy_sizes sizes;
    const struct xcy_combination *c = &manifest->combination;
    bool antipode = c->consistency == XCY_CONSISTENCY_ANTIPODE;
    d->has_sizes = read_sizes(run_path, c, &sizes, d);
    if (!d->has_sizes) {
        sizes = sizes_of_reads(&d->joined, c);
    }
    struct xcy_reference_tags tags = tags_of(manifest, &d->joined, &sizes);
    struct xcy_reference *reference = reference_of(d);
    enum xcy_status status =
        xcy_reference_write(reference, antipode ? XCY_REFERENCE_ANTIPODE : 0, &tags, run_path, err);
    xcy_reference_free(reference);
    return status;
}

static void refuse(struct xcy_derived *d, const char *why)
{
    d->is_valid = false;
    snprintf(d->why_invalid, sizeof d->why_invalid, "%s", why);
}

void xcy_derived_judge(struct xcy_derived *derived)
{
    const struct xcy_sum sums[] = {xcy_sum_of_requests(&derived->joined),
                                   xcy_sum_of_messages(&derived->tally)};
    char refused[128];
    derived->is_valid = true;
    derived->why_invalid[0] = '\0';
    for (size_t s = 0; s < sizeof sums / sizeof *sums && derived->is_valid; s++) {
        xcy_sum_judge(&sums[s], &derived->is_valid, derived->why_invalid,
                      sizeof derived->why_invalid);
    }
    if (derived->is_valid && derived->tally.refused > 0) {
        snprintf(refused, sizeof refused,
                 "%lld evaluations are of another combination than run.yml (see quarantine.jsonl)",
                 (long long)derived->tally.refused);
        refuse(derived, refused);
    }
}

enum xcy_status xcy_derive(const char *run_path, const struct xcy_manifest *manifest,
                           struct xcy_ledger *ledger, int64_t foreign, struct xcy_derived *derived,
                           struct xcy_error *err)
{
    struct xcy_derived d = {.n_missing = 0};
    int64_t cut_bytes = 0;
    enum xcy_status status = xcy_slots_read(run_path, manifest, &d.slots, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_match_run run = {.manifest = manifest, .slots = d.slots};
    d.collection = xcy_collection_new(&run);
    status = xcy_ledger_replay(ledger, d.collection, &cut_bytes, err);
    if (status != XCY_OK) {
        goto out;
    }
    d.tally = d.collection->tally;
    for (int64_t f = 0; f < foreign; f++) {
        xcy_tally_add(&d.tally, XCY_MESSAGE_FOREIGN);
    }
    xcy_join(d.slots, d.collection, &d.joined);
    d.n_missing = xcy_collection_count_awaited(d.collection, d.slots);
    xcy_derived_judge(&d);
    status = xcy_joined_write(&d.joined, run_path, err);
    if (status == XCY_OK) {
        status = write_reference(run_path, manifest, &d, err);
    }
out:
    if (status == XCY_OK) {
        *derived = d;
    } else {
        xcy_derived_clear(&d);
    }
    return status;
}

void xcy_derived_clear(struct xcy_derived *derived)
{
    xcy_joined_clear(&derived->joined);
    xcy_collection_free(derived->collection);
    xcy_slots_free(derived->slots);
    *derived = (struct xcy_derived){0};
}
