#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/services/faults_control.h"
#include "sandbox/world_parts.h"

#include <string.h>

/* An object of S3 is the longest that comes in; the front has a lower bound for the others. */
enum { MAX_BODY_BYTES = 64 << 20 };

enum { KEY_LETTERS = 10, SECRET_HEX = 40 };

/* Ours look like AWS's, but can never be taken for a real one. */
void xcy_world_make_credentials(struct xcy_world *w)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[KEY_LETTERS];
    char key[KEY_LETTERS + 1] = "";
    char secret[SECRET_HEX + 1];
    xcy_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < KEY_LETTERS; i++) {
        key[i] = letters[bytes[i] % (sizeof letters - 1)];
    }
    xcy_random_hex(secret, SECRET_HEX);
    w->credentials.access_key = xcy_format("XCYSANDBOX%s", key);
    w->credentials.secret_key = xcy_strdup(secret);
    explicit_bzero(secret, sizeof secret);
}

static void refuse_early(struct xcy_exchange *exchange)
{
    const struct xcy_reply_header headers[] = {{"Content-Type", "application/json"},
                                               {"x-amzn-ErrorType", "ServiceUnavailable"}};
    xcy_exchange_reply(exchange, 503, headers, 2,
                       xcy_bytes_of("{\"message\":\"the sandbox is starting\"}"));
}

static void handle_request(void *ctx, struct xcy_exchange *exchange)
{
    struct xcy_world *w = ctx;
    if (!atomic_load(&w->is_open)) {
        refuse_early(exchange);
        return;
    }
    xcy_front_handle(w->front, exchange);
}

static void handle_unsigned(void *ctx, struct xcy_exchange *exchange)
{
    static const char runtime[] = "/_runtime/";
    struct xcy_world *w = ctx;
    const char *path = xcy_exchange_path(exchange);
    if (strncmp(path, runtime, sizeof runtime - 1) == 0) {
        xcy_lambda_service_runtime(w->lambda, exchange);
    } else if (strcmp(path, "/_sandbox/status") == 0) {
        xcy_world_reply_status(w, exchange);
    } else {
        const struct xcy_reply_header header = {"Content-Type", "application/json"};
        xcy_exchange_reply(exchange, 404, &header, 1,
                           xcy_bytes_of("{\"message\":\"no such page: /_sandbox/status\"}"));
    }
}

/* Who holds the port, if it is one of us; what to do in any case. */
static enum xcy_status explain_busy(uint16_t port, struct xcy_error *err)
{
    pid_t owner = port ? xcy_state_owner(port) : 0;
    if (owner > 0) {
        return xcy_fail(err, XCY_EFAIL,
                        "port %u: another sandbox (process %d) runs there: stop it with kill %d, "
                        "or choose another port with --port",
                        (unsigned)port, (int)owner, (int)owner);
    }
    if (err->status == XCY_ENET) {
        struct xcy_error reason = *err;
        return xcy_fail(err, XCY_ENET, "%s (--port N; 0: any free one)", reason.text);
    }
    return err->status;
}

static void name_endpoint(struct xcy_world *w)
{
    const char *address = w->deployment->sandbox.listen_address;
    if (!address || strcmp(address, "0.0.0.0") == 0) {
        address = "127.0.0.1";
    }
    bool is_v6 = strchr(address, ':') != NULL;
    w->endpoint = xcy_format("http://%s%s%s:%u", is_v6 ? "[" : "", address, is_v6 ? "]" : "",
                             (unsigned)w->port);
}

enum xcy_status xcy_world_listen(struct xcy_world *w, struct xcy_error *err)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_server_options options = {.address = d->sandbox.listen_address,
                                         .port = (uint16_t)d->sandbox.port,
                                         .max_body_bytes = MAX_BODY_BYTES,
                                         .handle = handle_request,
                                         .ctx = w};
    if (xcy_server_start(&options, &w->server, err) != XCY_OK) {
        return explain_busy(options.port, err);
    }
    w->port = xcy_server_port(w->server);
    name_endpoint(w);
    return XCY_OK;
}

void xcy_world_open_door(struct xcy_world *w)
{
    const struct xcy_service services[XCY_WORLD_MAX_SERVICES] = {
        {"lambda", xcy_lambda_service_handle, w->lambda},
        {"sqs", xcy_sqs_service_handle, w->sqs},
        {"sns", xcy_sns_service_handle, w->sns},
        {"dynamodb", xcy_dynamodb_service_handle, w->dynamodb},
        {"s3", xcy_s3_service_handle, w->s3},
        {"sandbox", xcy_faults_control_handle, w->faults},
        {"sts", xcy_sts_service_handle, w->sts}};
    memcpy(w->services, services, sizeof services);
    struct xcy_front_options options = {.credentials = &w->credentials,
                                        .services = w->services,
                                        .n_services = XCY_WORLD_MAX_SERVICES,
                                        .faults = {.faults = w->faults, .truth = w->truth},
                                        .unsigned_handle = handle_unsigned,
                                        .unsigned_ctx = w};
    w->front = xcy_front_new(&options);
    atomic_store(&w->is_open, true);
}
