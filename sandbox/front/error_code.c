#include "sandbox/front/error_code.h"

#include <stddef.h>
#include <string.h>

struct name {
    const char *code;
    const char *namespace; /* NULL: the service's own */
    const char *query;
};

static const char coral[] = "com.amazon.coral.service";

static const struct name names[] = {
    {"MissingAuthenticationTokenException", coral, "MissingAuthenticationToken"},
    {"IncompleteSignatureException", coral, "IncompleteSignature"},
    {"UnrecognizedClientException", coral, "InvalidClientTokenId"},
    {"ExpiredTokenException", coral, "ExpiredToken"},
    {"InvalidSignatureException", coral, "SignatureDoesNotMatch"},
    {"UnknownOperationException", coral, "InvalidAction"},
    {"SerializationException", coral, "MalformedInput"},
    {"InvalidParameterValueException", coral, "InvalidParameterValue"},
    {"MissingRequiredParameterException", coral, "MissingParameter"},
    {"ValidationException", "com.amazon.coral.validate", "ValidationError"},
    {"QueueDoesNotExist", NULL, "AWS.SimpleQueueService.NonExistentQueue"},
    {"QueueNameExists", NULL, "QueueAlreadyExists"},
    {"PurgeQueueInProgress", NULL, "AWS.SimpleQueueService.PurgeQueueInProgress"},
    {"MessageNotInflight", NULL, "AWS.SimpleQueueService.MessageNotInflight"},
    {"TooManyEntriesInBatchRequest", NULL, "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"},
    {"EmptyBatchRequest", NULL, "AWS.SimpleQueueService.EmptyBatchRequest"},
    {"BatchEntryIdsNotDistinct", NULL, "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"},
    {"InvalidBatchEntryId", NULL, "AWS.SimpleQueueService.InvalidBatchEntryId"},
    {"BatchRequestTooLong", NULL, "AWS.SimpleQueueService.BatchRequestTooLong"},
    {"UnsupportedOperation", NULL, "AWS.SimpleQueueService.UnsupportedOperation"},
};

static const struct {
    const char *service;
    const char *namespace;
} namespaces[] = {
    {"sqs", "com.amazonaws.sqs"},
    {"dynamodb", "com.amazonaws.dynamodb.v20120810"},
};

static const struct name *find(const char *code)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].code, code) == 0) {
            return &names[i];
        }
    }
    return NULL;
}

const char *xcy_error_code_query(const char *code)
{
    const struct name *name = find(code);
    return name ? name->query : code;
}

const char *xcy_error_code_namespace(const char *service, const char *code)
{
    const struct name *name = find(code);
    if (name && name->namespace) {
        return name->namespace;
    }
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
        if (strcmp(namespaces[i].service, service) == 0) {
            return namespaces[i].namespace;
        }
    }
    return coral;
}
