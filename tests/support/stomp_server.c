#include "tests/support/stomp_server.h"

#include "common/base/mem.h"
#include "common/stores/stomp_frame.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PEERS = 32, MAX_MESSAGES = 256, N_KEPT = 3 };

struct message {
    char *body;
    char *headers;
    int holder; /* descriptor of the peer that has it; -1: nobody */
    bool is_done;
    bool was_given;
};

struct peer {
    int fd;
    struct xcy_stomp_parser parser;
    long prefetch; /* 0: no consumer */
    char *passcode;
};

struct xcy_stomp_server {
    struct xcy_stomp_script script;
    int listen_fd;
    int wake_fd;
    char address[32];
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    bool is_stopping;
    bool drops_all;
    struct xcy_stomp_counts counts;
    struct message messages[MAX_MESSAGES];
    size_t n_messages;
    struct xcy_buf kept[N_KEPT]; /* last CONNECT, SEND, SUBSCRIBE, as frames */
    struct peer peers[MAX_PEERS];
    size_t n_peers;
};

static const char *const kept_commands[N_KEPT] = {"CONNECT", "SEND", "SUBSCRIBE"};

static void send_text(int fd, struct xcy_bytes text)
{
    while (text.len > 0) {
        ssize_t n = send(fd, text.ptr, text.len, MSG_NOSIGNAL);
        if (n <= 0) {
            return;
        }
        text = xcy_bytes(text.ptr + n, text.len - (size_t)n);
    }
}

static void send_frame(int fd, const struct xcy_stomp_frame *frame)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 24);
    xcy_stomp_frame_add(&out, frame);
    send_text(fd, xcy_buf_bytes(&out));
    xcy_buf_clear(&out);
}

static void close_peer(struct xcy_stomp_server *s, size_t index)
{
    struct peer *p = &s->peers[index];
    for (size_t i = 0; i < s->n_messages; i++) {
        if (s->messages[i].holder == p->fd) {
            s->messages[i].holder = -1;
        }
    }
    close(p->fd);
    xcy_stomp_parser_clear(&p->parser);
    free(p->passcode);
    *p = s->peers[--s->n_peers];
}

static void accept_peer(struct xcy_stomp_server *s)
{
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    xcy_assert(fd >= 0 && s->n_peers < MAX_PEERS);
    s->peers[s->n_peers] = (struct peer){.fd = fd};
    xcy_stomp_parser_init(&s->peers[s->n_peers++].parser);
    s->counts.connections++;
}

static void greet(struct xcy_stomp_server *s, struct peer *p, const struct xcy_stomp_frame *frame)
{
    p->passcode = xcy_strdup(xcy_stomp_frame_get(frame, "passcode"));
    if (s->script.greeting) { /* with the zero byte that ends its frame */
        size_t len = strlen(s->script.greeting);
        send_text(p->fd, xcy_bytes(s->script.greeting, len ? len + 1 : 0));
        return;
    }
    struct xcy_stomp_frame answer = {
        .command = "CONNECTED", .headers = {{"version", "1.2"}}, .n_headers = 1};
    if (s->script.beats) {
        answer.headers[answer.n_headers++] =
            (struct xcy_stomp_header){"heart-beat", s->script.beats};
    }
    send_frame(p->fd, &answer);
}

static void confirm(const struct peer *p, const struct xcy_stomp_frame *frame)
{
    const char *receipt = xcy_stomp_frame_get(frame, "receipt");
    if (receipt) {
        struct xcy_stomp_frame answer = {
            .command = "RECEIPT", .headers = {{"receipt-id", receipt}}, .n_headers = 1};
        send_frame(p->fd, &answer);
    }
}

/* False: the peer is to be closed. */
static bool take_send(struct xcy_stomp_server *s, struct peer *p,
                      const struct xcy_stomp_frame *frame)
{
    size_t n = s->counts.sends++;
    enum xcy_stomp_deed deed = n < s->script.n_deeds ? s->script.deeds[n] : XCY_STOMP_RECEIPT;
    if (deed == XCY_STOMP_RECEIPT) {
        confirm(p, frame);
    }
    if (deed == XCY_STOMP_REFUSE) {
        char *body = xcy_format("no, %s\nat a line", p->passcode ? p->passcode : "nobody");
        struct xcy_stomp_frame answer = {.command = "ERROR",
                                         .headers = {{"message", "Not\nallowed"}},
                                         .n_headers = 1,
                                         .body = xcy_bytes_of(body)};
        send_frame(p->fd, &answer);
        free(body);
    }
    return deed != XCY_STOMP_HANG_UP && deed != XCY_STOMP_REFUSE;
}

