/*
 * fuzz_http_reply.c - any bytes as a server's answer to one request, over a real connection on
 * 127.0.0.1: the transfer ends, with exactly one result, and all texts of it are bounded and of one line.
 */

#include "common/aws/request.h"
#include "common/base/mem.h"
#include "common/net/http.h"
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_REPLY_BYTES = 4096, REQUEST_BYTES = 2048, PATIENCE_MS = 2000 };

static struct {
    int listener;
    char url[64];
    pthread_mutex_t lock;
    struct xcy_bytes answer; /* of the request that is under way */
} world;

static void read_request(int fd)
{
    char text[REQUEST_BYTES];
    size_t len = 0;
    while (len < sizeof text && !memmem(text, len, "\r\n\r\n", 4)) {
        ssize_t n = read(fd, text + len, sizeof text - len);
        if (n <= 0) {
            return;
        }
        len += (size_t)n;
    }
}

/* Answers every connection once, whatever it may mean, and closes it. */
static void *serve(void *ctx)
{
    (void)ctx;
    for (;;) {
        int fd = accept(world.listener, NULL, NULL);
        if (fd < 0) {
            return NULL;
        }
        read_request(fd);
        pthread_mutex_lock(&world.lock);
        if (world.answer.len > 0) {
            (void)!send(fd, world.answer.ptr, world.answer.len, MSG_NOSIGNAL);
        }
        pthread_mutex_unlock(&world.lock);
        shutdown(fd, SHUT_WR);
        char rest[256];
        while (read(fd, rest, sizeof rest) > 0) {
        }
        close(fd);
    }
}

static void begin(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    pthread_t thread;
    signal(SIGPIPE, SIG_IGN);
    world.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    xcy_assert(bind(world.listener, (struct sockaddr *)&address, size) == 0);
    xcy_assert(listen(world.listener, 64) == 0);
    xcy_assert(getsockname(world.listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(world.url, sizeof world.url, "http://127.0.0.1:%u/",
             (unsigned)ntohs(address.sin_port));
    pthread_mutex_init(&world.lock, NULL);
    xcy_assert(pthread_create(&thread, NULL, serve, NULL) == 0);
    xcy_assert(pthread_detach(thread) == 0);
}

static void check_line(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    xcy_assert(end != NULL);
    xcy_assert(strpbrk(text, "\r\n") == NULL);
}

static void check(const struct xcy_http_reply *reply)
{
    char value[64];
    struct xcy_aws_error error;
    bool is_done = reply->result == XCY_HTTP_DONE;
    xcy_assert(reply->result <= XCY_HTTP_REFUSED); /* nobody cancels */
    xcy_assert(!is_done || (reply->status >= 100 && reply->status <= 999));
    xcy_assert(is_done || reply->message[0]);
    xcy_assert(reply->body.len <= MAX_REPLY_BYTES);
    xcy_assert(!reply->body.overflowed && !reply->headers.overflowed);
    xcy_assert(reply->attempts == 1 || reply->attempts == 2);
    check_line(reply->message, sizeof reply->message);
    if (xcy_http_reply_header(reply, "X-Amzn-RequestId", value, sizeof value)) {
        check_line(value, sizeof value);
    }
    xcy_aws_error_parse(reply, &error);
    check_line(error.code, sizeof error.code);
    check_line(error.message, sizeof error.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct xcy_error err;
    struct xcy_http_reply reply = {0};
    pthread_once(&once, begin);
    pthread_mutex_lock(&world.lock);
    world.answer = xcy_bytes((const char *)data, size);
    pthread_mutex_unlock(&world.lock);
    struct xcy_http_request request = {.method = "GET",
                                       .url = world.url,
                                       .first_byte_timeout_ns = PATIENCE_MS * XCY_NS_PER_MS,
                                       .total_timeout_ns = PATIENCE_MS * XCY_NS_PER_MS};
    /* A client for each: libcurl 7.88, when a handle is used again, takes a first header line that begins
     * with a blank for the end of the last one of the reply before, which is freed (curl pull 11103). */
    struct xcy_http *http =
        xcy_http_open(&(struct xcy_http_options){.max_reply_bytes = MAX_REPLY_BYTES});
    enum xcy_status status = xcy_http_call(http, &request, false, &reply, &err);
    xcy_assert(status == XCY_OK);
    check(&reply);
    xcy_http_reply_clear(&reply);
    xcy_http_close(http);
    pthread_mutex_lock(&world.lock);
    world.answer = xcy_bytes(NULL, 0);
    pthread_mutex_unlock(&world.lock);
    return 0;
}
