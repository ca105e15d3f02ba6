#ifndef XCY_PLOTCONF_GATHERED_H
#define XCY_PLOTCONF_GATHERED_H

/*
 * gathered.h - one gather directory as the plots see it: its tags.yml, in the reference
 * implementation's format (its Rendezvous branch's included), whoever wrote it.
 *
 * Memory:   xcy_gathered_clear.
 * Threads:  plain data.
 */

#include "common/record/combination.h"

/* What a run is compared as. One with both is Antipode's, as in the reference. */
enum xcy_side { XCY_SIDE_ORIGINAL, XCY_SIDE_ANTIPODE, XCY_SIDE_RENDEZVOUS, XCY_N_SIDES };

extern const char *const xcy_side_names[XCY_N_SIDES];  /* "original" … */
extern const char *const xcy_side_titles[XCY_N_SIDES]; /* "Original" … */

/* "DynamoDB", "Redis", "SNS", … */
const char *xcy_post_storage_title(enum xcy_post_storage storage);
const char *xcy_notification_storage_title(enum xcy_notification_storage storage);

struct xcy_gathered {
    char *path;
    enum xcy_post_storage post_storage;
    enum xcy_notification_storage notification_storage;
    enum xcy_side side;
    bool is_side_guessed; /* tags.yml does not tell: taken as one without */
    bool has_rendezvous;  /* also of one with both */
    bool has_ncc;         /* Rendezvous without its consistency checks */
    int64_t n_results;    /* NUM_RESULTS: got of asked; 0: it does not say */
    int64_t n_asked;
    /* As far as it is told: full names, else empty; NaN. */
    char writer_region[XCY_REGION_BYTES];
    char reader_region[XCY_REGION_BYTES];
    double delay_ms;
    /* NaN: there is no such tag. */
    double inconsistent_share;
    double prevented_share;
    double post_total_bytes;
    double post_avg_bytes;
    double notification_total_bytes;
    double notification_avg_bytes;
};

typedef enum xcy_status xcy_gathered_fn(const char *path, struct xcy_gathered *g,
                                        struct xcy_error *err);

/* XCY_ENOTFOUND names the file that is not there; XCY_EPARSE file, line and what is wrong. */
enum xcy_status xcy_gathered_read(const char *path, struct xcy_gathered *g,
                                  struct xcy_error *err) XCY_MUST_USE;
/* Of a run whose stores are known by its folder: no more than its share, how many it is of, and its
 * side as far as it is told. All else is not looked at. */
enum xcy_status xcy_gathered_read_share(const char *path, struct xcy_gathered *g,
                                        struct xcy_error *err) XCY_MUST_USE;
void xcy_gathered_clear(struct xcy_gathered *g);

/* How many of n_results the share is; false, and events is left as it is: it is no whole number of them
 * from none to all, or they are not told. */
bool xcy_gathered_count(const struct xcy_gathered *g, double share, int64_t *events);

#endif
