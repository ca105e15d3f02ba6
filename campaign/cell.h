#ifndef XCY_CAMPAIGN_CELL_H
#define XCY_CAMPAIGN_CELL_H

/*
 * cell.h - one cell of a campaign's matrix: what is measured, and with how much load. Each round
 * measures it once.
 *
 * Memory:   xcy_cell_clear.
 * Threads:  plain data.
 */

#include "common/record/combination.h"

enum { XCY_CELL_LABEL_BYTES = 96 };

struct xcy_cell {
    enum xcy_post_storage post_storage;
    enum xcy_notification_storage notification_storage;
    enum xcy_consistency consistency;
    int64_t delay_ms;
    int64_t rounds;
    int64_t requests;
    double rate_per_s;  /* 0: loadgen's default */
    double warmup_s;    /* 0: none */
    bool is_async;      /* InvocationType Event */
    bool as_published;  /* posts as large as the reference's */
    int64_t post_bytes; /* 0: the deployment's */
    char *visibility;   /* NULL: the deployment's */
    char **loadgen;     /* further words for its command line */
    size_t n_loadgen;
    size_t loadgen_line; /* of the config, where they stand; 0: from a journal */
};

void xcy_cell_clear(struct xcy_cell *cell);
struct xcy_cell xcy_cell_copy(const struct xcy_cell *cell);

/* Everything but the rounds is the same. */
bool xcy_cell_is_same(const struct xcy_cell *a, const struct xcy_cell *b);

/* "dynamo-sns none", "dynamo-sns none, delay 200 ms". */
void xcy_cell_label(const struct xcy_cell *cell, char to[XCY_CELL_LABEL_BYTES]);

struct xcy_json *xcy_cell_to_json(const struct xcy_cell *cell); /* owned by the caller */
enum xcy_status xcy_cell_from_json(const struct xcy_json *object, struct xcy_cell *cell,
                                   struct xcy_error *err) XCY_MUST_USE;

#endif
