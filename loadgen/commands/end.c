#include "common/base/log.h"
#include "loadgen/commands/commands.h"

#include <stdio.h>

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
