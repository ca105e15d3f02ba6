/* reader.c - the reader function: see reader_handler.h. */

#include "functions/function.h"
#include "functions/slot.h"

int main(int argc, char *argv[])
{
    const struct xcy_function reader = {
        .name = "reader",
        .summary = "the function that receives a notification and reads its post",
        .side = XCY_SIDE_READER,
        .handle = xcy_slot_read,
    };
    return xcy_function_main(&reader, argc, argv);
}
