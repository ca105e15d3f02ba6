#ifndef XCY_BASE_STOP_H
#define XCY_BASE_STOP_H

/*
 * stop.h - Ctrl-C and SIGTERM as a flag and as a readable descriptor.
 *
 * Call xcy_stop_watch first thing in main, before any thread is started. SIGPIPE
 * and SIGXFSZ are ignored from then on. The second signal ends the program at once with code 130.
 *
 * Threads:  xcy_stop_asked from any thread; the descriptor may be polled by many.
 */

#include <stdbool.h>

void xcy_stop_watch(void);
bool xcy_stop_asked(void);
int xcy_stop_fd(void);   /* readable (and never read) once a stop is asked; for poll and epoll */
void xcy_stop_ask(void); /* as if a signal had come */

#endif
