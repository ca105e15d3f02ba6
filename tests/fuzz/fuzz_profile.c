/* fuzz_profile.c - a shared credentials or config file: whatever stands in it, what is found in it is a
 * text of its bytes; and its first line as a credential_process. */

#include "common/aws/command.h"
#include "common/aws/ini.h"
#include "common/base/mem.h"
#include "tests/fuzz/fuzz.h"

static const char *const sections[] = {"default", "profile a", "a", ""};
static const char *const keys[] = {"aws_access_key_id", "aws_secret_access_key", "role_arn",
                                   "source_profile",    "credential_process",    "s3.endpoint_url"};

static void check_found(const struct xcy_ini *ini, const char *section, const char *key,
                        size_t size)
{
    const char *value = xcy_ini_get(ini, section, key);
    if (value) {
        xcy_assert(xcy_ini_has(ini, section));
        xcy_assert(*value && strlen(value) <= size && !strchr(value, '\n'));
    }
}

static void check_command(const char *text)
{
    char **words = NULL;
    struct xcy_error err;
    if (xcy_command_split(text, &words, &err) == XCY_OK) {
        size_t total = 0;
        for (size_t i = 0; words[i]; i++) {
            total += strlen(words[i]);
        }
        xcy_assert(words[0] && total <= strlen(text));
        xcy_command_free(words);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_bytes text = xcy_bytes((const char *)data, size);
    struct xcy_ini *ini = xcy_ini_parse(text);
    for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++) {
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            check_found(ini, sections[s], keys[k], size);
        }
    }
    xcy_ini_free(ini);
    const char *end = size > 0 ? memchr(text.ptr, '\n', size) : NULL;
    char *line = xcy_strndup(size > 0 ? text.ptr : "", end ? (size_t)(end - text.ptr) : size);
    check_command(line);
    xcy_free_secret(&line);
    return 0;
}
