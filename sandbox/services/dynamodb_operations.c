#include "sandbox/services/dynamodb_operations.h"

#include <string.h>

static const struct xcy_dynamodb_operation operations[] = {
    {"PutItem", xcy_dynamodb_put_prepare, xcy_dynamodb_write_decide},
    {"DeleteItem", xcy_dynamodb_delete_prepare, xcy_dynamodb_write_decide},
    {"BatchWriteItem", xcy_dynamodb_batch_prepare, xcy_dynamodb_batch_decide},
    {"GetItem", xcy_dynamodb_get_prepare, xcy_dynamodb_get_decide},
    {"Scan", xcy_dynamodb_scan_prepare, xcy_dynamodb_scan_decide},
    {"DescribeTable", xcy_dynamodb_describe_prepare, xcy_dynamodb_describe_decide},
    {"CreateTable", xcy_dynamodb_create_prepare, xcy_dynamodb_create_decide},
    {"ListTables", xcy_dynamodb_list_prepare, xcy_dynamodb_list_decide},
};

const struct xcy_dynamodb_operation *xcy_dynamodb_operation_find(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(operations[i].name, name) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}
