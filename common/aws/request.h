#ifndef XCY_AWS_REQUEST_H
#define XCY_AWS_REQUEST_H

/*
 * request.h - the one builder of signed requests. What it makes follows every rule of
 * libcurl's SigV4 signer: all four parts given, Content-Type always given, path and
 * query encoded as signed, sorted query, no header that the signer would drop,
 * repeat or mis-sort, empty credentials refused. Service clients build through it
 * and nothing else makes a signed request.
 *
 * Use: init, add query / headers / body, finish, then send `http`; clear.
 *
 * Where to: $AWS_ENDPOINT_URL_<SERVICE>, if it is set, comes before the endpoint. One of them on this
 * machine and the other elsewhere is refused: keys of a sandbox and keys of AWS never meet.
 *
 * Memory:   owns its texts; `http` borrows from it.
 * Threads:  one owner.
 * Failure:  reported by finish, naming what is wrong.
 */

#include "common/aws/credentials.h"
#include "common/aws/key_source.h"
#include "common/data/json.h"
#include "common/net/http.h"

/* Where a service is and who calls. Open record; all texts borrowed. */
struct xcy_aws {
    struct xcy_http *http;
    const char
        *endpoint; /* "http://127.0.0.1:4566"; NULL: https://<service>.<region>.amazonaws.com */
    const char *region;
    const struct xcy_credentials *credentials; /* NULL: those of `keys` */
    struct xcy_key_source *keys;
    int64_t connect_timeout_ns;
    int64_t first_byte_timeout_ns;
    int64_t total_timeout_ns; /* 0: 60 s */
    bool stoppable;           /* a stop asked cancels calls */
    int attempts; /* of a call that fails and may pass, with pauses (retry.h); 0: one. Never where a
                     call is measured */
};

struct xcy_aws_request {
    struct xcy_http_request http; /* valid after finish */
    struct xcy_http_signer signer;
    struct xcy_buf url;
    struct xcy_buf body;
    struct xcy_key_source *keys;         /* of the next; NULL: borrowed */
    const struct xcy_credentials *taken; /* until the request is cleared */
    bool is_unsigned;                    /* set between init and finish */
    char *header_values[XCY_HTTP_MAX_HEADERS];
    struct xcy_error error; /* the first thing that went wrong in building */
    bool has_query;
};

/* path_parts: raw path segments, NULL-terminated, each encoded and put behind a '/'; NULL or empty
 * gives "/". */
void xcy_aws_request_init(struct xcy_aws_request *r, const struct xcy_aws *aws, const char *service,
                          const char *method, const char *const path_parts[]);
/* Names must be added in ascending order (the signature needs them sorted); finish refuses others. */
void xcy_aws_request_add_query(struct xcy_aws_request *r, const char *name, const char *value);
void xcy_aws_request_add_header(struct xcy_aws_request *r, const char *name, const char *value);
void xcy_aws_request_set_body(struct xcy_aws_request *r, const char *content_type,
                              struct xcy_bytes body); /* copied */
enum xcy_status xcy_aws_request_finish(struct xcy_aws_request *r,
                                       struct xcy_error *err) XCY_MUST_USE;
/* Signed with the keys in force now; XCY_EAUTH as of xcy_key_source_take. Nothing without a source. */
enum xcy_status xcy_aws_request_renew(struct xcy_aws_request *r,
                                      struct xcy_error *err) XCY_MUST_USE;
void xcy_aws_request_clear(struct xcy_aws_request *r);

/* What an AWS service said was wrong, from either protocol. */
struct xcy_aws_error {
    char code[96]; /* "ResourceNotFoundException", without the namespace; "" if none was found */
    char message[400];
    char reason[96]; /* Lambda's 429 Reason, else "" */
};
void xcy_aws_error_parse(const struct xcy_http_reply *reply, struct xcy_aws_error *error);
/* True for codes and statuses that mean the signature, key, token or permission was refused. */
bool xcy_aws_error_is_auth(int http_status, const struct xcy_aws_error *error);

/* True for codes and statuses of an error that time may mend: throttling, a service in trouble. */
bool xcy_aws_error_may_pass(int http_status, const struct xcy_aws_error *error);

/* Sends and waits. XCY_OK only on a 2xx; XCY_ENET with the transport's words; XCY_EAUTH (with what
 * to do: expired token, clock skew, wrong key); XCY_ENOTFOUND; XCY_EREMOTE "SQS ReceiveMessage:
 * <code>: <message>", lasting unless it may pass. `what` names the call. On XCY_OK the caller clears the reply. */
enum xcy_status xcy_aws_call(const struct xcy_aws *aws, struct xcy_aws_request *r, const char *what,
                             struct xcy_http_reply *reply, struct xcy_error *err) XCY_MUST_USE;

/* The same; *told is what the service said of a reply that is not 2xx, else "". */
enum xcy_status xcy_aws_call_told(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                  const char *what, struct xcy_http_reply *reply,
                                  struct xcy_aws_error *told, struct xcy_error *err) XCY_MUST_USE;

/* As xcy_aws_call for JSON 1.0/1.1 services: POST / with X-Amz-Target; *answer (NULL: not wanted) is
 * owned by the caller. */
enum xcy_status xcy_aws_json_call(const struct xcy_aws *aws, const char *service,
                                  const char *target, const char *content_type,
                                  const struct xcy_json *input, struct xcy_json **answer,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
