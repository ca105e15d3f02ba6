#ifndef XCY_COLLECTORS_REFERENCE_STATE_H
#define XCY_COLLECTORS_REFERENCE_STATE_H

/*
 * reference_state.h - the reference implementation's state file (.last.yml): what it deployed, and when
 * each of its requests was replied to.
 *
 * Its Rendezvous branch writes rendezvous_enabled and rendezvous_ncc, too: a file that has the former
 * is of that branch. Keys that gather has no use for are passed over.
 *
 * Memory:   owned by the caller, xcy_reference_state_free.
 * Threads:  read-only after reading.
 * Failure:  XCY_EUSAGE `file:line: …`, with what would be right.
 */

#include "collectors/reference.h"

#include "common/record/combination.h"

struct xcy_reference_reply {
    int64_t i;
    double at_s; /* when the client had the reply */
};

struct xcy_reference_state {
    bool antipode_enabled;
    bool has_rendezvous; /* the Rendezvous branch wrote it */
    enum xcy_reference_switch rendezvous_enabled;
    enum xcy_reference_switch rendezvous_ncc;
    struct xcy_combination combination;  /* storages, delay, regions, and none or antipode */
    char *writer_function;               /* ARN; NULL: it says none */
    int64_t requests;                    /* that succeeded */
    struct xcy_reference_reply *replies; /* as many, by i */
};

enum xcy_status xcy_reference_state_read(const char *path, struct xcy_reference_state **state,
                                         struct xcy_error *err) XCY_MUST_USE;
/* name stands for the file in messages. */
enum xcy_status xcy_reference_state_parse(const char *name, struct xcy_bytes text,
                                          struct xcy_reference_state **state,
                                          struct xcy_error *err) XCY_MUST_USE;
void xcy_reference_state_free(struct xcy_reference_state *state); /* NULL is allowed */

/* Where in replies request i stands; -1: nowhere. */
int64_t xcy_reference_state_find(const struct xcy_reference_state *state, int64_t i);

/* Which columns its traces.csv has, XCY_REFERENCE_…. */
unsigned xcy_reference_state_extra(const struct xcy_reference_state *state);

/* The reference's name for a gather of n results: "[rendezvous[_ncc]__][antipode__]eu-us__n__delay-0ms".
 * Free with free(). */
char *xcy_reference_state_tag(const struct xcy_reference_state *state, int64_t n);

#endif
