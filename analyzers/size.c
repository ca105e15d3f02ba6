#include "analyzers/size.h"

#include <stddef.h>

const char *const xcy_size_names[XCY_N_SIZES] = {
    [XCY_SIZE_POST] = "post_stored",
    [XCY_SIZE_POST_METADATA] = "post_metadata",
    [XCY_SIZE_NOTIFICATION] = "notification",
    [XCY_SIZE_CONTEXT] = "context",
};

const char *const xcy_size_meanings[XCY_N_SIZES] = {
    [XCY_SIZE_POST] = "stored object: key, body and metadata, as its store counts",
    [XCY_SIZE_POST_METADATA] = "of these, what the consistency added",
    [XCY_SIZE_NOTIFICATION] = "message as published",
    [XCY_SIZE_CONTEXT] = "of these, the consistency's context",
};

/* Where a size stands in a record, and the member that is 0 where it was not measured. */
static const struct {
    size_t value;
    size_t measured;
} places[XCY_N_SIZES] = {
    [XCY_SIZE_POST] = {offsetof(struct xcy_record, post_stored_bytes),
                       offsetof(struct xcy_record, post_stored_bytes)},
    [XCY_SIZE_POST_METADATA] = {offsetof(struct xcy_record, post_metadata_bytes),
                                offsetof(struct xcy_record, post_stored_bytes)},
    [XCY_SIZE_NOTIFICATION] = {offsetof(struct xcy_record, notification_bytes),
                               offsetof(struct xcy_record, notification_bytes)},
    [XCY_SIZE_CONTEXT] = {offsetof(struct xcy_record, context_bytes),
                          offsetof(struct xcy_record, notification_bytes)},
};

static int64_t member(const struct xcy_record *record, size_t offset)
{
    return *(const int64_t *)(const void *)((const char *)record + offset);
}

static void add(struct xcy_size_summary *s, int64_t bytes)
{
    s->min_bytes = s->n == 0 || bytes < s->min_bytes ? bytes : s->min_bytes;
    s->max_bytes = s->n == 0 || bytes > s->max_bytes ? bytes : s->max_bytes;
    s->n++;
    s->mean_bytes += ((double)bytes - s->mean_bytes) / (double)s->n;
}

void xcy_sizes_summarise(const struct xcy_record *records, size_t n,
                         struct xcy_size_summary sizes[XCY_N_SIZES])
{
    for (size_t size = 0; size < XCY_N_SIZES; size++) {
        sizes[size] = (struct xcy_size_summary){0};
        for (size_t i = 0; i < n; i++) {
            bool is_warmup = (records[i].flags & XCY_FLAG_WARMUP) != 0;
            if (!is_warmup && member(&records[i], places[size].measured) > 0) {
                add(&sizes[size], member(&records[i], places[size].value));
            }
        }
    }
}
