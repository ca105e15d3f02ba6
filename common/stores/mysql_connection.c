#include "common/stores/mysql_connection.h"

#include "common/base/mem.h"

#include <errmsg.h>
#include <errno.h>
#include <mysqld_error.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Above the largest post with all that stands around it; the server has a bound of its own. */
enum { MAX_PACKET_BYTES = 128 * 1024 * 1024 };

static bool parse_address(const char *address, struct xcy_mysql *to)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address) {
        return false;
    }
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end || port < 1 || port > 65535) {
        return false;
    }
    to->host = xcy_strndup(address, (size_t)(colon - address));
    to->port = (unsigned)port;
    return true;
}

static void init_library(void)
{
    mysql_library_init(0, NULL, NULL);
}

enum xcy_status xcy_mysql_open(const struct xcy_mysql_options *options, struct xcy_mono deadline,
                               struct xcy_mysql **mysql, struct xcy_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_library);
    struct xcy_mysql *m = xcy_alloc(sizeof *m);
    m->address = xcy_strdup(options->address);
    m->user = xcy_strdup(options->user);
    m->password = xcy_strdup(options->password);
    m->tls = options->tls;
    m->ca_file = options->ca_file && options->ca_file[0] ? xcy_strdup(options->ca_file) : NULL;
    enum xcy_status status = XCY_OK;
    if (!parse_address(options->address, m)) {
        status = xcy_fail(err, XCY_EUSAGE, "'%s' is not a mysql address of the form host:port",
                          options->address);
    } else {
        status = xcy_mysql_connect(m, deadline, err);
    }
    if (status == XCY_OK) {
        *mysql = m;
        m = NULL;
    }
    xcy_mysql_close(m);
    return status;
}

void xcy_mysql_close(struct xcy_mysql *mysql)
{
    if (!mysql) {
        return;
    }
    xcy_mysql_disconnect(mysql);
    if (mysql->password) {
        explicit_bzero(mysql->password, strlen(mysql->password));
    }
    free(mysql->password);
    free(mysql->address);
    free(mysql->host);
    free(mysql->user);
    free(mysql->ca_file);
    free(mysql);
}

/* What it tells the server in parting would block if the server takes nothing any more. */
static void give_up(struct xcy_mysql *mysql)
{
    if (mysql->handle) {
        my_socket fd = mysql_get_socket(mysql->handle);
        if (fd >= 0) {
            shutdown(fd, SHUT_RDWR);
        }
    }
    xcy_mysql_disconnect(mysql);
}

/* Statements outlive their connection, and are closed without asking the server then. */
void xcy_mysql_disconnect(struct xcy_mysql *mysql)
{
    if (mysql->handle) {
        mysql_close(mysql->handle);
        mysql->handle = NULL;
    }
    for (size_t i = 0; i < mysql->n_prepared; i++) {
        mysql_stmt_close(mysql->prepared[i].statement);
        free(mysql->prepared[i].sql);
    }
    mysql->n_prepared = 0;
}

int xcy_mysql_wait(struct xcy_mysql *mysql, int wanted, struct xcy_mono deadline)
{
    struct pollfd at = {.fd = mysql_get_socket(mysql->handle)};
    at.events = (short)(((wanted & MYSQL_WAIT_READ) ? POLLIN : 0) |
                        ((wanted & MYSQL_WAIT_WRITE) ? POLLOUT : 0) |
                        ((wanted & MYSQL_WAIT_EXCEPT) ? POLLPRI : 0));
    for (;;) {
        int64_t left_ns = xcy_mono_diff_ns(deadline, xcy_mono_now());
        int64_t left_ms = (left_ns + XCY_NS_PER_MS - 1) / XCY_NS_PER_MS;
        if (left_ms <= 0) {
            mysql->is_late = true;
            return MYSQL_WAIT_TIMEOUT;
        }
        int n = poll(&at, 1, left_ms < INT32_MAX ? (int)left_ms : INT32_MAX);
        if (n > 0) {
            break;
        }
    }
    if (at.revents & (POLLERR | POLLHUP | POLLNVAL)) {
        return wanted & ~MYSQL_WAIT_TIMEOUT; /* its next read or write tells what it is */
    }
    return ((at.revents & POLLIN) ? MYSQL_WAIT_READ : 0) |
           ((at.revents & POLLOUT) ? MYSQL_WAIT_WRITE : 0) |
           ((at.revents & POLLPRI) ? MYSQL_WAIT_EXCEPT : 0);
}

