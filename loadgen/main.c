/* main.c - the program loadgen: which command is meant. */

#include "common/base/log.h"
#include "common/base/stop.h"
#include "loadgen/commands/commands.h"

#include <malloc.h>

static const struct xcy_command commands[] = {
    {"find-max", xcy_command_find_max},
    {"merge", xcy_command_merge},
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

/* The load itself takes options only: another word was meant for a command. */
static int refuse(const char *word)
{
    xcy_log(XCY_LOG_ERROR,
            "unknown command '%.100s' (there are find-max and merge; without one, a load is sent); "
            "try 'loadgen --help'",
            word);
    return 2;
}

/* libcurl keeps tables of 29 KB for each connection. As mappings of their own they go back to the
 * system with it: memory follows the connections that are open, and does not stay at the most there
 * ever were. */
static void give_memory_back(void)
{
    mallopt(M_MMAP_THRESHOLD, 24 * 1024); /* NOLINT(concurrency-mt-unsafe): no thread yet */
}

int main(int argc, char *argv[])
{
    give_memory_back();
    xcy_log_init("loadgen", XCY_LOG_WARNING);
    xcy_stop_watch();
    int code = 0;
    if (xcy_command_run(commands, N_COMMANDS, argc, argv, &code)) {
        return code;
    }
    return argc > 1 && argv[1][0] != '-' ? refuse(argv[1]) : xcy_command_load(argc, argv);
}
