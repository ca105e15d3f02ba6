/* fuzz_journal.c - a journal of any bytes is replayed or refused and left alone; one that was cut
 * anywhere gives back its whole lines. A text that begins with '+' has the right sums added. */

#include "collectors/journal.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/json.h"
#include "common/net/crypto.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_TEXT_BYTES = 16 << 20 };

static enum xcy_status count(void *ctx, const struct xcy_journal_entry *entry,
                             struct xcy_error *err)
{
    (void)err;
    xcy_assert(entry->message_id && entry->body);
    ++*(size_t *)ctx;
    return XCY_OK;
}

static enum xcy_status replay(const char *path, size_t *n, int64_t *cut_bytes)
{
    struct xcy_error err;
    struct xcy_journal *journal = NULL;
    enum xcy_status status = xcy_journal_open(path, &journal, &err);
    xcy_assert(status == XCY_OK);
    *n = 0;
    status = xcy_journal_replay(journal, count, n, cut_bytes, &err);
    xcy_assert(status == XCY_OK || (status == XCY_EPARSE && !strchr(err.text, '\n')));
    xcy_journal_close(journal);
    return status;
}

static void write_file(const char *path, struct xcy_bytes text)
{
    struct xcy_error err;
    enum xcy_status status = xcy_file_replace(path, text, 0600, &err);
    xcy_assert(status == XCY_OK);
}

/* The file holds the text but for its last cut_bytes. */
static void check_file(const char *path, struct xcy_bytes text, int64_t cut_bytes)
{
    struct xcy_error err;
    struct xcy_buf file;
    xcy_buf_init(&file, MAX_TEXT_BYTES);
    enum xcy_status status = xcy_file_read(path, &file, &err);
    xcy_assert(status == XCY_OK && cut_bytes >= 0);
    xcy_assert(file.len + (size_t)cut_bytes == text.len);
    xcy_assert(xcy_bytes_equal(xcy_buf_bytes(&file), xcy_bytes(text.ptr, file.len)));
    xcy_buf_clear(&file);
}

/* Ends each line of the text as the journal does. */
static void seal(struct xcy_bytes text, struct xcy_buf *out)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        char sum[XCY_SHA256_HEX];
        xcy_sha256_hex(xcy_bytes(text.ptr, len), sum);
        xcy_buf_add(out, xcy_bytes(text.ptr, len));
        xcy_buf_addf(out, ",\"sum\":\"%.16s\"}\n", sum);
        size_t used = end ? len + 1 : len;
        text = xcy_bytes(text.ptr + used, text.len - used);
    }
}

static void try_bytes(const char *path, struct xcy_bytes text)
{
    size_t n;
    size_t n_again;
    int64_t cut_bytes = 0;
    int64_t cut_again = 0;
    write_file(path, text);
    enum xcy_status status = replay(path, &n, &cut_bytes);
    check_file(path, text, cut_bytes);
    if (status == XCY_OK) {
        status = replay(path, &n_again, &cut_again);
        xcy_assert(status == XCY_OK && n_again == n && cut_again == 0);
    }
}

/* Two entries whose body is the text, which is UTF-8 as all bodies are; then the file, cut. */
static void try_cut(const char *path, const char *body, size_t where)
{
    struct xcy_error err;
    struct xcy_buf file;
    struct xcy_journal *journal = NULL;
    struct xcy_journal_entry entry = {.at_us = 1, .message_id = "m", .body = body};
    xcy_buf_init(&file, MAX_TEXT_BYTES);
    write_file(path, xcy_bytes_of(NULL));
    enum xcy_status status = xcy_journal_open(path, &journal, &err);
    xcy_assert(status == XCY_OK);
    xcy_journal_add(journal, &entry);
    xcy_journal_add(journal, &entry);
    status = xcy_journal_commit(journal, &err);
    xcy_assert(status == XCY_OK);
    xcy_journal_close(journal);
    status = xcy_file_read(path, &file, &err);
    xcy_assert(status == XCY_OK);

    size_t n;
    int64_t cut_bytes = 0;
    size_t kept = where % (file.len + 1);
    write_file(path, xcy_bytes(file.ptr, kept));
    status = replay(path, &n, &cut_bytes);
    xcy_assert(status == XCY_OK && n == kept / (file.len / 2));
    xcy_assert((size_t)cut_bytes == kept % (file.len / 2));
    xcy_buf_clear(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    struct xcy_bytes text = xcy_bytes((const char *)data, size);
    char folder[] = "/dev/shm/xcy-fuzz-XXXXXX";
    char elsewhere[] = "/tmp/xcy-fuzz-XXXXXX";
    char *made = mkdtemp(folder) ? folder : mkdtemp(elsewhere);
    xcy_assert(made != NULL);
    char *path = xcy_format("%s/journal", made);
    if (size > 0 && text.ptr[0] == '+') {
        struct xcy_buf sealed;
        xcy_buf_init(&sealed, MAX_TEXT_BYTES);
        seal(xcy_bytes(text.ptr + 1, size - 1), &sealed);
        try_bytes(path, xcy_buf_bytes(&sealed));
        xcy_buf_clear(&sealed);
    } else {
        try_bytes(path, text);
    }
    if (xcy_json_parse(text, &root, &err) == XCY_OK) {
        const char *body = xcy_json_string(root);
        try_cut(path, body ? body : "", size * 31);
        xcy_json_free(root);
    }
    enum xcy_status status = xcy_dir_remove(made, &err);
    xcy_assert(status == XCY_OK);
    free(path);
    return 0;
}
