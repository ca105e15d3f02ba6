#ifndef XCY_TESTS_UNIT_NET_TCP_ENDS_H
#define XCY_TESTS_UNIT_NET_TCP_ENDS_H

/* tcp_ends.h - what a client holds open, seen from outside. */

#include <stddef.h>
#include <stdint.h>

/* Ends of TCP connections (IPv4) that this process has open to that port; 0: to any, those of servers
 * within the process among them. */
size_t xcy_tcp_ends(uint16_t port);

#endif
