#ifndef XCY_CAMPAIGN_LOCK_H
#define XCY_CAMPAIGN_LOCK_H

/*
 * lock.h - one campaign at a time in a folder.
 *
 * The lock is the kernel's, on a file that names the holder's process. Children hold it, too: where
 * the campaign is gone and they are not, the next one waits until they have ended.
 */

#include "common/base/error.h"

/* XCY_EFAIL: another campaign works there. XCY_ESTOPPED while waiting. *fd: close it to let go. */
enum xcy_status xcy_campaign_lock(const char *folder, int *fd, struct xcy_error *err) XCY_MUST_USE;

#endif
