/*
 * every_request.c - makes one request of every kind that the project makes, once with the names of
 * the sandbox and once with odd ones, for a test that looks at what arrives.
 *
 * Usage:    every_request ENDPOINT
 * Keys:     as every program finds them; $AWS_SESSION_TOKEN is sent also to a loopback endpoint.
 * Output:   a line a request on stdout: names, kind, and ok | refused | failed, with the reason.
 * Failure:  of a single request is a line; the exit code tells only that all were tried.
 */

#include "common/aws/dynamodb.h"
#include "common/aws/lambda.h"
#include "common/aws/sns.h"
#include "common/aws/sqs.h"
#include "common/base/mem.h"
#include "common/base/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ANSWER_BYTES = 16 * 1024 * 1024 };

/* What is asked for. */
struct names {
    const char *label;
    const char *function;
    const char *function_arn;
    const char *queue;
    const char *topic;
    const char *table;
    const char *key_name;
    const char *key;
    const char *text; /* of messages and posts */
    struct xcy_bytes payload;
};

#define BYTES(literal)                                                                             \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* The sandbox has these. */
static const struct names plain = {
    .label = "plain",
    .function = "writer",
    .function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:writer",
    .queue = "evaluations",
    .topic = "arn:aws:sns:eu-central-1:000000000000:notifications",
    .table = "posts",
    .key_name = "key",
    .key = "1ABCDEFGHI",
    .text = "hello",
    .payload = BYTES("{\"i\": 1, \"key\": \"1ABCDEFGHI\", \"client_sent_at\": 1795100000.5}"),
};

/* Nobody has these: blank ~ $ / % & = + and letters beyond ASCII, wherever a request can hold them. */
static const struct names odd = {
    .label = "odd",
    .function = "odd~name.x_-1:$LATEST ~/%&=+ü€",
    .function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:odd:$LATEST ~/%&=+ü€",
    .queue = "odd $LATEST ~/%&=+ü€",
    .topic = "arn:aws:sns:eu-central-1:000000000000:odd $LATEST ~/%&=+ü€",
    .table = "odd $LATEST ~/%&=+ü€",
    .key_name = "odd $LATEST ~/%&=+ü€",
    .key = "odd $LATEST ~/%&=+ü€ key",
    .text = "odd $LATEST ~/%&=+ü€ 'two'  \"lines\"\r\n<😀>\t",
    .payload = BYTES("odd $LATEST ~/%&=+ü€ \0\xff\r\n"),
};

/* One pass over all kinds: what earlier requests brought is used by later ones. */
struct trip {
    struct xcy_aws aws;
    const struct names *names;
    char *queue_url;
    struct xcy_json *environment;
    struct xcy_sqs_batch received;
};

typedef enum xcy_status step_fn(struct trip *t, struct xcy_error *err) XCY_MUST_USE;

static enum xcy_status get_function(struct trip *t, struct xcy_error *err)
{
    struct xcy_lambda_function f = {0};
    enum xcy_status status = xcy_lambda_get_function(&t->aws, t->names->function, &f, err);
    if (status == XCY_OK && f.environment) {
        xcy_json_free(t->environment);
        t->environment = xcy_json_copy(f.environment);
    }
    xcy_lambda_function_clear(&f);
    return status;
}

static enum xcy_status invoke_sync(struct trip *t, struct xcy_error *err)
{
    struct xcy_buf answer;
    xcy_buf_init(&answer, MAX_ANSWER_BYTES);
    enum xcy_status status =
        xcy_lambda_invoke(&t->aws, t->names->function, t->names->payload, &answer, err);
    xcy_buf_clear(&answer);
    return status;
}

static enum xcy_status invoke(struct trip *t, enum xcy_invocation_type type, struct xcy_error *err)
{
    struct xcy_aws_request request;
    struct xcy_http_reply reply = {0};
    enum xcy_status status = xcy_lambda_invoke_build(&t->aws, t->names->function_arn, type,
                                                     t->names->payload, &request, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_aws_call(&t->aws, &request, "Lambda Invoke", &reply, err);
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&request);
    return status;
}

