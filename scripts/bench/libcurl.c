/*
 * libcurl.c - what libcurl itself takes for a request: 64 easy handles in one multi handle, the same
 * POST again and again, signed with its CURLOPT_AWS_SIGV4 or not. What its usual use takes;
 * compiled and run by scripts/bench/loadgen.
 *
 * Usage: libcurl URL SECONDS BODY [signed]; prints how many requests were answered with 200.
 */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECTIONS = 64 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t drop(char *data, /* NOLINT(readability-non-const-parameter) */
                   size_t size, size_t n, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * n;
}

static CURL *request(const char *url, const char *body, struct curl_slist *headers, int is_signed)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (is_signed) {
        curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, "aws:amz:eu-central-1:lambda");
        curl_easy_setopt(easy, CURLOPT_USERNAME, "XCYSANDBOXBENCH");
        curl_easy_setopt(easy, CURLOPT_PASSWORD, "bench");
    }
    return easy;
}

/* The handles that ended begin again; how many of them were answered. */
static long repeat(CURLM *multi)
{
    int left = 0;
    long n_ok = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        n_ok += message->data.result == CURLE_OK && status == 200;
        curl_multi_remove_handle(multi, easy);
        curl_multi_add_handle(multi, easy);
    }
    return n_ok;
}

int main(int argc, char *argv[])
{
    if (argc < 4) {
        return 2;
    }
    long n_ok = 0;
    double end_s = now_s() + strtod(argv[2], NULL);
    CURL *easy[CONNECTIONS];
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
        easy[i] = request(argv[1], argv[3], headers, argc > 4);
        curl_multi_add_handle(multi, easy[i]);
    }
    while (now_s() < end_s) {
        int running;
        curl_multi_perform(multi, &running);
        n_ok += repeat(multi);
        curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        curl_multi_remove_handle(multi, easy[i]);
        curl_easy_cleanup(easy[i]);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    printf("%ld\n", n_ok);
    return 0;
}
