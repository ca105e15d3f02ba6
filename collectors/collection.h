#ifndef XCY_COLLECTORS_COLLECTION_H
#define XCY_COLLECTORS_COLLECTION_H

/*
 * collection.h - everything that was taken for a run, in order of arrival, each evaluation once.
 *
 * One evaluation is one `eval`; where functions mint none, one body of one request. The same
 * again is a redelivered message: a duplicate, counted and flagged, nothing more. Replaying the
 * journal and receiving go through the same function, so a restart counts nothing twice.
 *
 * Memory:   owned by the caller, xcy_collection_free.
 * Threads:  one owner.
 */

#include "collectors/match.h"
#include "collectors/tally.h"

/* An evaluation as it was taken. */
struct xcy_taken {
    struct xcy_evaluation evaluation;
    int64_t consistent_value; /* as sent */
    int64_t got_us;           /* first arrival */
    bool live;                /* taken by a gather that ran beside the load, on its boot id */
    int64_t redeliveries;
};

/* What came for a request. */
struct xcy_reports {
    bool has_reported; /* an evaluation came, if only one that was refused */
    bool is_refused;   /* one of another combination came */
};

struct xcy_collection {
    struct xcy_match_run run; /* borrowed parts; the owner may replace them as the load goes on */
    struct xcy_taken *taken;  /* NULL of one that only counts */
    size_t n_taken;
    bool counts_only;
    struct xcy_reports *reports; /* by request number */
    int64_t n_slots;             /* of reports; those of a closed loop grow in number */
    int64_t n_reported;
    struct xcy_tally tally;

    struct xcy_keymap *evaluations; /* to the index in taken */
    struct xcy_keymap *quarantined; /* message ids */
    struct xcy_keymap *foreign;     /* message ids */
    size_t capacity;
};

/* Texts are borrowed. */
struct xcy_arrival {
    const char *message_id;
    const char *body;
    int64_t at_us;
    bool live;
};

struct xcy_collection *xcy_collection_new(const struct xcy_match_run *run);
/* One that knows what came, and not what it says: for receiving, whose memory is then that of the ids. */
struct xcy_collection *xcy_collection_new_counting(const struct xcy_match_run *run);
void xcy_collection_free(struct xcy_collection *collection);

struct xcy_reports xcy_collection_reports(const struct xcy_collection *collection, int64_t i);
/* Of the requests that may still report, those that have not. */
int64_t xcy_collection_count_awaited(const struct xcy_collection *collection,
                                     const struct xcy_slots *slots);

/* What a message turned out to be. */
struct xcy_sorted {
    enum xcy_message_kind kind;
    bool refused;         /* of malformed: another combination */
    bool is_new;          /* first sight of this message; false for a foreign one that came again */
    bool is_first_report; /* of request i */
    int64_t i;
    char reason[XCY_REASON_BYTES];
};

/* Sorts a message by what it matched, keeps it if it is a new evaluation, counts it. */
struct xcy_sorted xcy_collection_add_match(struct xcy_collection *collection,
                                           const struct xcy_arrival *arrival,
                                           const struct xcy_match *match);
/* The same, matched with the collection's run. */
struct xcy_sorted xcy_collection_add(struct xcy_collection *collection,
                                     const struct xcy_arrival *arrival);

/* Counts a message of the quarantine, as malformed once and then as duplicate. */
struct xcy_sorted xcy_collection_quarantine(struct xcy_collection *collection,
                                            const struct xcy_arrival *arrival, const char *reason,
                                            bool refused);

#endif
