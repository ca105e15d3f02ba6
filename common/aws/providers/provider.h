#ifndef XCY_AWS_PROVIDERS_PROVIDER_H
#define XCY_AWS_PROVIDERS_PROVIDER_H

/*
 * provider.h - one place where credentials may be found. Adding one is a file here and a line in
 * chain.c. Private to common/aws.
 *
 * Secrets:  never in an error, in `looked` or in `origin`.
 * Threads:  a call belongs to one.
 */

#include "common/aws/profiles.h"
#include "common/aws/request.h"

struct xcy_refresh;

struct xcy_provider_call {
    const char *endpoint; /* whom the keys are for; NULL: AWS */
    bool is_sandbox;      /* that is on this machine: only a sandbox's own secrets may be used */
    const struct xcy_refresh *refresh; /* NULL: of the first keys */
    struct xcy_profiles profiles;
    struct xcy_http *http;
    struct xcy_buf looked; /* every place looked into in vain */
    char origin[256];      /* where they were found; set by who found them */
};

struct xcy_provider {
    const char *name;
    /* XCY_ENOTFOUND, with `looked` grown: nothing is configured here, the next one is asked. Any other
     * failure ends the search. Credentials are owned by the caller. */
    enum xcy_status (*find)(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err);
};

extern const struct xcy_provider xcy_provider_environment;
extern const struct xcy_provider xcy_provider_web_identity;
extern const struct xcy_provider xcy_provider_profile;
extern const struct xcy_provider xcy_provider_container;
extern const struct xcy_provider xcy_provider_instance;
extern const struct xcy_provider xcy_provider_sandbox;

/* Adds a place to `looked`, and is XCY_ENOTFOUND. */
enum xcy_status xcy_provider_pass(struct xcy_provider_call *call, const char *fmt, ...)
    XCY_PRINTF(2, 3);
void xcy_provider_name_origin(struct xcy_provider_call *call, const char *fmt, ...)
    XCY_PRINTF(2, 3);

/* Unsigned, never through a proxy, with time bounds of both kinds; XCY_ENET when nobody answered. The
 * caller clears the reply. */
enum xcy_status xcy_provider_ask(struct xcy_provider_call *call, struct xcy_http_request *request,
                                 int64_t timeout_ns, struct xcy_http_reply *reply,
                                 struct xcy_error *err) XCY_MUST_USE;

/* A role, as a profile or the environment asks for it. NULL and 0: not said. */
struct xcy_role_wish {
    const char *arn;
    const char *session_name;
    const char *external_id;
    const char *duration; /* seconds, as it stands in the file */
    const char *region;   /* the profile's */
};

/* The role's keys, for the base keys; these go to an STS of their own kind only. */
enum xcy_status xcy_role_assume(struct xcy_provider_call *call, const struct xcy_role_wish *wish,
                                const struct xcy_credentials *base, struct xcy_credentials *found,
                                struct xcy_error *err) XCY_MUST_USE;
/* The same for the token in a file, which is read anew each time: whoever keeps it replaces it. */
enum xcy_status xcy_role_assume_by_token(struct xcy_provider_call *call,
                                         const struct xcy_role_wish *wish, const char *token_path,
                                         struct xcy_credentials *found,
                                         struct xcy_error *err) XCY_MUST_USE;

/* What a command prints; name is for messages. It is ended when abandoned_fd (-1: none) is readable. */
enum xcy_status xcy_process_run(const char *command, const char *name, int abandoned_fd,
                                struct xcy_credentials *found, struct xcy_error *err) XCY_MUST_USE;

#endif
