#ifndef XCY_TESTS_SUPPORT_ENVIRONMENT_H
#define XCY_TESTS_SUPPORT_ENVIRONMENT_H

/* environment.h - the variables of a test that has no second thread meanwhile. */

#include <stddef.h>
#include <stdlib.h>

/* text NULL: removes it. */
static inline void put_variable(const char *name, const char *text)
{
    if (text) {
        setenv(name, text, 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    } else {
        unsetenv(name); /* NOLINT(concurrency-mt-unsafe): one thread */
    }
}

/* Without a trace of the real user's: an empty folder is home and holds what runs. */
static inline void move_home(const char *folder)
{
    static const char *const names[] = {"AWS_ACCESS_KEY_ID",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "AWS_PROFILE",
                                        "AWS_REGION",
                                        "AWS_DEFAULT_REGION",
                                        "AWS_CONFIG_FILE",
                                        "AWS_SHARED_CREDENTIALS_FILE",
                                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                                        "AWS_ROLE_ARN",
                                        "AWS_ROLE_SESSION_NAME",
                                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                                        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                        "AWS_ENDPOINT_URL",
                                        "AWS_ENDPOINT_URL_STS",
                                        "AWS_ENDPOINT_URL_SQS",
                                        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                        "XCY_SANDBOX_CREDENTIALS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put_variable(names[i], NULL);
    }
    put_variable("AWS_EC2_METADATA_DISABLED", "true"); /* nobody answers there, a second long */
    put_variable("HOME", folder);
    put_variable("XDG_RUNTIME_DIR", folder);
}

#endif
