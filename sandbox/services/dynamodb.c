#include "sandbox/services/dynamodb.h"

#include "common/base/mem.h"
#include "sandbox/services/dynamodb_operations.h"
#include "sandbox/services/journey.h"

#include <stdlib.h>
#include <string.h>

static const char streams_api[] = "DynamoDBStreams_";

struct xcy_dynamodb_service {
    struct xcy_journeys journeys;
    struct xcy_dynamodb_tables *tables;
    struct xcy_lag *legs[2]; /* by region, as the tables have them */
    char *account;
};

struct xcy_dynamodb_service *
xcy_dynamodb_service_new(const struct xcy_dynamodb_service_options *options)
{
    bool is_one = strcmp(options->writer_region, options->reader_region) == 0;
    struct xcy_dynamodb_world world = {
        .regions = {options->writer_region, options->reader_region},
        .n_regions = is_one ? 1 : 2,
        .truth = options->truth,
        .stall = options->stall,
        .replication = options->replication,
        .settle = options->settle,
        .stream = options->stream,
        .n_shards = options->stream_shards > 0 ? options->stream_shards : 1,
        .account = options->account,
    };
    struct xcy_dynamodb_service *s = xcy_alloc(sizeof *s);
    xcy_journeys_init(&s->journeys, options->timers);
    s->tables = xcy_dynamodb_tables_new(&world);
    s->legs[0] = options->writer_leg;
    s->legs[1] = options->reader_leg;
    s->account = xcy_strdup(options->account);
    return s;
}

void xcy_dynamodb_service_stop(struct xcy_dynamodb_service *s)
{
    xcy_journeys_stop(&s->journeys);
}

void xcy_dynamodb_service_free(struct xcy_dynamodb_service *s)
{
    if (!s) {
        return;
    }
    xcy_dynamodb_tables_free(s->tables);
    xcy_journeys_clear(&s->journeys);
    free(s->account);
    free(s);
}

void xcy_dynamodb_service_add_table(struct xcy_dynamodb_service *s, const char *name,
                                    const char *key_attribute)
{
    xcy_dynamodb_tables_add(s->tables, name, key_attribute, NULL);
}

bool xcy_dynamodb_service_add_streamed(struct xcy_dynamodb_service *s, const char *name,
                                       const char *key_attribute)
{
    return xcy_dynamodb_tables_add(s->tables, name, key_attribute,
                                   xcy_dynamodb_view_find("NEW_AND_OLD_IMAGES"));
}

struct xcy_dynamodb_stream *xcy_dynamodb_service_stream(struct xcy_dynamodb_service *s,
                                                        const char *region, const char *table)
{
    size_t index;
    const struct xcy_dynamodb_table *found = xcy_dynamodb_tables_find(s->tables, table);
    return found && xcy_dynamodb_tables_region(s->tables, region, &index)
               ? xcy_dynamodb_table_stream(found, index)
               : NULL;
}

static void decide(void *request)
{
    struct xcy_dynamodb_request *r = request;
    if (!r->fault.code) {
        r->operation->decide(r);
    }
}

static void answer(void *request)
{
    struct xcy_dynamodb_request *r = request;
    if (r->fault.code) {
        xcy_call_fail(r->call, 400, r->fault.code, "%s", r->fault.message);
        return;
    }
    xcy_assert(!r->out.overflowed);
    xcy_call_reply_text(r->call, 200, "application/x-amz-json-1.0", NULL, 0,
                        xcy_buf_bytes(&r->out));
}

static void request_free(void *request)
{
    xcy_dynamodb_request_free(request);
}

static const struct xcy_journey_stages stages = {decide, answer, request_free};

void xcy_dynamodb_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_dynamodb_service *s = service;
    struct xcy_mono arrival = xcy_mono_now();
    const char *target = xcy_exchange_header(call->exchange, "X-Amz-Target");
    bool is_of_streams = target && strncmp(target, streams_api, sizeof streams_api - 1) == 0;
    const struct xcy_dynamodb_operation *operation =
        xcy_dynamodb_operation_find(call->operation, is_of_streams);
    struct xcy_json *input;
    struct xcy_error err;
    if (call->protocol != XCY_PROTOCOL_JSON || !operation) {
        xcy_call_fail_operation(call);
        return;
    }
    if (xcy_json_parse(call->body, &input, &err) != XCY_OK) {
        xcy_call_fail(call, 400, "SerializationException", "The request's body is not JSON: %s",
                      err.text);
        return;
    }
    struct xcy_dynamodb_request *r = xcy_dynamodb_request_new(s->tables, s->account, call, input);
    r->operation = operation;
    bool is_right = operation->prepare(r);
    xcy_assert(is_right == !r->fault.code);
    int64_t leg_ns = r->has_region ? xcy_lag_draw_ns(s->legs[r->region]) : 0;
    xcy_journeys_travel(&s->journeys, &stages, call, r, arrival, leg_ns);
}
