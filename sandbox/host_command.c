#include "sandbox/host_command.h"

#include "common/base/log.h"

#include <sys/resource.h>

/* A connection for each slot of each process, a pipe and a handle for each process. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

enum xcy_status xcy_host_command(const struct xcy_world_options *options, struct xcy_error *err)
{
    struct xcy_world *world = NULL;
    raise_descriptor_limit();
    enum xcy_status status = xcy_world_start(options, &world, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_world_wait(world, err);
    xcy_log(XCY_LOG_INFO, "ending");
    xcy_world_stop(world);
    return status;
}
