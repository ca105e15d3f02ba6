#include "sandbox/services/sqs_operations.h"

#include <string.h>

static const struct xcy_sqs_operation operations[] = {
    {"CreateQueue", xcy_sqs_create_queue, false},
    {"DeleteQueue", xcy_sqs_delete_queue, true},
    {"GetQueueUrl", xcy_sqs_get_queue_url, false},
    {"ListQueues", xcy_sqs_list_queues, false},
    {"GetQueueAttributes", xcy_sqs_get_queue_attributes, true},
    {"SetQueueAttributes", xcy_sqs_set_queue_attributes, true},
    {"PurgeQueue", xcy_sqs_purge_queue, true},
    {"SendMessage", xcy_sqs_send_message, true},
    {"SendMessageBatch", xcy_sqs_send_batch, true},
    {"ReceiveMessage", xcy_sqs_receive_message, true},
    {"DeleteMessage", xcy_sqs_delete_message, true},
    {"DeleteMessageBatch", xcy_sqs_delete_batch_entries, true},
    {"ChangeMessageVisibility", xcy_sqs_change_visibility, true},
    {"ChangeMessageVisibilityBatch", xcy_sqs_change_batch_entries, true},
};

const struct xcy_sqs_operation *xcy_sqs_operation_find(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (strcmp(operations[i].name, name) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}
