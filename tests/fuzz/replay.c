/*
 * replay.c - runs a fuzz test over each file of a folder, and over each beginning of it:
 * a parser meets most of its ends there.
 */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_BEGINNINGS = 600 };

/* In memory of exactly that size, so that a byte read too far is seen. */
static void run(struct xcy_bytes text)
{
    uint8_t *exact = malloc(text.len ? text.len : 1);
    xcy_assert(exact != NULL);
    if (text.len > 0) {
        memcpy(exact, text.ptr, text.len);
    }
    xcy_assert(LLVMFuzzerTestOneInput(exact, text.len) == 0);
    free(exact);
}

static enum xcy_status replay_file(const char *path, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        for (size_t len = 0; len < text.len && len < MAX_BEGINNINGS; len++) {
            run(xcy_bytes(text.ptr, len));
        }
        run(xcy_buf_bytes(&text));
    }
    xcy_buf_clear(&text);
    return status;
}

static int replay_folder(DIR *dir, const char *folder)
{
    struct xcy_error err;
    size_t n = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread, its own stream */
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char *path = xcy_format("%s/%s", folder, entry->d_name);
        enum xcy_status status = replay_file(path, &err);
        free(path);
        if (status != XCY_OK) {
            fprintf(stderr, "replay: %s\n", err.text);
            return 1;
        }
        n++;
    }
    printf("%zu files\n", n);
    return n > 0 ? 0 : 1;
}

int main(int argc, char *argv[])
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir) {
        fprintf(stderr, "replay: a folder of texts is wanted\n");
        return 2;
    }
    int exit_code = replay_folder(dir, argv[1]);
    closedir(dir);
    return exit_code;
}
