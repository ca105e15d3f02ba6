#include "sandbox/running.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "sandbox/state.h"

#include <stdlib.h>
#include <string.h>

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

enum xcy_status xcy_running_find(uint16_t port, struct xcy_running *running, struct xcy_error *err)
{
    struct xcy_running found = {0};
    if (xcy_state_owner(port) == 0) {
        return xcy_fail(err, XCY_ENOTFOUND,
                        "no sandbox runs on port %u: start one with `sandbox`, or name its port "
                        "with --port",
                        (unsigned)port);
    }
    enum xcy_status status = xcy_sandbox_credentials_read(port, &found.credentials, err);
    if (status == XCY_OK) {
        status = read_endpoint(port, &found.endpoint, err);
    }
    if (status == XCY_OK) {
        *running = found;
    } else {
        xcy_running_clear(&found);
    }
    return status;
}

void xcy_running_clear(struct xcy_running *running)
{
    xcy_credentials_clear(&running->credentials);
    free(running->endpoint);
    *running = (struct xcy_running){0};
}
