#include "sandbox/env_command.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "sandbox/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values are ours: letters, digits and URL characters; quoted all the same. */
static void print_export(const char *name, const char *value)
{
    printf("export %s='%s'\n", name, value);
}

enum { MAX_STATUS_BYTES = 1 << 20 };

/* Where the sandbox of this port says it is; owned by the caller. */
static enum xcy_status read_endpoint(uint16_t port, char **endpoint, struct xcy_error *err)
{
    char *keys = xcy_sandbox_credentials_path(port);
    char *path = xcy_format("%.*s/status.json", (int)(strlen(keys) - strlen(".json")), keys);
    struct xcy_json *status = NULL;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_STATUS_BYTES);
    enum xcy_status code = xcy_file_read(path, &text, err);
    if (code == XCY_OK) {
        code = xcy_json_parse(xcy_buf_bytes(&text), &status, err);
    }
    const char *found = xcy_json_get_string(status, "endpoint", NULL);
    if (code == XCY_OK && !found) {
        code = xcy_fail(err, XCY_EPARSE, "%s: no endpoint in it", path);
    }
    if (code == XCY_OK) {
        *endpoint = xcy_strdup(found);
    }
    xcy_json_free(status);
    xcy_buf_clear(&text);
    free(path);
    free(keys);
    return code;
}

enum xcy_status xcy_env_command(const struct xcy_deployment *deployment, struct xcy_error *err)
{
    uint16_t port = (uint16_t)deployment->sandbox.port;
    struct xcy_credentials credentials = {NULL, NULL, NULL};
    char *endpoint = NULL;
    if (xcy_state_owner(port) == 0) {
        return xcy_fail(err, XCY_ENOTFOUND,
                        "no sandbox runs on port %u: start one with `sandbox`, or name its port "
                        "with --port",
                        (unsigned)port);
    }
    enum xcy_status status = xcy_sandbox_credentials_read(port, &credentials, err);
    if (status == XCY_OK) {
        status = read_endpoint(port, &endpoint, err);
    }
    if (status == XCY_OK) {
        print_export("AWS_ACCESS_KEY_ID", credentials.access_key);
        print_export("AWS_SECRET_ACCESS_KEY", credentials.secret_key);
        print_export("AWS_DEFAULT_REGION", deployment->writer.region);
        print_export("AWS_REGION", deployment->writer.region);
        print_export("AWS_ENDPOINT_URL", endpoint);
        printf("unset AWS_SESSION_TOKEN AWS_PROFILE\n"
               "# awscli before 2.13 does not know AWS_ENDPOINT_URL: "
               "aws --endpoint-url \"$AWS_ENDPOINT_URL\" ...\n");
    }
    xcy_credentials_clear(&credentials);
    free(endpoint);
    return status;
}
