#include "tests/unit/net/tcp_ends.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { MAX_DESCRIPTORS = 1024 };

size_t xcy_tcp_ends(uint16_t port)
{
    size_t n = 0;
    for (int fd = 0; fd < MAX_DESCRIPTORS; fd++) {
        struct sockaddr_in peer = {0};
        socklen_t size = sizeof peer;
        n += getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && peer.sin_family == AF_INET &&
             (port == 0 || ntohs(peer.sin_port) == port);
    }
    return n;
}
