#include "common/base/mem.h"
#include "sandbox/front/error_code.h"
#include "sandbox/services/sqs_operations.h"

#include <string.h>

enum { MAX_ENTRIES = 10, MAX_ID = 80, MAX_BATCH_BYTES = 1048576 };

static bool check_ids(struct xcy_sqs_request *r, const struct xcy_json *entries)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *ids[MAX_ENTRIES];
    size_t n = 0;
    for (const struct xcy_json *entry = xcy_json_first(entries); entry;
         entry = xcy_json_next(entry)) {
        const char *id = xcy_json_get_string(entry, "Id", "");
        size_t len = strlen(id);
        if (len == 0 || len > MAX_ID || strspn(id, characters) != len) {
            return xcy_sqs_fail(r, 400, "InvalidBatchEntryId",
                                "A batch entry id can only contain alphanumeric characters, "
                                "hyphens and underscores. It can be at most 80 letters long.");
        }
        for (size_t i = 0; i < n; i++) {
            if (strcmp(ids[i], id) == 0) {
                return xcy_sqs_fail(r, 400, "BatchEntryIdsNotDistinct", "Id %s repeated.", id);
            }
        }
        ids[n++] = id;
    }
    return true;
}

static bool check_batch(struct xcy_sqs_request *r, const struct xcy_json *entries)
{
    size_t n = xcy_json_kind(entries) == XCY_JSON_ARRAY ? xcy_json_size(entries) : 0;
    if (n == 0) {
        return xcy_sqs_fail(r, 400, "EmptyBatchRequest",
                            "There should be at least one %sRequestEntry in the request.",
                            r->call->operation);
    }
    if (n > MAX_ENTRIES) {
        return xcy_sqs_fail(r, 400, "TooManyEntriesInBatchRequest",
                            "Maximum number of entries per request are %d. You have sent %zu.",
                            MAX_ENTRIES, n);
    }
    return check_ids(r, entries);
}

static bool fails_on_demand(struct xcy_sqs_request *r, const char *id)
{
    return xcy_sqs_request_strikes(r, XCY_FAULT_SQS_BATCH_ENTRY_FAILED, "entry", id) &&
           !xcy_sqs_fail(r, 500, "InternalError", "The entry failed inside the service.");
}

static void put_failed(struct xcy_json *failed, const char *id, const struct xcy_sqs_fault *fault)
{
    struct xcy_json *one = xcy_json_append_object(failed);
    xcy_json_put_string(one, "Id", id);
    xcy_json_put_bool(one, "SenderFault", fault->status < 500);
    xcy_json_put_string(one, "Code", xcy_error_code_query(fault->code));
    xcy_json_put_string(one, "Message", fault->message);
}

/* Each entry succeeds or fails for itself; the request as a whole is answered with 200. */
static bool run_batch(struct xcy_sqs_request *r, xcy_sqs_entry_fn *run)
{
    const struct xcy_json *entries = xcy_json_get(r->input, "Entries");
    if (!check_batch(r, entries)) {
        return false;
    }
    struct xcy_json *successful = xcy_json_new_array();
    struct xcy_json *failed = xcy_json_new_array();
    for (const struct xcy_json *entry = xcy_json_first(entries); entry;
         entry = xcy_json_next(entry)) {
        const char *id = xcy_json_get_string(entry, "Id", "");
        struct xcy_json *result = xcy_json_new_object();
        xcy_json_put_string(result, "Id", id);
        if (!fails_on_demand(r, id) && run(r, entry, result)) {
            xcy_json_append(successful, result);
        } else {
            put_failed(failed, id, &r->fault);
            xcy_json_free(result);
        }
    }
    r->fault.status = 0;
    r->output = xcy_json_new_object();
    xcy_json_put(r->output, "Successful", successful);
    xcy_json_put(r->output, "Failed", failed);
    return true;
}

bool xcy_sqs_send_batch(struct xcy_sqs_request *r)
{
    size_t bytes = 0;
    const struct xcy_json *entries = xcy_json_get(r->input, "Entries");
    for (const struct xcy_json *entry = xcy_json_first(entries); entry;
         entry = xcy_json_next(entry)) {
        bytes += xcy_sqs_entry_bytes(entry);
    }
    if (bytes > MAX_BATCH_BYTES) {
        return xcy_sqs_fail(r, 400, "BatchRequestTooLong",
                            "Batch requests cannot be longer than %d bytes. You have sent %zu "
                            "bytes.",
                            MAX_BATCH_BYTES, bytes);
    }
    return run_batch(r, xcy_sqs_send_entry);
}

bool xcy_sqs_delete_batch_entries(struct xcy_sqs_request *r)
{
    return run_batch(r, xcy_sqs_delete_entry);
}

bool xcy_sqs_change_batch_entries(struct xcy_sqs_request *r)
{
    return run_batch(r, xcy_sqs_change_entry);
}
