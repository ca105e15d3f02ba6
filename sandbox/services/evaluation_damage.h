#ifndef XCY_SANDBOX_SERVICES_EVALUATION_DAMAGE_H
#define XCY_SANDBOX_SERVICES_EVALUATION_DAMAGE_H

/*
 * evaluation_damage.h - a message damaged in the n-th way: first as a whole (cut, not JSON, …), then
 * each of its fields in turn, however deep, in each way that a field can be damaged. Then it begins
 * anew. Every way leaves a text that SQS carries.
 *
 * Not every damage makes a message wrong: a reader may pass over a field that it does not need.
 *
 * Threads:  safe.
 */

#include <stddef.h>
#include <stdint.h>

enum { XCY_DAMAGE_NAME_BYTES = 160 };

struct xcy_evaluation_damage {
    char *text;                       /* owned */
    char name[XCY_DAMAGE_NAME_BYTES]; /* "cut", "missing xcy.points_us.seen" */
};

void xcy_evaluation_damage(const char *body, uint64_t n, struct xcy_evaluation_damage *damage);
void xcy_evaluation_damage_clear(struct xcy_evaluation_damage *damage);

/* How many ways there are for this message, before they begin anew. */
size_t xcy_evaluation_damages(const char *body);

#endif