static enum xcy_status invoke_event(struct trip *t, struct xcy_error *err)
{
    return invoke(t, XCY_INVOKE_EVENT, err);
}

static enum xcy_status invoke_dry_run(struct trip *t, struct xcy_error *err)
{
    return invoke(t, XCY_INVOKE_DRY_RUN, err);
}

static enum xcy_status update_environment(struct trip *t, struct xcy_error *err)
{
    return xcy_lambda_update_environment(&t->aws, t->names->function, t->environment, err);
}

/* An escape in a path is signed in a way that versions of libcurl differ in: never sent. */
static enum xcy_status invoke_unsignable(struct trip *t, struct xcy_error *err)
{
    struct xcy_lambda_function f = {0};
    enum xcy_status status = xcy_lambda_get_function(&t->aws, "unsignable name%", &f, err);
    xcy_lambda_function_clear(&f);
    return status;
}

static enum xcy_status queue_url(struct trip *t, struct xcy_error *err)
{
    char *url = NULL;
    enum xcy_status status = xcy_sqs_queue_url(&t->aws, t->names->queue, &url, err);
    if (status == XCY_OK) {
        free(t->queue_url);
        t->queue_url = url;
    }
    return status;
}

static enum xcy_status queue_send(struct trip *t, struct xcy_error *err)
{
    return xcy_sqs_send(&t->aws, t->queue_url, t->names->text, err);
}

static enum xcy_status queue_receive(struct trip *t, struct xcy_error *err)
{
    return xcy_sqs_receive(&t->aws, t->queue_url, 0, 30, &t->received, err);
}

/* The handle of the message received, or one that nobody gave. */
static const char *handle_of(const struct trip *t)
{
    return t->received.n > 0 ? t->received.messages[0].receipt_handle : t->names->text;
}

static enum xcy_status queue_visibility(struct trip *t, struct xcy_error *err)
{
    const char *const handles[] = {handle_of(t)};
    bool failed[1];
    return xcy_sqs_visibility_batch(&t->aws, t->queue_url, handles, 1, 60, failed, err);
}

static enum xcy_status queue_delete(struct trip *t, struct xcy_error *err)
{
    const char *const handles[] = {handle_of(t)};
    bool failed[1];
    return xcy_sqs_delete_batch(&t->aws, t->queue_url, handles, 1, failed, err);
}

static enum xcy_status queue_counts(struct trip *t, struct xcy_error *err)
{
    struct xcy_sqs_counts counts;
    return xcy_sqs_counts(&t->aws, t->queue_url, &counts, err);
}

static enum xcy_status queue_purge(struct trip *t, struct xcy_error *err)
{
    return xcy_sqs_purge(&t->aws, t->queue_url, err);
}

static enum xcy_status publish(struct trip *t, struct xcy_error *err)
{
    return xcy_sns_publish(&t->aws, t->names->topic, t->names->text, NULL, err);
}

static enum xcy_status item_put(struct trip *t, struct xcy_error *err)
{
    const struct xcy_dynamodb_attribute attributes[] = {{t->names->key_name, t->names->key},
                                                        {"body", t->names->text}};
    return xcy_dynamodb_put(&t->aws, t->names->table, attributes, 2, err);
}

static enum xcy_status item_get(struct trip *t, struct xcy_error *err)
{
    struct xcy_json *item = NULL;
    enum xcy_status status = xcy_dynamodb_get(&t->aws, t->names->table, t->names->key_name,
                                              t->names->key, true, t->names->key_name, &item, err);
    xcy_json_free(item);
    return status;
}

static enum xcy_status item_delete(struct trip *t, struct xcy_error *err)
{
    return xcy_dynamodb_delete(&t->aws, t->names->table, t->names->key_name, t->names->key, err);
}

