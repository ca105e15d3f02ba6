#ifndef XCY_SANDBOX_STATE_H
#define XCY_SANDBOX_STATE_H

/*
 * state.h - the folder of a running sandbox, beside its key pair, and how the remains of
 * one that was killed are found: its folder is locked for as long as the process lives.
 *
 *   <private folder>/sandbox-<port>/        locked; data of the stores, status.json
 *   <private folder>/sandbox-<port>.json    the key pair (common/aws/credentials.h)
 *
 * Threads:  one owner.
 */

#include "common/aws/credentials.h"

#include <sys/types.h>

struct xcy_state;

/* Removes what killed sandboxes left, of any port, and says so in the log. */
enum xcy_status xcy_state_clean(struct xcy_error *err) XCY_MUST_USE;

/* Makes and locks the folder of this port. */
enum xcy_status xcy_state_open(uint16_t port, struct xcy_state **state,
                               struct xcy_error *err) XCY_MUST_USE;
/* Removes the folder and the key pair, and the private folder too if it is empty now. */
void xcy_state_close(struct xcy_state *state); /* NULL is allowed */

const char *xcy_state_path(const struct xcy_state *state); /* borrowed */

/* The process id of the sandbox that lives on this port; 0 if none does. */
pid_t xcy_state_owner(uint16_t port);

#endif
