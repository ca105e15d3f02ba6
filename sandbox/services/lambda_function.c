#include "sandbox/services/lambda_function.h"

#include "common/base/mem.h"
#include "common/base/random.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MEMORY_MB = 1024 };

struct xcy_hosted_function *
xcy_hosted_function_new(struct xcy_lambda_service *s,
                        const struct xcy_lambda_function_options *options)
{
    struct xcy_hosted_function *f = xcy_alloc(sizeof *f);
    f->service = s;
    f->region = xcy_strdup(options->region);
    f->name = xcy_strdup(options->name);
    f->arn = xcy_format("arn:aws:lambda:%s:%s:function:%s", f->region, s->account, f->name);
    f->executable = xcy_strdup(options->executable);
    f->description = xcy_strdup("");
    f->timeout_ms = options->timeout_ms;
    f->faults = options->faults;
    f->clock_faults = options->clock_faults;
    f->memory_mb = DEFAULT_MEMORY_MB;
    f->environment =
        options->environment ? xcy_json_copy(options->environment) : xcy_json_new_object();
    f->modified = xcy_wall_now();
    xcy_random_uuid(f->revision);
    xcy_line_limit_init(&f->limit, xcy_mono_now());
    return f;
}

void xcy_hosted_function_free(struct xcy_hosted_function *f)
{
    free(f->region);
    free(f->name);
    free(f->arn);
    free(f->executable);
    free(f->description);
    xcy_json_free(f->environment);
    free(f);
}

struct xcy_hosted_function *xcy_hosted_function_find(struct xcy_lambda_service *s,
                                                     const char *region, const char *name)
{
    struct xcy_hosted_function *f = s->functions;
    while (f && (strcmp(f->region, region) != 0 || strcmp(f->name, name) != 0)) {
        f = f->next;
    }
    return f;
}

bool xcy_hosted_function_is_updating(const struct xcy_hosted_function *f)
{
    return xcy_mono_before(xcy_mono_now(), f->update_done);
}

struct xcy_json *xcy_hosted_function_configuration(const struct xcy_hosted_function *f)
{
    struct xcy_json *c = xcy_json_new_object();
    char modified[21];
    xcy_wall_format_iso(f->modified, modified);
    modified[19] = '\0'; /* AWS writes the zone as +0000 */
    char *with_zone = xcy_format("%s.000+0000", modified);
    char *role = xcy_format("arn:aws:iam::%s:role/xcybench", f->service->account);
    xcy_json_put_string(c, "FunctionName", f->name);
    xcy_json_put_string(c, "FunctionArn", f->arn);
    xcy_json_put_string(c, "Runtime", "provided.al2023");
    xcy_json_put_string(c, "Role", role);
    xcy_json_put_string(c, "Handler", "bootstrap");
    xcy_json_put_string(c, "Description", f->description);
    xcy_json_put_int64(c, "Timeout", (f->timeout_ms + 999) / 1000);
    xcy_json_put_int64(c, "MemorySize", f->memory_mb);
    xcy_json_put_string(c, "LastModified", with_zone);
    xcy_json_put_string(c, "Version", "$LATEST");
    xcy_json_put(xcy_json_put_object(c, "Environment"), "Variables", xcy_json_copy(f->environment));
    xcy_json_put_string(xcy_json_put_object(c, "TracingConfig"), "Mode", "PassThrough");
    xcy_json_put_string(c, "RevisionId", f->revision);
    xcy_json_put_string(c, "State", "Active");
    xcy_json_put_string(c, "LastUpdateStatus",
                        xcy_hosted_function_is_updating(f) ? "InProgress" : "Successful");
    xcy_json_put_string(c, "PackageType", "Zip");
    free(with_zone);
    free(role);
    return c;
}
