#include "collectors/ask.h"

#include "collectors/sizes.h"

#include "common/aws/lambda.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/run/folder.h"

#include <stdlib.h>

enum { MAX_STATS_BYTES = 1 << 20 };

enum xcy_status xcy_ask_stats(const struct xcy_ask_whom *whom, const struct xcy_retry_plan *retry,
                              struct xcy_buf *reply, struct xcy_error *err)
{
    static const char question[] = "{\"-#STATS#-\": true}";
    struct xcy_key_source *keys = NULL;
    enum xcy_status status = xcy_key_source_open(whom->endpoint, &keys, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_aws aws = {
        .http = xcy_http_open(NULL),
        .endpoint = whom->endpoint,
        .region = whom->region,
        .keys = keys,
        .stoppable = true,
    };
    struct xcy_retry again = xcy_retry_begin(retry);
    do {
        xcy_buf_reset(reply);
        status = xcy_lambda_invoke(&aws, whom->function, xcy_bytes_of(question), reply, err);
    } while (xcy_retry_again(&again, status, err));
    xcy_http_close(aws.http);
    xcy_key_source_close(keys);
    return status;
}

void xcy_ask_sizes(const char *run_path, const struct xcy_manifest *manifest, const char *endpoint,
                   const struct xcy_retry_plan *retry)
{
    char *path = xcy_run_file(run_path, "stats.json");
    struct xcy_error err;
    struct xcy_sizes sizes;
    struct xcy_buf reply;
    xcy_buf_init(&reply, MAX_STATS_BYTES);
    if (!xcy_file_exists(path)) {
        struct xcy_ask_whom whom = {.endpoint = endpoint,
                                    .region = manifest->combination.writer_region,
                                    .function = manifest->writer_function};
        enum xcy_status status = xcy_ask_stats(&whom, retry, &reply, &err);
        if (status == XCY_OK) {
            status = xcy_sizes_parse(xcy_buf_bytes(&reply), &manifest->combination, &sizes, &err);
        }
        if (status == XCY_OK) {
            xcy_buf_add_char(&reply, '\n');
            status = xcy_file_replace(path, xcy_buf_bytes(&reply), 0644, &err);
        }
        if (status != XCY_OK) {
            xcy_log(XCY_LOG_WARNING, "no sizes from the post storage: %s", err.text);
        }
    }
    xcy_buf_clear(&reply);
    free(path);
}
