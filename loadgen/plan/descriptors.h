#ifndef XCY_LOADGEN_PLAN_DESCRIPTORS_H
#define XCY_LOADGEN_PLAN_DESCRIPTORS_H

/* descriptors.h - how many files and connections this process may hold open at once. */

#include <stdint.h>

/* Raises the soft limit as far as the hard one allows (each request in flight may need a connection of
 * its own, XCY_HTTP_DESCRIPTORS of them) and returns it. */
int64_t xcy_descriptors_raise(void);

#endif
