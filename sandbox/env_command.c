#include "sandbox/env_command.h"

#include "sandbox/running.h"

#include <stdio.h>

/* Values are ours: letters, digits and URL characters; quoted all the same. */
static void print_export(const char *name, const char *value)
{
    printf("export %s='%s'\n", name, value);
}

enum xcy_status xcy_env_command(const struct xcy_deployment *deployment, struct xcy_error *err)
{
    struct xcy_running running;
    enum xcy_status status = xcy_running_find((uint16_t)deployment->sandbox.port, &running, err);
    if (status != XCY_OK) {
        return status;
    }
    print_export("AWS_ACCESS_KEY_ID", running.credentials.access_key);
    print_export("AWS_SECRET_ACCESS_KEY", running.credentials.secret_key);
    print_export("AWS_DEFAULT_REGION", deployment->writer.region);
    print_export("AWS_REGION", deployment->writer.region);
    print_export("AWS_ENDPOINT_URL", running.endpoint);
    printf("unset AWS_SESSION_TOKEN AWS_PROFILE\n"
           "# awscli before 2.13 does not know AWS_ENDPOINT_URL: "
           "aws --endpoint-url \"$AWS_ENDPOINT_URL\" ...\n");
    xcy_running_clear(&running);
    return status;
}
