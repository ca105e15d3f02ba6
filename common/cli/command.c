#include "common/cli/command.h"

#include "common/base/log.h"

#include <stdio.h>
#include <string.h>

bool xcy_command_run(const struct xcy_command *commands, size_t n, int argc, char *argv[],
                     int *code)
{
    for (size_t i = 0; argc > 1 && i < n; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            *code = commands[i].run(argc - 1, argv + 1);
            return true;
        }
    }
    return false;
}

int xcy_command_end(struct xcy_buf *result, enum xcy_status status, const struct xcy_error *err)
{
    bool is_printed = fwrite(result->ptr, 1, result->len, stdout) == result->len;
    is_printed = fflush(stdout) == 0 && is_printed;
    xcy_buf_clear(result);
    if (status != XCY_OK) {
        return xcy_log_exit(err);
    }
    if (!is_printed) {
        xcy_log(XCY_LOG_ERROR, "the result could not be written to stdout");
        return 1;
    }
    return 0;
}
