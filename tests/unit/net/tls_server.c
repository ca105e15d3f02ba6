#include "tests/unit/net/tls_server.h"

#include "tests/support/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 10 };

/* In the child, where only plain calls to the kernel are allowed. It dies with the test. */
static void become(char *const words[], char *const environment[])
{
    int null_fd = open("/dev/null", O_RDWR);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int fd = 0; fd <= 2; fd++) {
        dup2(null_fd, fd);
    }
    execvpe(words[0], words, environment);
    _exit(127);
}

/* With no descriptor of ours but the standard ones: tests open theirs close-on-exec. */
static pid_t spawn(char *const words[])
{
    char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char *const environment[] = {path, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        become(words, environment);
    }
    return pid;
}

static bool succeeds(char *const args[])
{
    int status = -1;
    pid_t pid = spawn(args);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static void make_key(struct xcy_tls_server *s)
{
    char *const args[] = {"openssl", "ecparam", "-name",     "prime256v1", "-genkey",
                          "-noout",  "-out",    s->key_file, NULL};
    assert_true(succeeds(args));
}

/* Self-signed, so that it is its own authority. Only `openssl x509` makes one that is over. */
static void make_certificate(struct xcy_tls_server *s, enum xcy_tls_certificate certificate)
{
    char request_file[96];
    char *names = certificate == XCY_TLS_ELSEWHERE ? "subjectAltName=DNS:elsewhere.test"
                                                   : "subjectAltName=IP:127.0.0.1";
    snprintf(request_file, sizeof request_file, "%s/request.pem", s->folder);
    char *const request[] = {"openssl", "req",     "-new", "-key", s->key_file,  "-subj",
                             "/CN=x",   "-addext", names,  "-out", request_file, NULL};
    assert_true(succeeds(request));
    char *const sign[] = {"openssl",
                          "x509",
                          "-req",
                          "-in",
                          request_file,
                          "-signkey",
                          s->key_file,
                          "-copy_extensions",
                          "copyall",
                          "-days",
                          certificate == XCY_TLS_EXPIRED ? "-1" : "2",
                          "-out",
                          s->ca_file,
                          NULL};
    assert_true(succeeds(sign));
    unlink(request_file);
}

/* One that was free a moment ago. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool listens(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_open = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return is_open;
}

/* False when it has died, since another had taken the port. */
static bool await_listening(const struct xcy_tls_server *s)
{
    while (!listens(s->port)) {
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            return false;
        }
        poll(NULL, 0, 2);
    }
    return waitpid(s->pid, NULL, WNOHANG) == 0;
}

static pid_t launch(struct xcy_tls_server *s, enum xcy_tls_protocol protocol)
{
    char port[8];
    char place[32];
    snprintf(port, sizeof port, "%u", s->port);
    snprintf(place, sizeof place, "127.0.0.1:%u", s->port);
    char *const http_2[] = {XCY_NGHTTPD, "--address=127.0.0.1", "--echo-upload", "-d", s->folder,
                            port,        s->key_file,           s->ca_file,      NULL};
    char *const http_1_0[] = {"openssl", "s_server",  "-www",  "-quiet",   "-accept", place,
                              "-key",    s->key_file, "-cert", s->ca_file, NULL};
    char *const reverse[] = {"openssl", "s_server",  "-rev",  "-quiet",   "-accept", place,
                             "-key",    s->key_file, "-cert", s->ca_file, NULL};
    char *const *const all[] = {
        [XCY_TLS_HTTP_2] = http_2, [XCY_TLS_HTTP_1_0] = http_1_0, [XCY_TLS_REVERSE] = reverse};
    return spawn(all[protocol]);
}

bool xcy_tls_server_start(struct xcy_tls_server *server, enum xcy_tls_protocol protocol,
                          enum xcy_tls_certificate certificate)
{
    char *const version[] = {"openssl", "version", NULL};
    *server = (struct xcy_tls_server){.pid = -1};
    if (protocol == XCY_TLS_HTTP_2 && access(XCY_NGHTTPD, X_OK) != 0) {
        print_message("no nghttpd (Debian: nghttp2-server)\n");
        return false;
    }
    if (!succeeds(version)) {
        print_message("no openssl\n");
        return false;
    }
    snprintf(server->folder, sizeof server->folder, "/tmp/xcy-tls-XXXXXX");
    assert_non_null(mkdtemp(server->folder));
    snprintf(server->ca_file, sizeof server->ca_file, "%s/cert.pem", server->folder);
    snprintf(server->key_file, sizeof server->key_file, "%s/key.pem", server->folder);
    make_key(server);
    make_certificate(server, certificate);
    for (int i = 0; i < TRIES; i++) {
        server->port = free_port();
        server->pid = launch(server, protocol);
        assert_true(server->pid > 0);
        if (await_listening(server)) {
            snprintf(server->url, sizeof server->url, "https://127.0.0.1:%u/", server->port);
            return true;
        }
    }
    fail_msg("no port for a server");
    return false;
}

void xcy_tls_server_freeze(const struct xcy_tls_server *server)
{
    kill(server->pid, SIGSTOP);
}

void xcy_tls_server_thaw(const struct xcy_tls_server *server)
{
    kill(server->pid, SIGCONT);
}

void xcy_tls_server_kill(struct xcy_tls_server *server)
{
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
        server->pid = -1;
    }
}

void xcy_tls_server_stop(struct xcy_tls_server *server)
{
    xcy_tls_server_kill(server);
    if (server->folder[0]) {
        unlink(server->ca_file);
        unlink(server->key_file);
        rmdir(server->folder);
    }
}
