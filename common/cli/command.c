#include "common/cli/command.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The command that a word was probably meant to be; NULL if it is rather an option or a path. */
static const char *meant(const struct xcy_command *commands, size_t n, const char *word)
{
    if (word[0] == '-' || strchr(word, '/') || xcy_file_exists(word)) {
        return NULL;
    }
    const char **names = xcy_alloc_array(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = xcy_nearest(word, names, n);
    free(names);
    return nearest;
}

bool xcy_command_run(const struct xcy_command *commands, size_t n, int argc, char *argv[],
                     int *code)
{
    for (size_t i = 0; argc > 1 && i < n; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            *code = commands[i].run(argc - 1, argv + 1);
            return true;
        }
    }
    const char *name = argc > 1 ? meant(commands, n, argv[1]) : NULL;
    if (name) {
        struct xcy_error err;
        xcy_fail(&err, XCY_EUSAGE,
                 "unknown command '%.100s'; did you mean '%s'? (no file is called so, either); "
                 "try '%s %s --help'",
                 argv[1], name, xcy_log_program(), name);
        *code = xcy_log_exit(&err);
    }
    return name != NULL;
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
