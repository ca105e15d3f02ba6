/* fuzz_csv.c - reading ends, each record has the header's fields, and they write and read back. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/csv.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file in memory with these bytes; the path is owned by the caller. */
static int open_memory(struct xcy_bytes text, char **path)
{
    struct xcy_error err;
    int fd = memfd_create("table", MFD_CLOEXEC);
    xcy_assert(fd >= 0);
    enum xcy_status status = xcy_write_all(fd, text, "memory", &err);
    xcy_assert(status == XCY_OK);
    *path = xcy_format("/proc/self/fd/%d", fd);
    return fd;
}

static void add_record(const struct xcy_csv *csv, struct xcy_buf *out)
{
    for (size_t i = 0; i < xcy_csv_columns(csv); i++) {
        struct xcy_bytes field = xcy_csv_field(csv, i);
        xcy_assert(field.ptr[field.len] == '\0' && strlen(field.ptr) == field.len);
        xcy_buf_add_text(out, i ? "," : "");
        xcy_csv_add_field(out, field, ',');
    }
    xcy_buf_add_char(out, '\n');
}

/* Reads the table to its end, adds its good records to `out`, and counts them and the others. */
static void read_all(struct xcy_csv *csv, struct xcy_buf *out, size_t *n_good, size_t *n_bad)
{
    struct xcy_error err;
    size_t line = 0;
    for (;;) {
        enum xcy_csv_step step = xcy_csv_next(csv, &err);
        if (step == XCY_CSV_END) {
            return;
        }
        xcy_assert(xcy_csv_line(csv) > line);
        line = xcy_csv_line(csv);
        *n_good += step == XCY_CSV_RECORD;
        *n_bad += step != XCY_CSV_RECORD;
        if (step == XCY_CSV_RECORD) {
            add_record(csv, out);
        }
    }
}

static void add_header(const struct xcy_csv *csv, struct xcy_buf *out)
{
    for (size_t i = 0; i < xcy_csv_columns(csv); i++) {
        xcy_buf_add_text(out, i ? "," : "");
        xcy_csv_add_field(out, xcy_bytes_of(xcy_csv_column_name(csv, i)), ',');
    }
    xcy_buf_add_char(out, '\n');
}

/* Reads the text and rewrites what is good in it; false if there is not even a header. */
static bool rewrite(struct xcy_bytes text, char separator, struct xcy_buf *out, size_t *n_good,
                    size_t *n_bad)
{
    struct xcy_error err;
    struct xcy_csv *csv = NULL;
    char *path = NULL;
    int fd = open_memory(text, &path);
    enum xcy_status status = xcy_csv_open(path, separator, &csv, &err);
    if (status == XCY_OK) {
        add_header(csv, out);
        read_all(csv, out, n_good, n_bad);
    }
    xcy_csv_close(csv);
    close(fd);
    free(path);
    return status == XCY_OK;
}

static void check(struct xcy_bytes text, char separator)
{
    struct xcy_buf once;
    struct xcy_buf twice;
    size_t n_good = 0;
    size_t n_good_again = 0;
    size_t n_bad = 0;
    size_t n_bad_again = 0;
    xcy_buf_init(&once, 64 << 20);
    xcy_buf_init(&twice, 64 << 20);
    if (rewrite(text, separator, &once, &n_good, &n_bad)) {
        bool is_read = rewrite(xcy_buf_bytes(&once), ',', &twice, &n_good_again, &n_bad_again);
        xcy_assert(is_read && n_bad_again == 0 && n_good_again == n_good);
        xcy_assert(xcy_bytes_equal(xcy_buf_bytes(&once), xcy_buf_bytes(&twice)));
    }
    xcy_buf_clear(&once);
    xcy_buf_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(xcy_bytes((const char *)data, size), ',');
    check(xcy_bytes((const char *)data, size), ';');
    return 0;
}
