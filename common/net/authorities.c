#include "common/net/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* libcurl reads the authorities when a connection begins with TLS, and keeps what it read in the multi
 * handle. So a connection is begun to a listener of our own, until its first word is there. */

enum { POLL_MS = 1 };

#define PATIENCE_NS (5 * XCY_NS_PER_S)

static int listen_here(char url[64])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 1) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        snprintf(url, 64, "https://127.0.0.1:%u/", ntohs(address.sin_port));
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static CURLcode tell(const struct xcy_http *http, CURL *easy, const char *url)
{
    CURLcode code = CURLE_OK;
    XCY_TELL(code, easy, CURLOPT_URL, url);
    XCY_TELL(code, easy, CURLOPT_PROXY, "");
    XCY_TELL(code, easy, CURLOPT_NOSIGNAL, 1L);
    XCY_TELL(code, easy, CURLOPT_CONNECT_ONLY, 1L);
    if (http->options.ca_file) {
        XCY_TELL(code, easy, CURLOPT_CAINFO, http->options.ca_file);
    }
    XCY_TELL(code, easy, CURLOPT_CAPATH, NULL); /* as transfer_options.c: else nothing is kept */
    return code;
}

static bool has_spoken(int listener, int *peer)
{
    char byte = 0;
    if (*peer < 0) {
        *peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    }
    return *peer >= 0 && recv(*peer, &byte, 1, MSG_DONTWAIT) == 1;
}

static void connect_until_it_speaks(CURLM *multi, CURL *easy, int listener)
{
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), PATIENCE_NS);
    CURLMcode code = curl_multi_add_handle(multi, easy);
    int running = 1;
    int peer = -1;
    while (code == CURLM_OK && running > 0 && !has_spoken(listener, &peer) &&
           xcy_mono_before(xcy_mono_now(), deadline)) {
        code = curl_multi_perform(multi, &running);
        curl_multi_poll(multi, NULL, 0, POLL_MS, NULL);
    }
    curl_multi_remove_handle(multi, easy);
    if (peer >= 0) {
        close(peer);
    }
}

void xcy_http_read_authorities(struct xcy_http *http)
{
    char url[64];
    int listener = http->options.insecure ? -1 : listen_here(url);
    if (listener < 0) {
        return;
    }
    CURL *easy = curl_easy_init();
    xcy_assert(easy != NULL);
    if (!http->shared_lane) {
        http->shared_lane = xcy_lane_new(http, true);
    }
    if (tell(http, easy, url) == CURLE_OK) {
        connect_until_it_speaks(http->shared_lane->multi, easy, listener);
    }
    curl_easy_cleanup(easy);
    close(listener);
}
