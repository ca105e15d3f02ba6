#include "common/net/transfer.h"

#include <stdio.h>
#include <string.h>

/* From libcurl's errors, and from our own timeouts, to the result of a transfer. */

static const struct {
    CURLcode code;
    enum xcy_http_result result;
} results[] = {
    {CURLE_OK, XCY_HTTP_DONE},
    {CURLE_COULDNT_RESOLVE_HOST, XCY_HTTP_DNS},
    {CURLE_COULDNT_RESOLVE_PROXY, XCY_HTTP_DNS},
    {CURLE_COULDNT_CONNECT, XCY_HTTP_CONNECT},
    {CURLE_INTERFACE_FAILED, XCY_HTTP_CONNECT},
    {CURLE_NO_CONNECTION_AVAILABLE, XCY_HTTP_CONNECT},
    {CURLE_PROXY, XCY_HTTP_CONNECT},
    {CURLE_SSL_CONNECT_ERROR, XCY_HTTP_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, XCY_HTTP_TLS},
    {CURLE_SSL_CACERT_BADFILE, XCY_HTTP_TLS},
    {CURLE_SSL_CERTPROBLEM, XCY_HTTP_TLS},
    {CURLE_SSL_CIPHER, XCY_HTTP_TLS},
    {CURLE_SSL_CRL_BADFILE, XCY_HTTP_TLS},
    {CURLE_SSL_ENGINE_INITFAILED, XCY_HTTP_TLS},
    {CURLE_SSL_ENGINE_NOTFOUND, XCY_HTTP_TLS},
    {CURLE_SSL_ENGINE_SETFAILED, XCY_HTTP_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, XCY_HTTP_TLS},
    {CURLE_SSL_ISSUER_ERROR, XCY_HTTP_TLS},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, XCY_HTTP_TLS},
    {CURLE_SSL_CLIENTCERT, XCY_HTTP_TLS},
    {CURLE_USE_SSL_FAILED, XCY_HTTP_TLS},
    {CURLE_SEND_ERROR, XCY_HTTP_SEND},
    {CURLE_SEND_FAIL_REWIND, XCY_HTTP_SEND},
    {CURLE_GOT_NOTHING, XCY_HTTP_RESET},
    {CURLE_PARTIAL_FILE, XCY_HTTP_RESET},
    {CURLE_RECV_ERROR, XCY_HTTP_RESET},
    {CURLE_UNSUPPORTED_PROTOCOL, XCY_HTTP_REFUSED}, /* also: the reply is HTTP/0.9 */
    {CURLE_URL_MALFORMAT, XCY_HTTP_REFUSED},
    {CURLE_WEIRD_SERVER_REPLY, XCY_HTTP_REFUSED},
    {CURLE_FILESIZE_EXCEEDED, XCY_HTTP_REFUSED},
    {CURLE_WRITE_ERROR, XCY_HTTP_REFUSED},
    {CURLE_BAD_CONTENT_ENCODING, XCY_HTTP_REFUSED},
};

static const char *const names[] = {
    [XCY_HTTP_DONE] = "done",
    [XCY_HTTP_DNS] = "dns",
    [XCY_HTTP_CONNECT] = "connect",
    [XCY_HTTP_TLS] = "tls",
    [XCY_HTTP_SEND] = "send",
    [XCY_HTTP_FIRST_BYTE_TIMEOUT] = "first_byte_timeout",
    [XCY_HTTP_TOTAL_TIMEOUT] = "total_timeout",
    [XCY_HTTP_RESET] = "reset",
    [XCY_HTTP_REFUSED] = "refused",
    [XCY_HTTP_CANCELLED] = "cancelled",
};

const char *xcy_http_result_name(enum xcy_http_result result)
{
    return names[result];
}

/* libcurl is told only the connect timeout, which spans name, connection and TLS. How far it came
 * is seen from the name's time and the local port; CURLINFO_CONNECT_TIME_T is set after TLS. One that
 * waited for another's connection, to share it, came nowhere. */
static enum xcy_http_result timeout_of(struct xcy_transfer *t)
{
    curl_off_t name_us = 0;
    long local_port = 0;
    if (curl_easy_getinfo(t->easy, CURLINFO_NAMELOOKUP_TIME_T, &name_us) != CURLE_OK ||
        name_us == 0) {
        return t->is_resolving ? XCY_HTTP_DNS : XCY_HTTP_CONNECT;
    }
    bool is_connected =
        curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &local_port) == CURLE_OK && local_port > 0;
    return is_connected ? XCY_HTTP_TLS : XCY_HTTP_CONNECT;
}

