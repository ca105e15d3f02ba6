#ifndef XCY_FUNCTIONS_CONSISTENCY_NONE_H
#define XCY_FUNCTIONS_CONSISTENCY_NONE_H

/* none.h - no consistency protocol: the reader reads at once. */

#include "functions/backend.h"

extern const struct xcy_consistency_protocol xcy_none_consistency;

#endif
