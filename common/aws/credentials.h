#ifndef XCY_AWS_CREDENTIALS_H
#define XCY_AWS_CREDENTIALS_H

/*
 * credentials.h - who we are, found as every AWS tool finds it.
 *
 * For a loopback endpoint only the sandbox's own key pair is used (its 0600 file, or
 * the environment when the access key there begins with "XCYSANDBOX"), never the
 * user's real one. Otherwise: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN; then the profile ($AWS_PROFILE, default "default") in
 * $AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials) and $AWS_CONFIG_FILE.
 *
 * Secrets:  never logged, never in an error. Cleared before memory is freed.
 * Failure:  XCY_EAUTH: one line with every place that was looked into; XCY_EUSAGE: a key
 *           file of the sandbox that others can read.
 */

#include "common/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct xcy_credentials {
    char *access_key;
    char *secret_key;
    char *session_token; /* NULL: none */
};

/* endpoint NULL: AWS itself. */
enum xcy_status xcy_credentials_load(const char *endpoint, struct xcy_credentials *credentials,
                                     struct xcy_error *err) XCY_MUST_USE;
void xcy_credentials_clear(struct xcy_credentials *credentials);

/* The region of the profile ($AWS_PROFILE, default "default") in $AWS_CONFIG_FILE (~/.aws/config); NULL
 * when there is none. Owned by the caller; release with free(). */
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
