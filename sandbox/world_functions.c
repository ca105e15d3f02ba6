#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/environment.h"
#include "sandbox/world_parts.h"

#include <stdlib.h>
#include <string.h>

const char *xcy_world_function_name(const struct xcy_function_place *place)
{
    const char *colon = strrchr(place->function, ':');
    return colon ? colon + 1 : place->function;
}

/* The program of that name in the folder of the one that runs here. */
static enum xcy_status beside_ourselves(const char *name, char **path, struct xcy_error *err)
{
    char *folder = NULL;
    enum xcy_status status = xcy_program_folder(&folder, err);
    if (status == XCY_OK) {
        *path = xcy_format("%s/%s", folder, name);
    }
    free(folder);
    return status;
}

static enum xcy_status add_function(struct xcy_world *w, const struct xcy_function_place *place,
                                    enum xcy_fault faults, enum xcy_fault clock_faults,
                                    const char *default_executable,
                                    const struct xcy_json *environment, struct xcy_error *err)
{
    char *beside = NULL;
    enum xcy_status status = XCY_OK;
    if (!place->executable) {
        status = beside_ourselves(default_executable, &beside, err);
    }
    if (status == XCY_OK) {
        struct xcy_lambda_function_options f = {.region = place->region,
                                                .name = xcy_world_function_name(place),
                                                .executable =
                                                    place->executable ? place->executable : beside,
                                                .timeout_ms = place->timeout_ms,
                                                .concurrency_limit = place->concurrency_limit,
                                                .slots = place->slots,
                                                .faults = faults,
                                                .clock_faults = clock_faults,
                                                .environment = environment};
        status = xcy_lambda_service_add_function(w->lambda, &f, err);
    }
    free(beside);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", w->deployment->source);
}

enum xcy_status xcy_world_make_functions(struct xcy_world *w, struct xcy_error *err)
{
    const struct xcy_deployment *d = w->deployment;
    size_t n_variables = 0;
    const struct xcy_lambda_variable *variables = xcy_world_hosts_variables(w->hosts, &n_variables);
    struct xcy_lambda_service_options options = {.timers = w->timers,
                                                 .truth = w->truth,
                                                 .faults = w->faults,
                                                 .supervisor = w->supervisor,
                                                 .credentials = &w->credentials,
                                                 .account = d->sandbox.account,
                                                 .endpoint = w->endpoint,
                                                 .log_path = w->options.function_log,
                                                 .time_scale = d->sandbox.time_scale,
                                                 .idle_s = d->sandbox.idle_s,
                                                 .host_variables = variables,
                                                 .n_host_variables = n_variables};
    enum xcy_status status = xcy_lambda_service_new(&options, &w->lambda, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_json *environment = NULL;
    status = xcy_environment_to_json(d, &d->combination, &environment, err);
    if (status == XCY_OK) {
        status = add_function(w, &d->writer, XCY_FAULT_WRITER, XCY_FAULT_WRITER_CLOCK, "writer",
                              environment, err);
    }
    if (status == XCY_OK) {
        status = add_function(w, &d->reader, XCY_FAULT_READER, XCY_FAULT_READER_CLOCK, "reader",
                              environment, err);
    }
    xcy_json_free(environment);
    return status;
}