/* After the request was sent, libcurl connects only to send it again. */
static bool is_of_connecting(enum xcy_http_result result)
{
    return result == XCY_HTTP_DNS || result == XCY_HTTP_CONNECT || result == XCY_HTTP_TLS;
}

static enum xcy_http_result result_of(struct xcy_transfer *t, CURLcode code)
{
    if (t->is_oversize) {
        return XCY_HTTP_REFUSED;
    }
    if (t->reply.attempts > 1) {
        return XCY_HTTP_RESET;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return t->reply.was_sent ? XCY_HTTP_RESET : timeout_of(t);
    }
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (results[i].code == code) {
            return is_of_connecting(results[i].result) && t->reply.was_sent ? XCY_HTTP_RESET
                                                                            : results[i].result;
        }
    }
    return t->reply.was_sent ? XCY_HTTP_RESET : XCY_HTTP_CONNECT;
}

static void describe(struct xcy_transfer *t, CURLcode code)
{
    struct xcy_http_reply *r = &t->reply;
    const char *place = xcy_prepared_place(t->prepared);
    const char *words = t->problem[0] ? t->problem : curl_easy_strerror(code);
    char room[128];
    long os_errno = 0;
    if (t->is_oversize) {
        bool is_body = r->body.overflowed;
        snprintf(r->message, sizeof r->message, "%s: the reply's %s larger than %zu bytes", place,
                 is_body ? "body is" : "headers are", is_body ? r->body.max : r->headers.max);
    } else if (r->attempts > 1) {
        snprintf(r->message, sizeof r->message,
                 "%s: the server closed the connection before a reply; not sent again", place);
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        snprintf(r->message, sizeof r->message, "%s: no connection within %g s", place,
                 (double)t->prepared->connect_timeout_ns / (double)XCY_NS_PER_S);
    } else if (code == CURLE_COULDNT_CONNECT &&
               curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_errno) == CURLE_OK &&
               os_errno != 0) {
        snprintf(r->message, sizeof r->message, "%s: cannot connect: %s", place,
                 strerror_r((int)os_errno, room, sizeof room));
    } else {
        snprintf(r->message, sizeof r->message, "%s: %.120s", place, words);
    }
}

static void stamp(struct xcy_transfer *t)
{
    t->reply.acked = xcy_mono_now();
    if (t->reply.attempts < 1) {
        t->reply.attempts = 1;
    }
}

/* libcurl takes for an end what was closed behind "100 Continue", and for a status any number. */
static CURLcode of_no_status(struct xcy_transfer *t)
{
    long number = 0;
    bool is_interim = curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &number) == CURLE_OK &&
                      number >= 100 && number <= 199;
    return is_interim ? CURLE_GOT_NOTHING : CURLE_WEIRD_SERVER_REPLY;
}

void xcy_transfer_conclude(struct xcy_transfer *t, CURLcode code)
{
    stamp(t);
    if (code == CURLE_OK && t->reply.status == 0) {
        code = of_no_status(t);
    }
    t->reply.result = result_of(t, code);
    if (t->reply.result != XCY_HTTP_DONE) {
        describe(t, code);
    }
}

void xcy_transfer_abandon(struct xcy_transfer *t, enum xcy_http_result result)
{
    stamp(t);
    t->reply.result = result;
    double waited_s = (double)xcy_mono_diff_ns(t->reply.acked, t->began) / (double)XCY_NS_PER_S;
    const char *what = "cancelled";
    if (result == XCY_HTTP_FIRST_BYTE_TIMEOUT) {
        what = "no answer began in time";
    } else if (result == XCY_HTTP_TOTAL_TIMEOUT) {
        what = "the answer was not complete in time";
    }
    snprintf(t->reply.message, sizeof t->reply.message, "%s: %s (after %.3f s)",
             xcy_prepared_place(t->prepared), what, waited_s);
}

void xcy_transfer_stop_resend(struct xcy_transfer *t)
{
    t->reply.attempts = 2;
    xcy_transfer_conclude(t, CURLE_GOT_NOTHING);
}
