#ifndef XCY_ANALYZERS_EXPORT_TARGET_H
#define XCY_ANALYZERS_EXPORT_TARGET_H

/*
 * target.h - where an export may put its file: never over another one unasked.
 *
 * Threads:  safe for different paths.
 * Failure:  XCY_EUSAGE: it is there already and may not be replaced (what is no regular file never
 *           may), or its folder is not.
 */

#include "common/base/error.h"

enum xcy_status xcy_target_check(const char *path, bool may_replace,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
