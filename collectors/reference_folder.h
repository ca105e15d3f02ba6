#ifndef XCY_COLLECTORS_REFERENCE_FOLDER_H
#define XCY_COLLECTORS_REFERENCE_FOLDER_H

/*
 * reference_folder.h - the folder of a gather of the reference's, ROOT/<post>-<notification>/…. Its name holds
 * the number of results, and so it has another until they are there.
 *
 * Memory:   paths are owned by the caller, free().
 */

#include "common/base/error.h"
#include "common/record/combination.h"

/* state_path: …/unfinished-<digest of that file>, which may be there, with what an earlier gather of the
 * same file received. NULL: a new one, …/unfinished-<stamp>. */
enum xcy_status xcy_reference_folder_open(const char *root, const struct xcy_combination *c,
                                          const char *state_path, char **path,
                                          struct xcy_error *err) XCY_MUST_USE;

/* Renames it to …/<tag>-<stamp>[-n], a name that was not there. */
enum xcy_status xcy_reference_folder_name(const char *root, const struct xcy_combination *c,
                                          const char *tag, const char *unfinished, char **path,
                                          struct xcy_error *err) XCY_MUST_USE;

#endif
