/* main.c - the program loadgen: which command is meant. */

#include "common/base/log.h"
#include "common/base/stop.h"
#include "loadgen/commands/commands.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char *argv[]);
} commands[] = {
    {"find-max", xcy_command_find_max},
    {"merge", xcy_command_merge},
};

int main(int argc, char *argv[])
{
    xcy_log_init("loadgen", XCY_LOG_WARNING);
    xcy_stop_watch();
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return xcy_command_load(argc, argv);
}
