/*
 * http.c - the engine that sends one and the same request, of any kind, to any server.
 */

#include "loadgen/engines/wire.h"

static void classify(const struct xcy_engine_setting *setting, const struct xcy_call *call,
                     const struct xcy_http_reply *reply, struct xcy_answer *answer)
{
    (void)call;
    xcy_classify_web(reply, setting->web->request.signer != NULL, answer);
}

static void prepare(const struct xcy_engine_setting *setting, struct xcy_wire *wire,
                    const struct xcy_credentials *keys)
{
    struct xcy_http_request request = setting->web->request;
    struct xcy_http_signer signer = setting->web->signer;
    signer.access_key = keys->access_key;
    signer.secret_key = keys->secret_key;
    signer.session_token = keys->session_token;
    request.signer = &signer;
    xcy_wire_prepare(wire, &request);
}

static void *http_open(const struct xcy_engine_setting *setting)
{
    struct xcy_wire *wire = xcy_wire_open(setting, NULL, classify);
    if (setting->web->keys) {
        xcy_wire_prepare_signed(wire, setting->web->keys, prepare);
    } else {
        xcy_wire_prepare(wire, &setting->web->request);
    }
    return wire;
}

const struct xcy_engine xcy_engine_http = {
    .name = "http",
    .help = "sends one request, as --url and the options beside it say, again and again",
    .has_target = true,
    .open = http_open,
    .close = xcy_wire_close,
    .start = xcy_wire_start,
    .run = xcy_wire_run,
    .cancel = xcy_wire_cancel,
};
