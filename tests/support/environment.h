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
    static const char *const names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SESSION_TOKEN", "AWS_PROFILE",
                                        "AWS_REGION",        "AWS_DEFAULT_REGION",
                                        "AWS_CONFIG_FILE",   "AWS_SHARED_CREDENTIALS_FILE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put_variable(names[i], NULL);
    }
    put_variable("HOME", folder);
    put_variable("XDG_RUNTIME_DIR", folder);
}

#endif
