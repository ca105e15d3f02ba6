#ifndef XCY_LOADGEN_PLAN_DESCRIPTORS_H
#define XCY_LOADGEN_PLAN_DESCRIPTORS_H

/* descriptors.h - how many files and connections this process may hold open at once. */

#include <stdint.h>

/* Raises the soft limit as far as the hard one allows (each request in flight needs a connection of
 * its own) and returns it. */
int64_t xcy_descriptors_raise(void);

#endif
