#ifndef XCY_COLLECTORS_UNFINISHED_H
#define XCY_COLLECTORS_UNFINISHED_H

/*
 * unfinished.h - the file gather.unfinished: it stands in a run from before the first message is taken
 * until all that were taken are deleted. By it the next gather knows that the queue may give some of them
 * again.
 */

#include "common/base/error.h"

#include <stdbool.h>

bool xcy_unfinished_stands(const char *run_path);
enum xcy_status xcy_unfinished_begin(const char *run_path, struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_unfinished_end(const char *run_path, struct xcy_error *err) XCY_MUST_USE;

#endif
