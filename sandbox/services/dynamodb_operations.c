#include "sandbox/services/dynamodb_operations.h"

#include <string.h>

static const struct xcy_dynamodb_operation operations[] = {
    {"PutItem", false, xcy_dynamodb_put_prepare, xcy_dynamodb_write_decide},
    {"DeleteItem", false, xcy_dynamodb_delete_prepare, xcy_dynamodb_write_decide},
    {"BatchWriteItem", false, xcy_dynamodb_batch_prepare, xcy_dynamodb_batch_decide},
    {"GetItem", false, xcy_dynamodb_get_prepare, xcy_dynamodb_get_decide},
    {"Scan", false, xcy_dynamodb_scan_prepare, xcy_dynamodb_scan_decide},
    {"DescribeTable", false, xcy_dynamodb_describe_prepare, xcy_dynamodb_describe_decide},
    {"CreateTable", false, xcy_dynamodb_create_prepare, xcy_dynamodb_create_decide},
    {"ListTables", false, xcy_dynamodb_list_prepare, xcy_dynamodb_list_decide},
    {"ListStreams", true, xcy_dynamodb_list_streams_prepare, xcy_dynamodb_list_streams_decide},
    {"DescribeStream", true, xcy_dynamodb_describe_stream_prepare,
     xcy_dynamodb_describe_stream_decide},
    {"GetShardIterator", true, xcy_dynamodb_get_iterator_prepare, xcy_dynamodb_get_iterator_decide},
    {"GetRecords", true, xcy_dynamodb_get_records_prepare, xcy_dynamodb_get_records_decide},
};

const struct xcy_dynamodb_operation *xcy_dynamodb_operation_find(const char *name,
                                                                 bool is_of_streams)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (operations[i].is_of_streams == is_of_streams && strcmp(operations[i].name, name) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}
