#include "loadgen/plan/target.h"

#include "common/aws/lambda.h"
#include "common/aws/retry.h"
#include "common/deployment/environment.h"

#include <string.h>

/* A check is one small request; what takes longer than this is not there. */
#define CHECK_TIMEOUT_NS (10 * XCY_NS_PER_S)

enum xcy_status xcy_target_load(const char *path, struct xcy_target *target, struct xcy_error *err)
{
    struct xcy_deployment *deployment = NULL;
    enum xcy_status status = xcy_deployment_load(path, &deployment, err);
    if (status == XCY_OK) {
        *target =
            (struct xcy_target){.deployment = deployment, .combination = deployment->combination};
    }
    return status;
}

void xcy_target_clear(struct xcy_target *target)
{
    xcy_key_source_close(target->keys);
    xcy_deployment_free(target->deployment);
    *target = (struct xcy_target){0};
}

enum xcy_status xcy_target_sign_in(struct xcy_target *target, struct xcy_error *err)
{
    return xcy_key_source_open(target->deployment->endpoint, &target->keys, err);
}

static enum xcy_status check_ready(const struct xcy_lambda_function *f,
                                   const struct xcy_function_place *place, struct xcy_error *err)
{
    bool is_ready =
        strcmp(f->state, "Active") == 0 && strcmp(f->last_update_status, "Successful") == 0;
    return is_ready ? XCY_OK
                    : xcy_fail(err, XCY_EFAIL,
                               "function %s in %s is not ready (state %s, last update %s); try "
                               "again, or run deploy",
                               place->function, place->region, f->state, f->last_update_status);
}

/* What one of the two functions runs. */
static enum xcy_status ask_function(const struct xcy_aws *aws,
                                    const struct xcy_function_place *place,
                                    struct xcy_combination *combination, struct xcy_error *err)
{
    struct xcy_lambda_function f = {0};
    enum xcy_status status = xcy_lambda_get_function(aws, place->function, &f, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s", place->region);
    }
    status = check_ready(&f, place, err);
    if (status == XCY_OK &&
        xcy_environment_combination(f.environment, combination, err) != XCY_OK) {
        struct xcy_error known = *err;
        status = xcy_fail(err, XCY_EUSAGE,
                          "function %s in %s runs no known combination (%.600s); "
                          "run deploy",
                          place->function, place->region, known.text);
    }
    xcy_lambda_function_clear(&f);
    return status;
}

static enum xcy_status check_agreement(const struct xcy_target *target,
                                       const struct xcy_combination *writer,
                                       const struct xcy_combination *reader, struct xcy_error *err)
{
    const struct xcy_deployment *d = target->deployment;
    if (!xcy_combination_equal(writer, reader)) {
        char writer_text[160];
        char reader_text[160];
        xcy_combination_describe(writer, writer_text);
        xcy_combination_describe(reader, reader_text);
        return xcy_fail(err, XCY_EUSAGE,
                        "the functions disagree: %s runs [%s], %s runs [%s]; run deploy",
                        d->writer.function, writer_text, d->reader.function, reader_text);
    }
    if (strcmp(writer->writer_region, d->writer.region) != 0 ||
        strcmp(writer->reader_region, d->reader.region) != 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "the functions were deployed for %s to %s, but %s says %s to %s; run "
                        "deploy, or choose the right file with -c",
                        writer->writer_region, writer->reader_region, d->source, d->writer.region,
                        d->reader.region);
    }
    return XCY_OK;
}

static enum xcy_status try_invoke(const struct xcy_aws *aws,
                                  const struct xcy_function_place *writer, struct xcy_error *err)
{
    struct xcy_aws_request request = {0};
    enum xcy_status status = xcy_lambda_invoke_build(aws, writer->function, XCY_INVOKE_DRY_RUN,
                                                     xcy_bytes_of("{}"), &request, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_http_reply reply = {0};
    status = xcy_aws_call(aws, &request, "Lambda Invoke (DryRun)", &reply, err);
    if (status == XCY_OK) {
        xcy_http_reply_clear(&reply);
    } else {
        xcy_error_context(err, "function %s in %s", writer->function, writer->region);
    }
    xcy_aws_request_clear(&request);
    return status;
}

enum xcy_status xcy_target_check(struct xcy_target *target, const struct xcy_plan *plan,
                                 struct xcy_error *err)
{
    const struct xcy_deployment *d = target->deployment;
    int attempts = 0;
    enum xcy_status status = xcy_retry_attempts_few(&attempts, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_http *http = xcy_http_open(NULL);
    struct xcy_aws aws = {.http = http,
                          .endpoint = d->endpoint,
                          .region = d->writer.region,
                          .keys = target->keys,
                          .connect_timeout_ns = plan->connect_timeout_ns,
                          .total_timeout_ns = CHECK_TIMEOUT_NS,
                          .stoppable = true,
                          .attempts = attempts};
    struct xcy_combination writer;
    struct xcy_combination reader;
    status = ask_function(&aws, &d->writer, &writer, err);
    if (status == XCY_OK) {
        status = try_invoke(&aws, &d->writer, err);
    }
    if (status == XCY_OK) {
        aws.region = d->reader.region;
        status = ask_function(&aws, &d->reader, &reader, err);
    }
    if (status == XCY_OK) {
        status = check_agreement(target, &writer, &reader, err);
    }
    if (status == XCY_OK) {
        target->combination = writer;
    }
    xcy_http_close(http);
    return status;
}
