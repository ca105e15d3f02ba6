/* writer.c - the writer function: see writer_handler.h. */

#include "functions/function.h"
#include "functions/slot.h"

int main(int argc, char *argv[])
{
    const struct xcy_function writer = {
        .name = "writer",
        .summary = "the function that writes a post and publishes its notification",
        .side = XCY_SIDE_WRITER,
        .handle = xcy_slot_write,
    };
    return xcy_function_main(&writer, argc, argv);
}
