#ifndef XCY_AWS_CREDENTIALS_H
#define XCY_AWS_CREDENTIALS_H

/*
 * credentials.h - a key pair of AWS or of a sandbox, and where sandboxes keep theirs. Where AWS's are
 * looked for, and in which order: chain.c, docs/credentials.md. What a program signs with for longer
 * than a moment comes from a key source (key_source.h), which refreshes it.
 *
 * No key of AWS ever goes to an endpoint on this machine: there, only access keys that begin with
 * XCY_SANDBOX_KEY are used.
 *
 * Secrets:  never logged, never in an error. Cleared before memory is freed.
 */

#include "common/base/error.h"
#include "common/time/clock.h"

#include <stdbool.h>
#include <stdint.h>

#define XCY_SANDBOX_KEY   "XCYSANDBOX"     /* how a sandbox's access keys begin */
#define XCY_SANDBOX_TEMP  "XCYSANDBOXTEMP" /* and those of its STS, which have a session token */
#define XCY_SANDBOX_TOKEN "XCYSANDBOXWEB"  /* and the web identity that it takes */

struct xcy_credentials {
    char *access_key;
    char *secret_key;
    char *session_token;     /* NULL: none */
    struct xcy_wall expires; /* by this machine's clock; ns 0: never, or nobody said */
};

/* Looks once through the chain for what speaks to this endpoint; NULL: AWS itself. XCY_EAUTH: one line
 * with every place that was looked into; XCY_EUSAGE: a key file of the sandbox that others can read. */
enum xcy_status xcy_credentials_load(const char *endpoint, struct xcy_credentials *credentials,
                                     struct xcy_error *err) XCY_MUST_USE;
void xcy_credentials_clear(struct xcy_credentials *credentials);
struct xcy_credentials xcy_credentials_copy(const struct xcy_credentials *credentials);

/* Whether a sandbox made them. */
bool xcy_credentials_are_sandbox(const struct xcy_credentials *credentials);

/* The region of the profile ($AWS_PROFILE, default "default") in the shared files; NULL when there is none.
 * Owned by the caller; release with free(). */
enum xcy_status xcy_profile_region(char **region, struct xcy_error *err) XCY_MUST_USE;

/* Whether libcurl would stay on this machine: place.h. */
bool xcy_endpoint_is_loopback(const char *endpoint);

/* Where the sandbox on this port keeps its key pair: $XDG_RUNTIME_DIR/xcybench or
 * /tmp/xcybench-<uid>, then sandbox-<port>.json. Free with free(). */
char *xcy_sandbox_credentials_path(uint16_t port);

/* The folder of that path, made with mode 0700; refused when it belongs to another user or is open
 * to others. */
enum xcy_status xcy_sandbox_folder_make(char **folder, struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_sandbox_credentials_write(uint16_t port, const struct xcy_credentials *c,
                                              struct xcy_error *err) XCY_MUST_USE;
/* XCY_ENOTFOUND when no sandbox left one; XCY_EUSAGE when the file is another user's or others may
 * read it. */
enum xcy_status xcy_sandbox_credentials_read(uint16_t port, struct xcy_credentials *credentials,
                                             struct xcy_error *err) XCY_MUST_USE;

#endif