/* Of the library itself, or the server's last words on a connection. */
static bool ends_connection(unsigned number)
{
    return (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR) ||
           (number >= CER_MIN_ERROR && number <= CER_MAX_ERROR) || number == ER_SERVER_SHUTDOWN ||
           number == ER_CONNECTION_KILLED || number == ER_NET_READ_ERROR ||
           number == ER_NET_READ_INTERRUPTED || number == ER_NET_ERROR_ON_WRITE ||
           number == ER_NET_WRITE_INTERRUPTED;
}

enum xcy_status xcy_mysql_fail(struct xcy_mysql *mysql, const char *what, unsigned number,
                               const char *words, struct xcy_error *err)
{
    if (mysql->is_late) {
        give_up(mysql);
        return xcy_fail(err, XCY_ETIMEOUT, "mysql %s: %s: no answer in time", mysql->address, what);
    }
    bool is_over = ends_connection(number);
    bool is_missing = number == ER_NO_SUCH_TABLE || number == ER_BAD_DB_ERROR;
    enum xcy_status status = is_over ? XCY_ENET : is_missing ? XCY_ENOTFOUND : XCY_EREMOTE;
    xcy_fail(err, status, "mysql %s: %s: %s", mysql->address, what, words);
    if (is_over) {
        give_up(mysql);
    }
    return status;
}

static void set_options(const struct xcy_mysql *mysql, MYSQL *handle)
{
    const unsigned over_tcp = MYSQL_PROTOCOL_TCP; /* else "localhost" would mean a Unix socket */
    const unsigned long max_packet = MAX_PACKET_BYTES;
    const unsigned no_files = 0; /* a server may not ask for ours */
    const my_bool tls = mysql->tls ? 1 : 0;
    mysql_optionsv(handle, MYSQL_OPT_NONBLOCK, NULL);
    mysql_optionsv(handle, MYSQL_OPT_PROTOCOL, &over_tcp);
    mysql_optionsv(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &max_packet);
    mysql_optionsv(handle, MYSQL_OPT_LOCAL_INFILE, &no_files);
    mysql_optionsv(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_optionsv(handle, MYSQL_OPT_SSL_ENFORCE, &tls);
    mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &tls);
    if (mysql->tls && mysql->ca_file) {
        mysql_optionsv(handle, MYSQL_OPT_SSL_CA, mysql->ca_file);
    }
}

enum xcy_status xcy_mysql_connect(struct xcy_mysql *mysql, struct xcy_mono deadline,
                                  struct xcy_error *err)
{
    mysql->is_late = false;
    mysql->handle = mysql_init(NULL);
    xcy_assert(mysql->handle != NULL);
    set_options(mysql, mysql->handle);
    MYSQL *connected = NULL;
    int wanted = mysql_real_connect_start(&connected, mysql->handle, mysql->host, mysql->user,
                                          mysql->password, NULL, mysql->port, NULL, 0);
    while (wanted) {
        wanted = mysql_real_connect_cont(&connected, mysql->handle,
                                         xcy_mysql_wait(mysql, wanted, deadline));
    }
    if (connected) {
        return XCY_OK;
    }
    enum xcy_status status = xcy_mysql_fail(mysql, "cannot connect", mysql_errno(mysql->handle),
                                            mysql_error(mysql->handle), err);
    xcy_mysql_disconnect(mysql);
    return status;
}
