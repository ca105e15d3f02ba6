/* fuzz_deployment.c - a deployment is refused in one line of usage, or is whole: its combination
 * goes through the functions' environment and comes back. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/deployment/environment.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_whole(const struct xcy_deployment *d)
{
    struct xcy_error err;
    struct xcy_combination back;
    const struct xcy_combination *c = &d->combination;
    xcy_assert(d->writer.region[0] && d->reader.region[0] && d->queue_name);
    xcy_assert(d->writer.function && d->reader.function && d->sandbox.listen_address);
    xcy_assert(d->sandbox.port >= 0 && d->sandbox.port <= 65535);
    xcy_assert(xcy_deployment_reader_longest_ms(d, c) >= 0);
    struct xcy_json *variables = NULL;
    enum xcy_status status = xcy_environment_to_json(d, c, &variables, &err);
    xcy_assert(status == XCY_OK || status == XCY_EUSAGE); /* a password that is not there */
    if (status == XCY_OK) {
        status = xcy_environment_combination(variables, &back, &err);
        xcy_assert(status == XCY_OK && xcy_combination_equal(c, &back));
    }
    char *arn = xcy_deployment_topic_arn(d);
    status = xcy_deployment_check(d, c, &err);
    xcy_assert(status == XCY_OK || status == XCY_EUSAGE);
    free(arn);
    xcy_json_free(variables);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_deployment *d = NULL;
    int fd = memfd_create("deployment", MFD_CLOEXEC);
    xcy_assert(fd >= 0);
    enum xcy_status status = xcy_write_all(fd, xcy_bytes((const char *)data, size), "memory", &err);
    xcy_assert(status == XCY_OK);
    char *path = xcy_format("/proc/self/fd/%d", fd);
    status = xcy_deployment_load(path, &d, &err);
    if (status == XCY_OK) {
        check_whole(d);
    } else {
        xcy_assert(status == XCY_EUSAGE && !d);
        xcy_assert(strncmp(err.text, path, strlen(path)) == 0 && !strchr(err.text, '\n'));
    }
    xcy_deployment_free(d);
    free(path);
    close(fd);
    return 0;
}