static enum xcy_status table_scan(struct trip *t, struct xcy_error *err)
{
    struct xcy_json *keys = NULL;
    char *next = NULL;
    enum xcy_status status = xcy_dynamodb_scan_keys(&t->aws, t->names->table, t->names->key_name,
                                                    t->names->key, &keys, &next, err);
    xcy_json_free(keys);
    free(next);
    return status;
}

static enum xcy_status table_size(struct trip *t, struct xcy_error *err)
{
    struct xcy_dynamodb_size size;
    return xcy_dynamodb_size(&t->aws, t->names->table, &size, err);
}

/* The kinds, in an order in which all of them can succeed. */
static const struct {
    const char *kind;
    const char *region;
    step_fn *run;
} steps[] = {
    {"lambda GetFunction", "eu-central-1", get_function},
    {"lambda Invoke RequestResponse", "eu-central-1", invoke_sync},
    {"lambda Invoke Event", "eu-central-1", invoke_event},
    {"lambda Invoke DryRun", "eu-central-1", invoke_dry_run},
    {"lambda unsignable", "eu-central-1", invoke_unsignable},
    {"sqs GetQueueUrl", "us-east-1", queue_url},
    {"sqs SendMessage", "us-east-1", queue_send},
    {"sqs ReceiveMessage", "us-east-1", queue_receive},
    {"sqs ChangeMessageVisibilityBatch", "us-east-1", queue_visibility},
    {"sqs DeleteMessageBatch", "us-east-1", queue_delete},
    {"sqs GetQueueAttributes", "us-east-1", queue_counts},
    {"sqs PurgeQueue", "us-east-1", queue_purge},
    {"sns Publish", "eu-central-1", publish},
    {"dynamodb PutItem", "eu-central-1", item_put},
    {"dynamodb GetItem", "eu-central-1", item_get},
    {"dynamodb Scan", "eu-central-1", table_scan},
    {"dynamodb DescribeTable", "eu-central-1", table_size},
    {"dynamodb DeleteItem", "eu-central-1", item_delete},
    {"lambda UpdateFunctionConfiguration", "eu-central-1", update_environment},
};

static const char *word_of(enum xcy_status status)
{
    if (status == XCY_OK) {
        return "ok";
    }
    return status == XCY_EAUTH ? "refused" : "failed";
}

static void travel(const struct xcy_aws *aws, const struct names *names)
{
    struct trip t = {.aws = *aws,
                     .names = names,
                     .queue_url = xcy_format("%s/000000000000/%s", aws->endpoint, names->queue),
                     .environment = xcy_json_new_object()};
    xcy_json_put_string(t.environment, "ODD", names->text);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct xcy_error err = {.text = ""};
        t.aws.region = steps[i].region;
        enum xcy_status status = steps[i].run(&t, &err);
        printf("%s %s: %s%s%s\n", names->label, steps[i].kind, word_of(status),
               status == XCY_OK ? "" : " ", status == XCY_OK ? "" : err.text);
    }
    xcy_sqs_batch_clear(&t.received);
    xcy_json_free(t.environment);
    free(t.queue_url);
}

int main(int argc, char *argv[])
{
    if (argc != 2) {
        fprintf(stderr, "usage: every_request ENDPOINT\n");
        return 2;
    }
    xcy_stop_watch();
    struct xcy_credentials credentials = {0};
    struct xcy_error err;
    enum xcy_status status = xcy_credentials_load(argv[1], &credentials, &err);
    if (status != XCY_OK) {
        fprintf(stderr, "every_request: %s\n", err.text);
        return xcy_exit_code(status);
    }
    const char *token = getenv("AWS_SESSION_TOKEN"); /* NOLINT(concurrency-mt-unsafe) */
    if (token && !credentials.session_token) {
        credentials.session_token = xcy_strdup(token);
    }
    struct xcy_aws aws = {.http = xcy_http_open(NULL),
                          .endpoint = argv[1],
                          .credentials = &credentials,
                          .stoppable = true};
    travel(&aws, &plain);
    travel(&aws, &odd);
    xcy_http_close(aws.http);
    xcy_credentials_clear(&credentials);
    return xcy_stop_asked() ? 130 : 0;
}
