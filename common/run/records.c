#include "common/run/records.h"

#include "common/base/mem.h"
#include "common/run/columns.h"
#include "common/run/folder.h"

#include <stdlib.h>
#include <string.h>

/* In the order of enum xcy_record_flag. */
static const char *const flag_names[] = {
    "late",        "waited",     "polled",     "censored",   "barrier-timeout",
    "redelivered", "many-evals", "many-execs", "conflict",   "got-live",
    "no-xcy",      "refused",    "warm-up",    "disordered", NULL};

#define ROW(member) offsetof(struct xcy_record, member)
#define COLUMN(column, kind, member, what)                                                         \
    .name = (column), .type = (kind), .offset = ROW(member), .meaning = (what)
#define INT(column, member, what)                                                                  \
    {                                                                                              \
        COLUMN(column, XCY_COLUMN_INT, member, what)                                               \
    }
#define STAMP(column, point, what)                                                                 \
    {                                                                                              \
        COLUMN(column, XCY_COLUMN_STAMP, points.us[point], what)                                   \
    }
#define TEXT(column, member, what)                                                                 \
    {                                                                                              \
        COLUMN(column, XCY_COLUMN_TEXT, member, what),                                             \
            .size = sizeof((struct xcy_record *)0)->member                                         \
    }

static const struct xcy_column columns[] = {
    INT("i", i, "request number, from 0"),
    INT("k", k, "observer"),
    TEXT("key", key, "key of the post"),
    {COLUMN("class", XCY_COLUMN_CHOICE, klass, "exactly one a request"), .names = xcy_class_names},
    {COLUMN("outcome", XCY_COLUMN_CHOICE, outcome, "what the client saw"),
     .names = xcy_outcome_names},
    INT("http_status", http_status, "0: no reply"),
    INT("attempts", attempts, "lines in requests.csv"),
    {COLUMN("flags", XCY_COLUMN_FLAGS, flags, "joined by '+'"), .names = flag_names},
    STAMP("due_us", XCY_POINT_DUE, "the schedule wanted it"),
    STAMP("sent_us", XCY_POINT_SENT, "handed to the connection"),
    STAMP("acked_us", XCY_POINT_ACKED, "reply complete, or failed"),
    STAMP("start_us", XCY_POINT_START, "writer began"),
    STAMP("wrote_us", XCY_POINT_WROTE, "post storage acknowledged the write"),
    STAMP("noted_us", XCY_POINT_NOTED, "writer began to publish"),
    STAMP("ended_us", XCY_POINT_ENDED, "publish acknowledged"),
    STAMP("seen_us", XCY_POINT_SEEN, "reader received the notification"),
    STAMP("ready_us", XCY_POINT_READY, "barrier returned"),
    STAMP("asked_us", XCY_POINT_ASKED, "first dependent read sent"),
    STAMP("read_us", XCY_POINT_READ, "that read returned"),
    STAMP("missed_us", XCY_POINT_MISSED, "last failing poll sent"),
    STAMP("visible_us", XCY_POINT_VISIBLE, "first succeeding poll returned"),
    STAMP("reported_us", XCY_POINT_REPORTED, "just before the evaluation was sent"),
    STAMP("got_us", XCY_POINT_GOT, "taken from the queue"),
    INT("polls", polls, "visibility polls made"),
    INT("post_stored_bytes", post_stored_bytes, "stored object with metadata; 0 unknown"),
    INT("post_metadata_bytes", post_metadata_bytes, "of these, what the consistency added"),
    INT("notification_bytes", notification_bytes, "notification, as its store counts"),
    INT("context_bytes", context_bytes, "of these, the consistency's context"),
    TEXT("exec", exec, "execution of the writer"),
    TEXT("eval", eval, "execution of the reader"),
    TEXT("writer_instance", writer_instance, "clock domain of the writer"),
    TEXT("reader_instance", reader_instance, "clock domain of the reader"),
    TEXT("class_reason", class_reason, "why failed or lost"),
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

void xcy_records_header(struct xcy_buf *out)
{
    xcy_columns_header(columns, N_COLUMNS, out);
}

void xcy_record_format(const struct xcy_record *record, struct xcy_buf *out)
{
    xcy_columns_format(columns, N_COLUMNS, record, out);
}

void xcy_record_format_flags(const struct xcy_record *record, struct xcy_buf *out)
{
    for (size_t c = 0; c < N_COLUMNS; c++) {
        if (columns[c].type == XCY_COLUMN_FLAGS) {
            xcy_columns_format(&columns[c], 1, record, out);
            out->ptr[--out->len] = '\0'; /* the line's end */
        }
    }
}

/* What a person does about a records.csv that is missing or cut off. */
static enum xcy_status advise(enum xcy_status status, bool torn, const char *path,
                              const char *run_path, struct xcy_error *err)
{
    if (status == XCY_ENOTFOUND) {
        return xcy_fail(err, XCY_ENOTFOUND, "%s: not there; run `gather %s` first", path, run_path);
    }
    if (status == XCY_OK && torn) {
        return xcy_fail(err, XCY_EPARSE, "%s: the last line is cut off; run `gather %s` again",
                        path, run_path);
    }
    return status;
}

enum xcy_status xcy_records_read(const char *run_path, struct xcy_record **records, size_t *n,
                                 struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "records.csv");
    void *rows = NULL;
    size_t n_rows = 0;
    bool torn = false;
    enum xcy_status status =
        xcy_columns_read(path, columns, N_COLUMNS, sizeof **records, &rows, &n_rows, &torn, err);
    status = advise(status, torn, path, run_path, err);
    if (status == XCY_OK) {
        *records = rows;
        *n = n_rows;
    } else {
        free(rows);
    }
    free(path);
    return status;
}