static void take_ack(struct xcy_stomp_server *s, const struct xcy_stomp_frame *frame, bool is_ok)
{
    const char *id = xcy_stomp_frame_get(frame, "id");
    size_t index = strtoul(id + strlen("a:"), NULL, 10);
    xcy_assert(index < s->n_messages);
    s->messages[index].is_done = true;
    s->messages[index].holder = -1;
    s->counts.acks += is_ok;
    s->counts.nacks += !is_ok;
}

static void keep(struct xcy_stomp_server *s, const struct xcy_stomp_frame *frame)
{
    for (size_t i = 0; i < N_KEPT; i++) {
        if (strcmp(frame->command, kept_commands[i]) == 0) {
            xcy_buf_reset(&s->kept[i]);
            xcy_stomp_frame_add(&s->kept[i], frame);
        }
    }
}

/* False: the peer is to be closed. */
static bool take_frame(struct xcy_stomp_server *s, struct peer *p,
                       const struct xcy_stomp_frame *frame)
{
    keep(s, frame);
    if (strcmp(frame->command, "CONNECT") == 0) {
        greet(s, p, frame);
    } else if (strcmp(frame->command, "SEND") == 0) {
        return take_send(s, p, frame);
    } else if (strcmp(frame->command, "SUBSCRIBE") == 0) {
        p->prefetch = strtol(xcy_stomp_frame_get(frame, "activemq.prefetchSize"), NULL, 10);
    } else if (strcmp(frame->command, "DISCONNECT") == 0) {
        s->counts.goodbyes++;
        confirm(p, frame);
    } else {
        take_ack(s, frame, strcmp(frame->command, "ACK") == 0);
    }
    return true;
}

/* False: the peer is to be closed. */
static bool read_peer(struct xcy_stomp_server *s, struct peer *p)
{
    char room[4096];
    ssize_t n = recv(p->fd, room, sizeof room, 0);
    if (n <= 0) {
        return false;
    }
    size_t n_ends = 0;
    while (n_ends < (size_t)n && room[n_ends] == '\n') {
        n_ends++;
    }
    s->counts.beats += n_ends == (size_t)n ? n_ends : 0;
    xcy_stomp_parser_feed(&p->parser, xcy_bytes(room, (size_t)n));
    for (;;) {
        struct xcy_stomp_frame frame;
        struct xcy_error err;
        bool is_whole = false;
        enum xcy_status status = xcy_stomp_parser_next(&p->parser, &frame, &is_whole, &err);
        xcy_assert(status == XCY_OK);
        if (!is_whole) {
            return true;
        }
        if (!take_frame(s, p, &frame)) {
            return false;
        }
    }
}

static void give_to(struct peer *p, struct message *m, size_t index)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 24);
    xcy_buf_addf(&out,
                 "MESSAGE\nsubscription:0\nmessage-id:id\\c%zu\nack:a\\c%zu\n"
                 "destination:/queue/q\n%s%s\n%s",
                 index, index, m->was_given ? "redelivered:true\n" : "",
                 m->headers ? m->headers : "", m->body);
    xcy_buf_add_char(&out, '\0');
    m->was_given = true;
    m->holder = p->fd;
    send_text(p->fd, xcy_buf_bytes(&out));
    xcy_buf_clear(&out);
}

static void give_all(struct xcy_stomp_server *s)
{
    for (size_t i = 0; i < s->n_peers; i++) {
        struct peer *p = &s->peers[i];
        long n_held = 0;
        for (size_t m = 0; m < s->n_messages; m++) {
            n_held += s->messages[m].holder == p->fd;
        }
        for (size_t m = 0; m < s->n_messages && n_held < p->prefetch; m++) {
            if (!s->messages[m].is_done && s->messages[m].holder < 0) {
                give_to(p, &s->messages[m], m);
                n_held++;
            }
        }
    }
}

/* With the lock held but while it waits. */
static void serve(struct xcy_stomp_server *s)
{
    struct pollfd fds[2 + MAX_PEERS] = {{.fd = s->listen_fd, .events = POLLIN},
                                        {.fd = s->wake_fd, .events = POLLIN}};
    size_t n = s->n_peers;
    for (size_t i = 0; i < n; i++) {
        fds[2 + i] = (struct pollfd){.fd = s->peers[i].fd, .events = POLLIN};
    }
    pthread_mutex_unlock(&s->lock);
    poll(fds, 2 + n, -1);
    pthread_mutex_lock(&s->lock);
    uint64_t ignored;
    if (fds[1].revents && read(s->wake_fd, &ignored, sizeof ignored) < 0) {
        return;
    }
    for (size_t i = n; i-- > 0;) { /* backwards: closing moves the last one here */
        if (s->drops_all || (fds[2 + i].revents && !read_peer(s, &s->peers[i]))) {
            close_peer(s, i);
        }
    }
    s->drops_all = false;
    if (fds[0].revents) {
        accept_peer(s);
    }
    give_all(s);
    pthread_cond_broadcast(&s->changed);
}

