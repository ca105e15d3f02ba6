#ifndef XCY_RUN_FOLDER_H
#define XCY_RUN_FOLDER_H

/*
 * folder.h - run directories: runs/<folder>/<tag>-<YYYYmmddHHMMSS>[-n]/. The folder is the combination's,
 * <post>-<notification>, or of what invokes no function the engine's name.
 *
 * runs/latest is a symbolic link to the newest. A folder is created by loadgen, exists
 * before the first request, and is never reused.
 *
 * Memory:   paths are owned by the caller, free().
 */

#include "common/base/buf.h"
#include "common/record/combination.h"
#include "common/time/clock.h"

/* The reference's default tag: "[antipode__]<w>-<r>__<n>__delay-<d>ms". Free with free(). */
char *xcy_run_default_tag(const struct xcy_combination *c, int64_t n_requests);

/* XCY_EUSAGE: it cannot be a part of a folder's name. The two below check it themselves. */
enum xcy_status xcy_run_check_tag(const char *tag, struct xcy_error *err) XCY_MUST_USE;

/* Makes root/<folder>/<tag>-<stamp>[-n]. */
enum xcy_status xcy_run_make(const char *root, const char *folder, const char *tag,
                             struct xcy_wall when, char **path, struct xcy_error *err) XCY_MUST_USE;

/* The same, and points root/latest to it. */
enum xcy_status xcy_run_create(const char *root, const char *folder, const char *tag,
                               struct xcy_wall when, char **path,
                               struct xcy_error *err) XCY_MUST_USE;

/* The run that an argument means: NULL = root/latest; a path; or a path under root. It must hold a
 * run.yml, else XCY_ENOTFOUND says where it looked. */
enum xcy_status xcy_run_find(const char *root, const char *argument, char **path,
                             struct xcy_error *err) XCY_MUST_USE;

char *xcy_run_file(const char *run, const char *file); /* "<run>/<file>", free with free() */

/* Puts a derived file of a run in place, whole, by rename. A text that outgrew its buffer is
 * XCY_EFULL, and the old file stays. */
enum xcy_status xcy_run_replace_file(const char *run, const char *file, const struct xcy_buf *text,
                                     struct xcy_error *err) XCY_MUST_USE;

#endif
