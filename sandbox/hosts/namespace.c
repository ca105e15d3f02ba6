#include "sandbox/hosts/namespace.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char device[] = "xcy0";

enum want { WANT_NOTHING, WANT_SOCKET, WANT_END };

struct xcy_namespace {
    struct xcy_namespace_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum want want;
    bool is_up; /* or has failed: status says it */
    enum xcy_status status;
    struct xcy_error err;
    int tun_fd;
    int made_fd;
    int made_errno;
};

static enum xcy_status set_address(int fd, unsigned long request, uint32_t address,
                                   struct xcy_error *err)
{
    struct ifreq r = {0};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    memcpy(r.ifr_name, device, sizeof device);
    memcpy(&r.ifr_addr, &in, sizeof in);
    return ioctl(fd, request, &r) == 0 ? XCY_OK
                                       : xcy_fail_errno(err, errno, "address of %s", device);
}

static enum xcy_status set_up(int fd, const char *name, struct xcy_error *err)
{
    struct ifreq r = {.ifr_flags = IFF_UP | IFF_RUNNING};
    memcpy(r.ifr_name, name, strnlen(name, IFNAMSIZ - 1));
    return ioctl(fd, SIOCSIFFLAGS, &r) == 0 ? XCY_OK : xcy_fail_errno(err, errno, "%s up", name);
}

static enum xcy_status set_mtu(int fd, int mtu_bytes, struct xcy_error *err)
{
    struct ifreq r = {.ifr_mtu = mtu_bytes};
    memcpy(r.ifr_name, device, sizeof device);
    return ioctl(fd, SIOCSIFMTU, &r) == 0 ? XCY_OK
                                          : xcy_fail_errno(err, errno, "mtu of %s", device);
}

static enum xcy_status open_tun(struct xcy_namespace *ns, struct xcy_error *err)
{
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    memcpy(r.ifr_name, device, sizeof device);
    ns->tun_fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (ns->tun_fd < 0 || ioctl(ns->tun_fd, TUNSETIFF, &r) != 0) {
        return xcy_fail_errno(err, errno, "/dev/net/tun");
    }
    return XCY_OK;
}

static enum xcy_status configure(const struct xcy_namespace *ns, struct xcy_error *err)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return xcy_fail_errno(err, errno, "socket");
    }
    enum xcy_status status = set_up(fd, "lo", err);
    if (status == XCY_OK) {
        status = set_address(fd, SIOCSIFADDR, ns->options.address, err);
    }
    if (status == XCY_OK) {
        status = set_address(fd, SIOCSIFDSTADDR, ns->options.peer, err);
    }
    if (status == XCY_OK) {
        status = set_mtu(fd, ns->options.mtu_bytes, err);
    }
    if (status == XCY_OK) {
        status = set_up(fd, device, err);
    }
    close(fd);
    return status;
}

/* Only this thread leaves our network. */
static enum xcy_status enter(struct xcy_namespace *ns, struct xcy_error *err)
{
    if (unshare(CLONE_NEWNET) != 0) {
        return xcy_fail_errno(err, errno, "a network namespace");
    }
    enum xcy_status status = open_tun(ns, err);
    return status == XCY_OK ? configure(ns, err) : status;
}

static void serve(struct xcy_namespace *ns)
{
    while (ns->want != WANT_END) {
        if (ns->want == WANT_SOCKET) {
            ns->made_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            ns->made_errno = errno;
            ns->want = WANT_NOTHING;
            pthread_cond_broadcast(&ns->changed);
        }
        pthread_cond_wait(&ns->changed, &ns->lock);
    }
}

static void *live(void *arg)
{
    struct xcy_namespace *ns = arg;
    struct xcy_error err;
    enum xcy_status status = enter(ns, &err);
    pthread_mutex_lock(&ns->lock);
    ns->status = status;
    if (status != XCY_OK) {
        ns->err = err;
    }
    ns->is_up = true;
    pthread_cond_broadcast(&ns->changed);
    if (status == XCY_OK) {
        serve(ns);
    }
    pthread_mutex_unlock(&ns->lock);
    return NULL;
}

enum xcy_status xcy_namespace_start(const struct xcy_namespace_options *options,
                                    struct xcy_namespace **ns, struct xcy_error *err)
{
    struct xcy_namespace *n = xcy_alloc(sizeof *n);
    n->options = *options;
    n->tun_fd = -1;
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->changed, NULL);
    int code = pthread_create(&n->thread, NULL, live, n);
    xcy_assert(code == 0);
    pthread_mutex_lock(&n->lock);
    while (!n->is_up) {
        pthread_cond_wait(&n->changed, &n->lock);
    }
    enum xcy_status status = n->status;
    pthread_mutex_unlock(&n->lock);
    if (status != XCY_OK) {
        struct xcy_error why = n->err;
        xcy_namespace_stop(n);
        return xcy_fail(err, XCY_EFAIL,
                        "%s; a WAN of network namespaces needs root, or `unshare -Ur`, and "
                        "/dev/net/tun",
                        why.text);
    }
    *ns = n;
    return XCY_OK;
}

int xcy_namespace_tun(const struct xcy_namespace *ns)
{
    return ns->tun_fd;
}

int xcy_namespace_make_socket(void *ns)
{
    struct xcy_namespace *n = ns;
    pthread_mutex_lock(&n->lock);
    while (n->want != WANT_NOTHING) { /* another one's */
        pthread_cond_wait(&n->changed, &n->lock);
    }
    n->want = WANT_SOCKET;
    pthread_cond_broadcast(&n->changed);
    while (n->want == WANT_SOCKET) {
        pthread_cond_wait(&n->changed, &n->lock);
    }
    int fd = n->made_fd;
    errno = n->made_errno;
    pthread_mutex_unlock(&n->lock);
    return fd;
}

void xcy_namespace_stop(struct xcy_namespace *ns)
{
    if (!ns) {
        return;
    }
    pthread_mutex_lock(&ns->lock);
    ns->want = WANT_END;
    pthread_cond_broadcast(&ns->changed);
    pthread_mutex_unlock(&ns->lock);
    pthread_join(ns->thread, NULL);
    if (ns->tun_fd >= 0) {
        close(ns->tun_fd);
    }
    pthread_cond_destroy(&ns->changed);
    pthread_mutex_destroy(&ns->lock);
    free(ns);
}
