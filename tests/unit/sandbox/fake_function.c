/*
 * fake_function.c - a function that does what its payload says, for lambda_service_test:
 *
 *   {"do":"env","name":N}    answers with that environment variable
 *   {"do":"pid"}             answers with the process id
 *   {"do":"headers"}         answers with what came beside the payload
 *   {"do":"error"}           reports a function error
 *   {"do":"exit"}            ends with status 3
 *   {"do":"hang"}            never answers
 *   {"do":"big"}             answers with more than is allowed
 *   {"do":"hold","file":F}   answers once F, a FIFO, is opened for writing
 *   {"do":"last_words","code":N}  answers; once asked to end it says so, and ends with N
 *   {"do":"try","file":F}    appends its request id to F, then reports an error
 *
 * With FAIL_INIT set it reports an init error; with SILENT set it never asks for work.
 */

#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/net/http.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BIG_BYTES = 7 * 1024 * 1024 };

static const char *variable(const char *name)
{
    return getenv(name); /* NOLINT(concurrency-mt-unsafe): nobody sets any */
}

/* An invocation in hand. */
struct work {
    struct xcy_http *http;
    char id[64];
    char arn[256];
    char deadline_ms[32];
    struct xcy_json *payload;
};

static void call(struct xcy_http *http, const char *method, const char *path, const char *body,
                 struct xcy_http_reply *reply)
{
    struct xcy_error err;
    char *url =
        xcy_format("http://%s/2018-06-01/runtime/%s", variable("AWS_LAMBDA_RUNTIME_API"), path);
    struct xcy_http_request request = {.method = method, .url = url, .body = xcy_bytes_of(body)};
    if (xcy_http_call(http, &request, false, reply, &err) != XCY_OK ||
        reply->result != XCY_HTTP_DONE) {
        _exit(9);
    }
    free(url);
}

static void post(const struct work *w, const char *what, const char *body)
{
    struct xcy_http_reply reply;
    char *path = xcy_format("invocation/%s/%s", w->id, what);
    call(w->http, "POST", path, body, &reply);
    xcy_http_reply_clear(&reply);
    free(path);
}

static void answer_text(const struct work *w, const char *value)
{
    struct xcy_json *string = xcy_json_new_string(value ? value : "(none)");
    char *text = xcy_json_text(string);
    post(w, "response", text);
    free(text);
    xcy_json_free(string);
}

static void do_env(const struct work *w)
{
    answer_text(w, variable(xcy_json_get_string(w->payload, "name", "")));
}

static void do_pid(const struct work *w)
{
    char *pid = xcy_format("%d", (int)getpid());
    answer_text(w, pid);
    free(pid);
}

static void do_headers(const struct work *w)
{
    char *text = xcy_format("%s %s %s", w->id, w->arn, w->deadline_ms);
    answer_text(w, text);
    free(text);
}

static void do_error(const struct work *w)
{
    post(w, "error", "{\"errorMessage\":\"as told\",\"errorType\":\"Told\"}");
}

static void do_exit(const struct work *w)
{
    (void)w;
    fprintf(stderr, "leaving\n");
    _exit(3);
}

static void do_hang(const struct work *w)
{
    (void)w;
    for (;;) {
        pause();
    }
}

static void do_big(const struct work *w)
{
    char *big = xcy_alloc(BIG_BYTES + 1);
    memset(big, '1', BIG_BYTES);
    post(w, "response", big);
    free(big);
}

static void do_hold(const struct work *w)
{
    int fd = open(xcy_json_get_string(w->payload, "file", ""), O_RDONLY | O_CLOEXEC);
    close(fd);
    answer_text(w, "held");
}

static _Atomic int last_code;

static void on_term(int number)
{
    static const char words[] = "last words\n";
    (void)number;
    ssize_t ignored = write(STDERR_FILENO, words, sizeof words - 1);
    (void)ignored;
    _exit(last_code);
}

static void do_last_words(const struct work *w)
{
    struct sigaction action = {.sa_handler = on_term};
    last_code = (int)xcy_json_get_int64(w->payload, "code", 0);
    sigaction(SIGTERM, &action, NULL);
    answer_text(w, "ready");
}

static void do_try(const struct work *w)
{
    int fd = open(xcy_json_get_string(w->payload, "file", ""),
                  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    char *line = xcy_format("%s\n", w->id);
    ssize_t ignored = write(fd, line, strlen(line));
    (void)ignored;
    close(fd);
    free(line);
    do_error(w);
}

static const struct {
    const char *name;
    void (*act)(const struct work *w);
} acts[] = {{"env", do_env},         {"pid", do_pid},
            {"headers", do_headers}, {"error", do_error},
            {"exit", do_exit},       {"hang", do_hang},
            {"big", do_big},         {"hold", do_hold},
            {"try", do_try},         {"last_words", do_last_words}};

static void serve_one(struct xcy_http *http)
{
    struct work w = {.http = http};
    struct xcy_error err;
    struct xcy_http_reply reply;
    call(http, "GET", "invocation/next", "", &reply);
    if (reply.status != 200 ||
        !xcy_http_reply_header(&reply, "Lambda-Runtime-Aws-Request-Id", w.id, sizeof w.id) ||
        !xcy_http_reply_header(&reply, "Lambda-Runtime-Invoked-Function-Arn", w.arn,
                               sizeof w.arn) ||
        !xcy_http_reply_header(&reply, "Lambda-Runtime-Deadline-Ms", w.deadline_ms,
                               sizeof w.deadline_ms) ||
        xcy_json_parse(xcy_buf_bytes(&reply.body), &w.payload, &err) != XCY_OK) {
        _exit(8);
    }
    const char *what = xcy_json_get_string(w.payload, "do", "pid");
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(what, acts[i].name) == 0) {
            acts[i].act(&w);
        }
    }
    xcy_json_free(w.payload);
    xcy_http_reply_clear(&reply);
}

static void *serve(void *arg)
{
    struct xcy_http *http = xcy_http_open(NULL);
    (void)arg;
    for (;;) {
        serve_one(http);
    }
    return NULL;
}

static void fail_init(void)
{
    struct xcy_http_reply reply;
    struct xcy_http *http = xcy_http_open(NULL);
    call(http, "POST", "init/error", "{\"errorMessage\":\"no luck\",\"errorType\":\"Init\"}",
         &reply);
    _exit(1);
}

int main(void)
{
    pthread_t thread;
    const char *slots = variable("XCY_SLOTS");
    if (variable("FAIL_INIT")) {
        fail_init();
    }
    while (variable("SILENT")) {
        pause();
    }
    for (long i = 1; i < strtol(slots ? slots : "1", NULL, 10); i++) {
        pthread_create(&thread, NULL, serve, NULL);
    }
    serve(NULL);
    return 0;
}
