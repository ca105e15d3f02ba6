#include "common/net/stream_parts.h"

#include "common/base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct xcy_stream_tls {
    int fd;
    int os_errno; /* of the last call to the kernel; 0: it did not fail */
    bool is_greeted;
    bool is_broken; /* OpenSSL forbids a goodbye then */
    SSL_CTX *context;
    SSL *ssl;
};

/* OpenSSL's own BIO for sockets writes without MSG_NOSIGNAL. */
static int bio_write(BIO *bio, const char *from, int n)
{
    struct xcy_stream_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t written = send(tls->fd, from, (size_t)n, MSG_NOSIGNAL);
    tls->os_errno = written < 0 ? errno : 0;
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_retry_write(bio);
    }
    return (int)written;
}

static int bio_read(BIO *bio, char *to, int n)
{
    struct xcy_stream_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t got = recv(tls->fd, to, (size_t)n, 0);
    tls->os_errno = got < 0 ? errno : 0;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        BIO_set_retry_read(bio);
    }
    return (int)got;
}

static long bio_control(BIO *bio, int what, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *bio_method;

static void make_bio_method(void)
{
    bio_method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
    xcy_assert(bio_method && BIO_meth_set_write(bio_method, bio_write) &&
               BIO_meth_set_read(bio_method, bio_read) &&
               BIO_meth_set_ctrl(bio_method, bio_control));
}

static void set_bio(struct xcy_stream_tls *tls)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_bio_method);
    BIO *bio = BIO_new(bio_method);
    xcy_assert(bio != NULL);
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio);
}

static const char *last_words(char room[160])
{
    unsigned long code = ERR_peek_last_error();
    const char *words = ERR_reason_error_string(code);
    if (words) {
        return words;
    }
    ERR_error_string_n(code, room, 160);
    return room;
}

static enum xcy_status trust(SSL_CTX *context, const char *ca_file, struct xcy_error *err)
{
    char room[160];
    bool is_given = ca_file && ca_file[0] != '\0';
    ERR_clear_error();
    int is_done = is_given ? SSL_CTX_load_verify_file(context, ca_file)
                           : SSL_CTX_set_default_verify_paths(context);
    if (is_done != 1) {
        return xcy_fail(err, XCY_EUSAGE, "%s: cannot read certificates: %s",
                        is_given ? ca_file : "the system's authorities", last_words(room));
    }
    return XCY_OK;
}

/* Addresses have no server name indication (RFC 6066). */
static bool expect_host(SSL *ssl, const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    bool is_address =
        inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
    if (is_address) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    }
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

enum xcy_status xcy_stream_tls_new(int fd, const char *host, const char *ca_file,
                                   struct xcy_stream_tls **tls, struct xcy_error *err)
{
    struct xcy_stream_tls *made = xcy_alloc(sizeof *made);
    made->fd = fd;
    made->context = SSL_CTX_new(TLS_client_method());
    xcy_assert(made->context != NULL);
    SSL_CTX_set_min_proto_version(made->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(made->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(made->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    enum xcy_status status = trust(made->context, ca_file, err);
    if (status == XCY_OK) {
        made->ssl = SSL_new(made->context);
        xcy_assert(made->ssl != NULL);
        set_bio(made);
        SSL_set_connect_state(made->ssl);
        if (!expect_host(made->ssl, host)) {
            status = xcy_fail(err, XCY_EUSAGE, "'%s' is not a host's name", host);
        }
    }
    if (status != XCY_OK) {
        xcy_stream_tls_free(made);
        return status;
    }
    *tls = made;
    return XCY_OK;
}

void xcy_stream_tls_free(struct xcy_stream_tls *tls)
{
    if (!tls) {
        return;
    }
    if (tls->is_greeted && !tls->is_broken) {
        SSL_shutdown(tls->ssl);
    }
    SSL_free(tls->ssl);
    SSL_CTX_free(tls->context);
    ERR_clear_error();
    free(tls);
}

static void explain(struct xcy_stream_tls *tls, int code, struct xcy_attempt *attempt)
{
    char room[160];
    long verdict = SSL_get_verify_result(tls->ssl);
    const char *words = last_words(room);
    if (code == SSL_ERROR_SYSCALL) {
        words = tls->os_errno != 0 ? strerror_r(tls->os_errno, room, sizeof room)
                                   : "the peer closed without TLS's goodbye";
    } else if (!tls->is_greeted && verdict != X509_V_OK) {
        words = X509_verify_cert_error_string(verdict);
    }
    snprintf(attempt->reason, sizeof attempt->reason, "TLS: %s", words);
}

/* What OpenSSL's answer means; n: bytes done. */
static struct xcy_attempt attempt_of(struct xcy_stream_tls *tls, int answer, size_t n)
{
    struct xcy_attempt attempt = {.kind = XCY_ATTEMPT_DONE, .n = n};
    if (answer > 0) {
        return attempt;
    }
    int code = SSL_get_error(tls->ssl, answer);
    switch (code) {
    case SSL_ERROR_WANT_READ:
        attempt.kind = XCY_ATTEMPT_WANTS_READ;
        break;
    case SSL_ERROR_WANT_WRITE:
        attempt.kind = XCY_ATTEMPT_WANTS_WRITE;
        break;
    case SSL_ERROR_ZERO_RETURN:
        attempt.kind = XCY_ATTEMPT_CLOSED;
        break;
    default:
        attempt.kind = XCY_ATTEMPT_BROKEN;
        tls->is_broken = true;
        explain(tls, code, &attempt);
    }
    return attempt;
}

struct xcy_attempt xcy_stream_tls_greet(struct xcy_stream_tls *tls)
{
    ERR_clear_error();
    int answer = SSL_do_handshake(tls->ssl);
    struct xcy_attempt attempt = attempt_of(tls, answer, 0);
    tls->is_greeted = attempt.kind == XCY_ATTEMPT_DONE;
    return attempt;
}

struct xcy_attempt xcy_stream_tls_write(struct xcy_stream_tls *tls, struct xcy_bytes bytes)
{
    size_t n = 0;
    ERR_clear_error();
    int answer = SSL_write_ex(tls->ssl, bytes.ptr, bytes.len, &n);
    return attempt_of(tls, answer, n);
}

struct xcy_attempt xcy_stream_tls_read(struct xcy_stream_tls *tls, char *to, size_t size)
{
    size_t n = 0;
    ERR_clear_error();
    int answer = SSL_read_ex(tls->ssl, to, size, &n);
    return attempt_of(tls, answer, n);
}

struct xcy_attempt xcy_stream_tls_peek(struct xcy_stream_tls *tls)
{
    size_t n = 0;
    char byte;
    ERR_clear_error();
    int answer = SSL_peek_ex(tls->ssl, &byte, 1, &n);
    return attempt_of(tls, answer, n);
}
