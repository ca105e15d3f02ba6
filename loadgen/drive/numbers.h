#ifndef XCY_LOADGEN_DRIVE_NUMBERS_H
#define XCY_LOADGEN_DRIVE_NUMBERS_H

/*
 * numbers.h - the slots of a closed loop, numbered as its workers begin them: 0, 1, 2, … without a
 * gap, whoever takes the next.
 *
 * The warm-up's slots are a prefix of these: its end and the next number are one atomic word, so that
 * every number taken before the end is below every number taken after it. The limit counts from there.
 *
 * Threads:  safe.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct xcy_numbers {
    atomic_llong word; /* the next number, and a flag: the warm-up is over */
    atomic_llong end;  /* once it is over: the first number that nobody takes */
    int64_t limit;     /* of measured ones; 0: none */
};

void xcy_numbers_init(struct xcy_numbers *numbers, int64_t limit, bool has_warmup);

/* False when the limit is reached; else the number that is taken next. */
bool xcy_numbers_look(const struct xcy_numbers *numbers, int64_t *next);
/* Takes the number that was looked up; false when another worker was faster: look again. What must be
 * there for a number (room in a file) is so made before anybody has it. */
bool xcy_numbers_take(struct xcy_numbers *numbers, int64_t number, bool *is_warmup);
/* The numbers taken from now on are measured. */
void xcy_numbers_end_warmup(struct xcy_numbers *numbers);

/* Takes all that are left of those with a limit, once the warm-up is over; how many these were. */
int64_t xcy_numbers_take_rest(struct xcy_numbers *numbers);

int64_t xcy_numbers_taken(const struct xcy_numbers *numbers);

#endif
