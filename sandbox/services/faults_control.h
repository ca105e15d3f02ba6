#ifndef XCY_SANDBOX_SERVICES_FAULTS_CONTROL_H
#define XCY_SANDBOX_SERVICES_FAULTS_CONTROL_H

/*
 * faults_control.h - the service `sandbox`: faults seen and changed while it runs, by who has its
 * key; a web page has not.
 *
 *   GET  /faults   every fault's setting, asked and injected
 *   POST /faults   {"sqs": {"duplicated": 0.02}}: merged; answers as GET does. What is wrong is told
 *                  with 400 in one line, and nothing is changed
 *
 * Threads:  safe.
 */

#include "sandbox/faults/faults.h"
#include "sandbox/front/call.h"

void xcy_faults_control_handle(void *faults, struct xcy_call *call); /* a xcy_service_fn */

#endif
