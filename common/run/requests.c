#include "common/run/requests.h"

#include "common/base/mem.h"
#include "common/run/columns.h"
#include "common/run/folder.h"

#include <stdlib.h>

#define ROW(member) offsetof(struct xcy_request_row, member)
#define COLUMN(column, kind, member, what)                                                         \
    .name = (column), .type = (kind), .offset = ROW(member), .meaning = (what)
#define TEXT(column, member, what)                                                                 \
    COLUMN(column, XCY_COLUMN_TEXT, member, what),                                                 \
        .size = sizeof((struct xcy_request_row *)0)->member
#define STAMP(column, point, what) COLUMN(column, XCY_COLUMN_STAMP, points.us[point], what)

static const struct xcy_column columns[] = {
    {COLUMN("i", XCY_COLUMN_INT, id.i, "request number, from 0")},
    {COLUMN("attempt", XCY_COLUMN_INT, attempt, "1 for the first")},
    {COLUMN("warmup", XCY_COLUMN_INT, is_warmup, "1: left out of figures"), .is_optional = true},
    {TEXT("key", id.key, "key of the post")},
    {COLUMN("client_sent_at_s", XCY_COLUMN_DOUBLE, id.client_sent_at_s,
            "seconds since 1970, as in the signed body")},
    {COLUMN("outcome", XCY_COLUMN_CHOICE, outcome, "what the client saw"),
     .names = xcy_outcome_names},
    {COLUMN("http_status", XCY_COLUMN_INT, http_status, "0: no reply")},
    {STAMP("due_us", XCY_POINT_DUE, "the schedule wanted it")},
    {STAMP("sent_us", XCY_POINT_SENT, "handed to the connection")},
    {STAMP("acked_us", XCY_POINT_ACKED, "reply complete, or failed")},
    {STAMP("start_us", XCY_POINT_START, "writer began (its clock)")},
    {STAMP("wrote_us", XCY_POINT_WROTE, "post stored (writer's clock)")},
    {STAMP("noted_us", XCY_POINT_NOTED, "publish began (writer's clock)")},
    {STAMP("ended_us", XCY_POINT_ENDED, "publish acknowledged (writer's clock)")},
    {TEXT("exec", exec, "execution of the writer")},
    {TEXT("writer_instance", writer_instance, "clock domain of the writer")},
    {TEXT("reason", reason, "for people, when the outcome is not ok")},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

struct xcy_requests {
    struct xcy_request_row *rows;
    size_t n;
};

void xcy_requests_header(struct xcy_buf *out)
{
    xcy_columns_header(columns, N_COLUMNS, out);
}

void xcy_request_row_format(const struct xcy_request_row *row, struct xcy_buf *out)
{
    xcy_columns_format(columns, N_COLUMNS, row, out);
}

enum xcy_status xcy_requests_read(const char *run_path, struct xcy_requests **rows, bool *torn,
                                  struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "requests.csv");
    struct xcy_requests *r = xcy_alloc(sizeof *r);
    void *found = NULL;
    bool is_torn = false;
    enum xcy_status status =
        xcy_columns_read(path, columns, N_COLUMNS, sizeof *r->rows, &found, &r->n, &is_torn, err);
    free(path);
    if (status == XCY_ENOTFOUND) {
        status = XCY_OK;
    }
    r->rows = found;
    if (status == XCY_OK) {
        *rows = r;
        *torn = is_torn;
    } else {
        xcy_requests_free(r);
    }
    return status;
}

void xcy_requests_free(struct xcy_requests *rows)
{
    if (rows) {
        free(rows->rows);
        free(rows);
    }
}

size_t xcy_requests_count(const struct xcy_requests *rows)
{
    return rows->n;
}

const struct xcy_request_row *xcy_requests_at(const struct xcy_requests *rows, size_t index)
{
    xcy_assert(index < rows->n);
    return &rows->rows[index];
}
