/* fuzz_yaml.c - each scalar of a parsed tree is written so that it reads back; tables bind. */

#include "common/data/yaml.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static const char *const choices[] = {"none", "antipode", NULL};

/* Checks the node and adds each text below it to `out`, as an item of a list. */
static void rewrite(const struct xcy_yaml *node, struct xcy_buf *out)
{
    xcy_assert(xcy_yaml_line(node) > 0);
    if (xcy_yaml_kind(node) == XCY_YAML_SCALAR) {
        xcy_buf_add_text(out, "- ");
        xcy_yaml_add_scalar(out, xcy_yaml_text(node));
        xcy_buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < xcy_yaml_size(node); i++) {
        xcy_assert((xcy_yaml_kind(node) == XCY_YAML_MAP) == (xcy_yaml_key(node, i) != NULL));
        rewrite(xcy_yaml_at(node, i), out);
    }
}

/* The texts below the node are those of the list from *index on. */
static void compare(const struct xcy_yaml *node, const struct xcy_yaml *list, size_t *index)
{
    if (xcy_yaml_kind(node) == XCY_YAML_SCALAR) {
        const struct xcy_yaml *back = xcy_yaml_at(list, (*index)++);
        xcy_assert(back && xcy_yaml_kind(back) == XCY_YAML_SCALAR);
        xcy_assert(strcmp(xcy_yaml_text(back), xcy_yaml_text(node)) == 0);
    }
    for (size_t i = 0; i < xcy_yaml_size(node); i++) {
        compare(xcy_yaml_at(node, i), list, index);
    }
}

static void check_reads_back(const struct xcy_yaml *root)
{
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_buf out;
    size_t index = 0;
    xcy_buf_init(&out, 64 << 20);
    rewrite(root, &out);
    enum xcy_status status = xcy_yaml_parse("written", xcy_buf_bytes(&out), &doc, &err);
    xcy_assert(status == XCY_OK);
    compare(root, xcy_yaml_root(doc), &index);
    xcy_yaml_free(doc);
    xcy_buf_clear(&out);
}

static void bind(const struct xcy_yaml *root)
{
    struct xcy_error err;
    char *text = NULL;
    int64_t rate = 1;
    double share = 0;
    bool is_on = false;
    int choice = 0;
    const struct xcy_key keys[] = {
        {"tag", XCY_KEY_STRING, .to = &text},
        {"rate", XCY_KEY_INT, &rate, .min = 1, .max = 1000000},
        {"share", XCY_KEY_DOUBLE, &share, .min = 0, .max = 1},
        {"on", XCY_KEY_BOOL, .to = &is_on},
        {"consistency", XCY_KEY_CHOICE, .to = &choice, .choices = choices},
    };
    if (xcy_yaml_bind(root, keys, sizeof keys / sizeof keys[0], &err) != XCY_OK) {
        xcy_assert(err.status == XCY_EUSAGE && !strchr(err.text, '\n'));
    }
    xcy_assert(rate >= 1 && rate <= 1000000 && share >= 0 && share <= 1);
    xcy_assert(choice == 0 || choice == 1);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_yaml_doc *doc = NULL;
    if (xcy_yaml_parse("x.yml", xcy_bytes((const char *)data, size), &doc, &err) != XCY_OK) {
        xcy_assert(doc == NULL && strncmp(err.text, "x.yml:", 6) == 0 && err.text[6] != '0');
        return 0;
    }
    bind(xcy_yaml_root(doc));
    if (xcy_yaml_root(doc)) {
        check_reads_back(xcy_yaml_root(doc));
    }
    xcy_yaml_free(doc);
    return 0;
}