static void *run(void *arg)
{
    struct xcy_stomp_server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->is_stopping) {
        serve(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

struct xcy_stomp_server *xcy_stomp_server_start(const struct xcy_stomp_script *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct xcy_stomp_server *s = xcy_alloc(sizeof *s);
    s->script = script ? *script : (struct xcy_stomp_script){0};
    s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    s->wake_fd = eventfd(0, EFD_CLOEXEC);
    int failed = bind(s->listen_fd, (struct sockaddr *)&address, size) != 0 ||
                 getsockname(s->listen_fd, (struct sockaddr *)&address, &size) != 0 ||
                 listen(s->listen_fd, MAX_PEERS) != 0;
    xcy_assert(!failed && s->wake_fd >= 0);
    snprintf(s->address, sizeof s->address, "127.0.0.1:%u", ntohs(address.sin_port));
    for (size_t i = 0; i < N_KEPT; i++) {
        xcy_buf_init(&s->kept[i], 1 << 24);
    }
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    int code = pthread_create(&s->thread, NULL, run, s);
    xcy_assert(code == 0);
    return s;
}

static void wake(struct xcy_stomp_server *s)
{
    uint64_t one = 1;
    ssize_t n = write(s->wake_fd, &one, sizeof one);
    xcy_assert(n == sizeof one);
}

void xcy_stomp_server_stop(struct xcy_stomp_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    pthread_mutex_unlock(&s->lock);
    wake(s);
    pthread_join(s->thread, NULL);
    while (s->n_peers > 0) {
        close_peer(s, s->n_peers - 1);
    }
    for (size_t i = 0; i < s->n_messages; i++) {
        free(s->messages[i].body);
        free(s->messages[i].headers);
    }
    for (size_t i = 0; i < N_KEPT; i++) {
        xcy_buf_clear(&s->kept[i]);
    }
    close(s->listen_fd);
    close(s->wake_fd);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *xcy_stomp_server_address(const struct xcy_stomp_server *s)
{
    return s->address;
}

void xcy_stomp_server_put(struct xcy_stomp_server *s, const char *body, const char *headers)
{
    pthread_mutex_lock(&s->lock);
    xcy_assert(s->n_messages < MAX_MESSAGES);
    s->messages[s->n_messages++] =
        (struct message){.body = xcy_strdup(body), .headers = xcy_strdup(headers), .holder = -1};
    pthread_mutex_unlock(&s->lock);
    wake(s);
}

void xcy_stomp_server_drop_all(struct xcy_stomp_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->drops_all = true;
    wake(s);
    while (s->drops_all) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

struct xcy_stomp_counts xcy_stomp_server_counts(struct xcy_stomp_server *s)
{
    pthread_mutex_lock(&s->lock);
    struct xcy_stomp_counts counts = s->counts;
    pthread_mutex_unlock(&s->lock);
    return counts;
}

static bool reaches(const struct xcy_stomp_counts *c, const struct xcy_stomp_counts *wanted)
{
    return c->connections >= wanted->connections && c->sends >= wanted->sends &&
           c->acks >= wanted->acks && c->nacks >= wanted->nacks && c->beats >= wanted->beats &&
           c->goodbyes >= wanted->goodbyes;
}

void xcy_stomp_server_await(struct xcy_stomp_server *s, struct xcy_stomp_counts wanted)
{
    pthread_mutex_lock(&s->lock);
    while (!reaches(&s->counts, &wanted)) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

char *xcy_stomp_server_last(struct xcy_stomp_server *s, const char *command, const char *name)
{
    struct xcy_stomp_parser parser;
    struct xcy_stomp_frame frame = {.command = NULL};
    struct xcy_error err;
    bool is_whole = false;
    char *value = NULL;
    size_t i = 0;
    while (i < N_KEPT - 1 && strcmp(kept_commands[i], command) != 0) {
        i++;
    }
    xcy_stomp_parser_init(&parser);
    pthread_mutex_lock(&s->lock);
    xcy_stomp_parser_feed(&parser, xcy_buf_bytes(&s->kept[i]));
    pthread_mutex_unlock(&s->lock);
    if (xcy_stomp_parser_next(&parser, &frame, &is_whole, &err) == XCY_OK && is_whole) {
        value = name[0] ? xcy_strdup(xcy_stomp_frame_get(&frame, name))
                        : xcy_strndup(frame.body.ptr, frame.body.len);
    }
    xcy_stomp_parser_clear(&parser);
    return value;
}