/* Columns that a use passes over, or, where there are fewer, those that it does not. */
static const struct {
    bool is_read;
    const char *names[16];
} uses[XCY_N_USES] = {
    [XCY_USE_ALL] = {false, {NULL}},
    [XCY_USE_FIGURES] = {false, {"key", "exec", "eval", "class_reason", NULL}},
    [XCY_USE_CLOCKS] = {true,
                        {"i", "outcome", "attempts", "flags", "sent_us", "acked_us", "start_us",
                         "noted_us", "ended_us", "seen_us", "reported_us", "got_us",
                         "writer_instance", "reader_instance", NULL}},
};

static bool is_unread(enum xcy_record_use use, const char *column)
{
    for (size_t i = 0; uses[use].names[i]; i++) {
        if (strcmp(uses[use].names[i], column) == 0) {
            return !uses[use].is_read;
        }
    }
    return uses[use].is_read;
}

/* A scan's rows as records. */
struct taker {
    xcy_record_fn *take;
    void *context;
};

static void take_row(void *context, const void *row)
{
    const struct taker *taker = context;
    taker->take(taker->context, row);
}

enum xcy_status xcy_records_scan(const char *run_path, enum xcy_record_use use, xcy_record_fn *take,
                                 void *const contexts[], size_t n_threads, struct xcy_error *err)
{
    bool unread[N_COLUMNS];
    for (size_t c = 0; c < N_COLUMNS; c++) {
        unread[c] = is_unread(use, columns[c].name);
    }
    char *path = xcy_run_file(run_path, "records.csv");
    struct taker *takers = xcy_alloc_array(n_threads, sizeof *takers);
    void **each = xcy_alloc_array(n_threads, sizeof *each);
    for (size_t i = 0; i < n_threads; i++) {
        takers[i] = (struct taker){take, contexts[i]};
        each[i] = &takers[i];
    }
    bool torn = false;
    enum xcy_status status =
        xcy_columns_scan(path, columns, N_COLUMNS, unread, sizeof(struct xcy_record), take_row,
                         each, n_threads, &torn, err);
    status = advise(status, torn, path, run_path, err);
    free((void *)each);
    free(takers);
    free(path);
    return status;
}
