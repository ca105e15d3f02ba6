#ifndef XCY_SANDBOX_SERVICES_S3_BODY_H
#define XCY_SANDBOX_SERVICES_S3_BODY_H

/*
 * s3_body.h - what objects hold, each a file in one folder: there before a write is answered, shared by
 * a version and its replica, and removed with the last version that has it. None is in memory.
 *
 * Use: open a store of bodies; write one from bytes; open it to send it; release.
 *
 * Memory:   bodies are counted; a folder outlives its bodies.
 * Threads:  safe.
 * Failure:  XCY_EIO or XCY_EFULL, naming the file.
 */

#include "common/base/buf.h"
#include "common/net/crypto.h"

#include <stdint.h>

struct xcy_s3_folder;
struct xcy_s3_body;

struct xcy_s3_folder *xcy_s3_folder_new(const char *path); /* made with the first body */
/* Removes the folder, if it is empty. */
void xcy_s3_folder_free(struct xcy_s3_folder *folder);

/* Owned by the caller, as one holder. */
enum xcy_status xcy_s3_body_write(struct xcy_s3_folder *folder, struct xcy_bytes bytes,
                                  struct xcy_s3_body **body, struct xcy_error *err) XCY_MUST_USE;
struct xcy_s3_body *xcy_s3_body_hold(struct xcy_s3_body *body);
void xcy_s3_body_release(struct xcy_s3_body *body); /* NULL is allowed */

uint64_t xcy_s3_body_bytes(const struct xcy_s3_body *body);
const char *xcy_s3_body_md5(const struct xcy_s3_body *body); /* hex, borrowed */
/* A descriptor for reading, the caller's; -1 if it cannot be had (errno says why). */
int xcy_s3_body_open(const struct xcy_s3_body *body);

#endif
