#include "sandbox/hosts/ready.h"

#include "common/base/stop.h"

enum { TIMEOUT_S = 60, POLL_MS = 5 };

enum xcy_status xcy_ready_await(const struct xcy_ready_wait *wait, xcy_ready_fn *look,
                                const char *what, struct xcy_error *err)
{
    struct xcy_error reason = {.text = "no answer"};
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), TIMEOUT_S * XCY_NS_PER_S);
    while (xcy_mono_before(xcy_mono_now(), deadline)) {
        for (size_t i = 0; i < wait->n_servers; i++) {
            enum xcy_status status = xcy_server_process_check(wait->servers[i], err);
            if (status != XCY_OK) {
                return status;
            }
        }
        bool is_so = false;
        if (look(wait->ctx, &is_so, &reason) == XCY_OK && is_so) {
            return XCY_OK;
        }
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), POLL_MS * XCY_NS_PER_MS), xcy_stop_fd());
        if (xcy_stop_asked()) {
            return xcy_fail(err, XCY_ESTOPPED, "stopped while %s was starting", wait->name);
        }
    }
    return xcy_fail(err, XCY_ETIMEOUT, "%s did not happen within %d s: %s", what, TIMEOUT_S,
                    reason.text);
}
