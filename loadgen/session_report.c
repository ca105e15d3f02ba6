#include "common/base/mem.h"
#include "loadgen/report/report.h"
#include "loadgen/session_parts.h"

#include <stdlib.h>
#include <string.h>

/* What to type next: short where the other programs look anyway. */
static char *next_command(const struct xcy_session *s)
{
    const char *root = s->p.options->root;
    if (!s->p.engine->is_invoking || s->manifest.sent == 0) {
        return NULL;
    }
    bool is_usual = strcmp(root, "runs") == 0 || strcmp(root, "./runs") == 0;
    return is_usual ? xcy_strdup("gather") : xcy_format("gather %s", s->rundir.path);
}

void xcy_session_report(const struct xcy_session *session, bool is_json, struct xcy_buf *out)
{
    char *next = next_command(session);
    struct xcy_report made = {.manifest = &session->manifest,
                              .total = &session->total,
                              .path = session->rundir.path,
                              .next = next,
                              .rows_missing = session->rows_missing,
                              .expectations = &session->p.expect,
                              .aborted_by = session->aborted_by};
    if (is_json) {
        xcy_report_json(&made, out);
    } else {
        xcy_report_text(&made, out);
    }
    free(next);
}
