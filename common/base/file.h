#ifndef XCY_BASE_FILE_H
#define XCY_BASE_FILE_H

/*
 * file.h - whole files, whole writes, folders.
 *
 * Threads:  safe for different paths.
 * Failure:  XCY_EIO or XCY_EFULL, naming the path and the reason.
 */

#include "common/base/buf.h"

#include <stdint.h>
#include <sys/types.h>

/* Appends the file's bytes to buf (its max bounds them). XCY_ENOTFOUND if there is none. */
enum xcy_status xcy_file_read(const char *path, struct xcy_buf *buf,
                              struct xcy_error *err) XCY_MUST_USE;

/* Writes beside the path, fsyncs, renames over it: a reader sees the old or the new file, whole.
 * mode as for open(2), e.g. 0644; 0600 for secrets. */
enum xcy_status xcy_file_replace(const char *path, struct xcy_bytes bytes, mode_t mode,
                                 struct xcy_error *err) XCY_MUST_USE;

/* The same for a file that is too large to stand in memory, or that a library writes: the caller
 * writes it under the name beside the path (owned by the caller, free()) and puts it in place when
 * it is whole. If that fails the new file is removed, and the old one stays. */
char *xcy_file_beside(const char *path);
enum xcy_status xcy_file_put(const char *beside, const char *path,
                             struct xcy_error *err) XCY_MUST_USE;

/* Writes all bytes to fd, through short writes and EINTR. path is for the message. */
enum xcy_status xcy_write_all(int fd, struct xcy_bytes bytes, const char *path,
                              struct xcy_error *err) XCY_MUST_USE;

/* Makes the name of a new file last, as fsync of the file does for its bytes. */
enum xcy_status xcy_file_sync_name(const char *path, struct xcy_error *err) XCY_MUST_USE;

/* The folder of the program that runs here; owned by the caller, release with free(). */
enum xcy_status xcy_program_folder(char **folder, struct xcy_error *err) XCY_MUST_USE;

bool xcy_file_exists(const char *path);

/* As mkdir -p, new folders with the given mode. */
enum xcy_status xcy_dir_make(const char *path, mode_t mode, struct xcy_error *err) XCY_MUST_USE;

/* Removes the folder and all in it; follows no symbolic link. A missing one is no failure. */
enum xcy_status xcy_dir_remove(const char *path, struct xcy_error *err) XCY_MUST_USE;

#endif
