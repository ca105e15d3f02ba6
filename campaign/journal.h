#ifndef XCY_CAMPAIGN_JOURNAL_H
#define XCY_CAMPAIGN_JOURNAL_H

/*
 * journal.h - what a campaign planned and what became of each run: a line of JSON an event,
 * appended and fsynced before the campaign goes on.
 *
 *   {"event":"began","v":1,"at":…,"name":…,"digest":…,"seed":…,"cells":[…],"runs":[[round,cell],…]}
 *   {"event":"started","n":1,"at":…,"log":…}
 *   {"event":"loading","n":1,"folder":…}
 *   {"event":"ended","n":1,"at":…,"ok":true,"valid":true,"reason":"","folder":…,"took_s":…,
 *    "throughput_per_s":…,"summary":{…}}
 *   {"event":"abandoned","n":1,"at":…,"folder":…}
 *
 * A line that a kill tore is cut off. A run that started and did not end is done again; its folder
 * stays and is named in the journal.
 *
 * Memory:   xcy_campaign_state_clear.
 * Threads:  one owner.
 */

#include "campaign/plan.h"
#include "common/time/clock.h"

enum xcy_run_progress { XCY_RUN_TO_DO, XCY_RUN_BEGUN, XCY_RUN_FAILED, XCY_RUN_DONE };
extern const char *const xcy_run_progress_names[]; /* "to do", "begun", "failed", "done" */

/* What is known of one run: of its last attempt. */
struct xcy_run_record {
    enum xcy_run_progress progress;
    int64_t attempts;
    bool is_valid;
    char *reason; /* why failed, or why not valid; owned, may be NULL */
    char *folder; /* relative to the campaign's; owned, NULL: none was made */
    char *log;    /* likewise */
    double took_s;
    double throughput_per_s;  /* NaN: not known */
    struct xcy_json *summary; /* of analyze; owned, NULL unless done */
};

struct xcy_campaign_state {
    char *name;
    char digest[XCY_CAMPAIGN_DIGEST_BYTES];
    struct xcy_campaign_plan plan;
    struct xcy_run_record *runs; /* plan.n_runs */
};

void xcy_campaign_state_clear(struct xcy_campaign_state *state);
size_t xcy_campaign_count(const struct xcy_campaign_state *state, enum xcy_run_progress progress);

/* Reads the lines; name stands for the file in messages. *whole_bytes: up to where lines are whole.
 * XCY_EPARSE names the line. */
enum xcy_status xcy_campaign_journal_parse(const char *name, struct xcy_bytes text,
                                           struct xcy_campaign_state *state, size_t *whole_bytes,
                                           struct xcy_error *err) XCY_MUST_USE;
/* Without changing the file. XCY_ENOTFOUND if there is none, or nothing in it. */
enum xcy_status xcy_campaign_journal_read(const char *path, struct xcy_campaign_state *state,
                                          size_t *whole_bytes, struct xcy_error *err) XCY_MUST_USE;

/* Writing. Every event goes to the disk and into the state, or neither. */
struct xcy_campaign_journal;
/* A new file for the plan, which is copied into the state. */
enum xcy_status xcy_campaign_journal_create(const char *path, const char *name,
                                            const struct xcy_campaign_plan *plan,
                                            struct xcy_campaign_state *state,
                                            struct xcy_campaign_journal **journal,
                                            struct xcy_error *err) XCY_MUST_USE;
/* After _read: cuts off what is behind whole_bytes, and appends. */
enum xcy_status xcy_campaign_journal_append(const char *path, size_t whole_bytes,
                                            struct xcy_campaign_state *state,
                                            struct xcy_campaign_journal **journal,
                                            struct xcy_error *err) XCY_MUST_USE;
/* Takes the event (an object with "event" and "n"); adds the instant. */
enum xcy_status xcy_campaign_journal_add(struct xcy_campaign_journal *journal,
                                         struct xcy_json *taken,
                                         struct xcy_error *err) XCY_MUST_USE;
void xcy_campaign_journal_close(struct xcy_campaign_journal *journal); /* NULL is allowed */

#endif
