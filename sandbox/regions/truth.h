#ifndef XCY_SANDBOX_REGIONS_TRUTH_H
#define XCY_SANDBOX_REGIONS_TRUTH_H

/*
 * truth.h - the truth log: what the sandbox's stores decided, a JSON object a line, for tests to hold
 * against what the instrument measured.
 *
 *   {"op":"write","store":"dynamo","key":…,"region":…,"at_us":…,"applied_us":…,"settled_us":…}
 *       at_us: accepted; applied_us / settled_us: visible to strong / eventual reads in the other
 *       region, 0 while a gate is still closed (then an "open" line follows). What was stalled between
 *       at_us and then is not among it and comes on top of both
 *   {"op":"open","store":…,"key":…,"at_us":…}
 *   {"op":"read","store":…,"key":…,"region":…,"at_us":…,"strong":…,"found":…}
 *   {"op":"invoke","function":…,"kind":"sync|event|source|dryrun","at_us":…,"request":…,"status":…}
 *   {"op":"delete", …}   as write; the key is not found from those instants on
 *       "store":"s3" has "bucket" and "version" besides, "strong" reads are those that name a version,
 *       and a delete has no arrival, since deletes are not replicated
 *   {"op":"publish","service":"sns","at_us":…,"message":…,"bytes":…}   bytes of its text
 *   {"op":"deliver","service":"sns","at_us":…,"message":…}
 *   {"op":"send","service":"sqs","at_us":…,"queue":…,"message":…}   accepted, whoever learns of it
 *   {"op":"deliver","service":"mq","at_us":…,"message":…,"bytes":…,"batch":…}   at each invocation, one a message
 *   {"op":"stall","at_us":…}, {"op":"resume","at_us":…}   replication stands still in between
 *   {"op":"fault","fault":"functions.writer_crashed","at_us":…,"how":…,"function":…,"kind":…,"request":…,
 *    "try":…,"requests":[…]}   an execution that was struck; requests: each "i" in its payload
 *   {"op":"clock","function":…,"instance":…,"at_us":…,"offset_us":…,"drift_ppm":…,"step_us":…,"step_at_us":…}
 *       a process whose clock is wrong, by offset + drift * (t - at), and step from step_at on; a
 *       "fault" line with "instance" follows when it steps
 *
 *   {"op":"fault","fault":"sqs.stalled","at_us":…,"service":…,"call":…,"request":…}   injected on demand;
 *       what it did to messages has "message" and more besides (docs/faults.md)
 *
 * Units:    at_us and friends are microseconds since 1970 of the machine's wall clock.
 * Threads:  safe; each line is one write, in the order of the decisions for one key.
 */

#include "common/data/json.h"
#include "common/time/clock.h"

#include <stdint.h>

struct xcy_truth;

/* path NULL: nothing is written (all calls are allowed and cheap). */
enum xcy_status xcy_truth_open(const char *path, struct xcy_truth **truth,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_truth_close(struct xcy_truth *truth);

bool xcy_truth_is_on(const struct xcy_truth *truth);
void xcy_truth_add(struct xcy_truth *truth, struct xcy_json *line); /* taken */
/* Lines written so far; fewer than added once a write failed. */
uint64_t xcy_truth_count(struct xcy_truth *truth);

#endif
