#ifndef XCY_FUNCTIONS_CONSISTENCY_ANTIPODE_H
#define XCY_FUNCTIONS_CONSISTENCY_ANTIPODE_H

/* antipode.h - the Antipode barrier: the reader waits until the store shows the context's write. */

#include "functions/backend.h"

extern const struct xcy_consistency_protocol xcy_antipode_consistency;

#endif
