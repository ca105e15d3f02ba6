#include "tests/unit/aws/canned.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

void xcy_canned_open(struct xcy_canned *c, int status, const char *headers, const char *body)
{
    memset(c, 0, sizeof *c);
    c->answer = xcy_format("HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen(body),
                           headers, body);
    c->step = (struct xcy_raw_step){XCY_RAW_ANSWER, c->answer};
    c->server = xcy_raw_server_start(&c->step, 1);
    snprintf(c->endpoint, sizeof c->endpoint, "http://127.0.0.1:%u/",
             xcy_raw_server_port(c->server));
    c->credentials = (struct xcy_credentials){.access_key = xcy_strdup("AKIDCANNED"),
                                              .secret_key = xcy_strdup("SECRETCANNED")};
    c->aws = (struct xcy_aws){.http = xcy_http_open(NULL),
                              .endpoint = c->endpoint,
                              .region = "us-east-1",
                              .credentials = &c->credentials};
}

void xcy_canned_close(struct xcy_canned *c)
{
    xcy_http_close(c->aws.http);
    xcy_raw_server_stop(c->server);
    xcy_credentials_clear(&c->credentials);
    free(c->answer);
}

struct xcy_json *xcy_canned_input(struct xcy_canned *c)
{
    struct xcy_json *root = NULL;
    char *request = xcy_raw_server_request(c->server, 0);
    const char *body = strstr(request, "\r\n\r\n") + 4;
    if (xcy_json_parse(xcy_bytes_of(body), &root, &c->err) != XCY_OK) {
        root = NULL;
    }
    free(request);
    return root;
}

bool xcy_canned_saw(struct xcy_canned *c, const char *text)
{
    char *request = xcy_raw_server_request(c->server, 0);
    bool saw = strstr(request, text) != NULL;
    free(request);
    return saw;
}
