#ifndef XCY_CAMPAIGN_PART_H
#define XCY_CAMPAIGN_PART_H

/*
 * part.h - a part of a campaign as its file says it: lists that are yet to be multiplied.
 *
 * Memory:   xcy_part_clear.
 */

#include "campaign/cell.h"
#include "common/data/yaml.h"

struct xcy_delay_list {
    int64_t *ms;
    size_t n;                    /* 0: not said */
    const struct xcy_yaml *node; /* where they are said, borrowed of the document */
};

struct xcy_pair {
    int post_storage;
    int notification_storage;
    struct xcy_delay_list delays; /* of its own */
};

struct xcy_part {
    struct xcy_cell load; /* what is not a list */
    struct xcy_pair *pairs;
    size_t n_pairs;
    bool consistencies[2]; /* by enum xcy_consistency */
    struct xcy_delay_list delays;
};

/* The defaults: 1 round of 1000 requests, consistency none, delay 0. */
void xcy_part_init(struct xcy_part *part);
void xcy_part_clear(struct xcy_part *part);

/* The keys of a part, filled for it; to has room for XCY_PART_KEYS. */
enum { XCY_PART_KEYS = 12 };
void xcy_part_keys(struct xcy_part *part, struct xcy_key to[XCY_PART_KEYS]);

/* That it is a list of 1..max items; `form` says what the key must be, as "a list of words". */
enum xcy_status xcy_part_check_list(const struct xcy_yaml *node, const char *key, const char *form,
                                    size_t max, struct xcy_error *err) XCY_MUST_USE;

#endif
