/* main.c - the program analyze: which command is meant. */

#include "analyzers/commands/commands.h"
#include "common/base/log.h"

static const struct xcy_command commands[] = {
    {"export", xcy_command_export}, {"compare", xcy_command_compare},
    {"cost", xcy_command_cost},     {"metrics", xcy_command_metrics},
    {"delay", xcy_command_delay},   {"windows", xcy_command_windows},
};

int main(int argc, char *argv[])
{
    int code = 0;
    xcy_log_init("analyze", XCY_LOG_INFO);
    if (xcy_command_run(commands, sizeof commands / sizeof commands[0], argc, argv, &code)) {
        return code;
    }
    return xcy_command_summarise(argc, argv);
}
