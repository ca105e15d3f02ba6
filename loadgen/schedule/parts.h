#ifndef XCY_LOADGEN_SCHEDULE_PARTS_H
#define XCY_LOADGEN_SCHEDULE_PARTS_H

/*
 * parts.h - a schedule as it is held: the whole one's stages, and which shard of it this is.
 *
 * Use inside this folder.
 *
 * Threads:  read-only after it is built.
 */

#include "loadgen/schedule/schedule.h"
#include "loadgen/schedule/stage.h"

struct xcy_schedule {
    char *text;
    struct xcy_stage *stages; /* warm-up first */
    size_t n_stages;
    int64_t seed;
    int64_t shard_index;
    int64_t shard_count; /* at least 1 */

    /* of the whole */
    int64_t n_slots;
    int64_t n_warmup_slots;
    int64_t length_ns;
    int64_t warmup_length_ns;
    double peak_per_s; /* of this shard */
};

/* How many of the whole schedule's first n slots are this shard's. */
int64_t xcy_schedule_shard_of(const struct xcy_schedule *s, int64_t n);

#endif
