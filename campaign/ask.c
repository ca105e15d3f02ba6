#include "campaign/ask.h"

#include "campaign/child.h"
#include "campaign/words.h"
#include "common/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, WAIT_MS = 1000, SAID_BYTES = 512 };

/* A request that is neither sent nor signed. */
static struct xcy_words words_of(const struct xcy_cell *cell)
{
    static const char *const first[] = {"loadgen",   "--engine",   "null",
                                        "--dry-run", "--requests", "1"};
    struct xcy_words words = {0};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        xcy_words_add(&words, "%s", first[i]);
    }
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        xcy_words_add(&words, "%s", cell->loadgen[i]);
    }
    return words;
}

/* The last line of what it said: why it ended. */
static void said(int log_fd, char to[SAID_BYTES])
{
    char text[4 * SAID_BYTES];
    ssize_t n = pread(log_fd, text, sizeof text - 1, 0);
    n = n > 0 && text[n - 1] == '\n' ? n - 1 : n;
    text[n > 0 ? n : 0] = '\0';
    const char *line = strrchr(text, '\n');
    snprintf(to, SAID_BYTES, "%.*s", SAID_BYTES - 1, line ? line + 1 : text);
}

static enum xcy_status ask(const char *programs, const char *config_path,
                           const struct xcy_cell *cell, struct xcy_error *err)
{
    int log_fd = memfd_create("loadgen", MFD_CLOEXEC);
    if (log_fd < 0) {
        return xcy_fail_errno(err, errno, "no memory for what loadgen says");
    }
    struct xcy_child child = {.pid = 0};
    struct xcy_child *const children[] = {&child};
    struct xcy_words words = words_of(cell);
    const struct xcy_child_order order = {
        .folder = programs, .argv = words.items, .log_fd = log_fd, .lock_fd = -1};
    enum xcy_status status = xcy_child_start(&order, &child, err);
    while (status == XCY_OK && !xcy_children_wait(children, 1, WAIT_MS, -1)) {
    }
    if (status == XCY_OK && child.exit_code == EXIT_USAGE) {
        char text[SAID_BYTES];
        said(log_fd, text);
        status = xcy_fail(err, XCY_EUSAGE, "%s:%zu: loadgen: %s", config_path, cell->loadgen_line,
                          strncmp(text, "loadgen: ", 9) == 0 ? text + 9 : text);
    }
    xcy_child_clear(&child);
    xcy_words_clear(&words);
    close(log_fd);
    return status;
}

enum xcy_status xcy_campaign_ask_loadgen(const char *programs, const char *config_path,
                                         const struct xcy_campaign_config *config,
                                         struct xcy_error *err)
{
    size_t asked_line = 0; /* cells of one list follow each other */
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < config->n_cells; i++) {
        const struct xcy_cell *cell = &config->cells[i];
        if (cell->n_loadgen > 0 && cell->loadgen_line != asked_line) {
            asked_line = cell->loadgen_line;
            status = ask(programs, config_path, cell, err);
        }
    }
    return status;
}
