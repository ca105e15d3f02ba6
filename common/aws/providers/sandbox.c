/* sandbox.c - the key file of the sandbox that listens where the keys are for. */

#include "common/aws/providers/provider.h"
#include "common/net/place.h"

#include <stdlib.h>

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    struct xcy_place place = {.port = 0};
    xcy_assert(xcy_place_of(call->endpoint, &place));
    xcy_provider_name_origin(call, "the sandbox's key file");
    enum xcy_status status = xcy_sandbox_credentials_read(place.port, found, err);
    if (status != XCY_ENOTFOUND) {
        return status;
    }
    char *path = xcy_sandbox_credentials_path(place.port);
    status = xcy_fail(err, XCY_EAUTH,
                      "no sandbox is running on %s:%u (%s not found); start it with: sandbox -c "
                      "samples/local.yml",
                      place.host, (unsigned)place.port, path);
    free(path);
    return status;
}

const struct xcy_provider xcy_provider_sandbox = {.name = "sandbox", .find = find};
