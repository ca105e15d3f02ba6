#ifndef XCY_TESTS_SUPPORT_CHANGING_KEYS_H
#define XCY_TESTS_SUPPORT_CHANGING_KEYS_H

/*
 * changing_keys.h - a home whose credential_process gives other keys each time: XCYSANDBOX1 with HUSH1 and T1,
 * XCYSANDBOX2, ... which last for as many seconds as the file "life" says. It fails while there is a file
 * "broken", and does not end while there is a file "hangs". Sets the environment.
 */

#include "common/aws/key_source.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/environment.h"
#include "tests/support/raw_server.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct changing_keys {
    char folder[32];
};

static inline void changing_keys_write(const struct changing_keys *k, const char *name,
                                       const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/%s", k->folder, name);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0700, &err), &err);
    free(path);
}

static inline void changing_keys_remove(const struct changing_keys *k, const char *name)
{
    char *path = xcy_format("%s/%s", k->folder, name);
    assert_int_equal(unlink(path), 0);
    free(path);
}

static inline void changing_keys_open(struct changing_keys *k, const char *life_s)
{
    static const char script[] =
        "#!/bin/sh\n"
        "cd \"$(dirname \"$0\")\" || exit 1\n"
        "[ ! -e broken ] || { echo 'out of order' >&2; exit 1; }\n"
        "[ ! -e hangs ] || { echo >hanging; exec sleep 1000; }\n"
        "echo x >>runs; n=$(wc -l <runs)\n"
        "end=$(date -u -d \"+$(cat life) seconds\" +%Y-%m-%dT%H:%M:%S.%NZ)\n"
        "echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"XCYSANDBOX$n\\\","
        "\\\"SecretAccessKey\\\":\\\"HUSH$n\\\",\\\"SessionToken\\\":\\\"T$n\\\","
        "\\\"Expiration\\\":\\\"$end\\\"}\"\n";
    memcpy(k->folder, "/tmp/xcy-keys-XXXXXX", 21);
    assert_non_null(mkdtemp(k->folder));
    char *config = xcy_format("[default]\ncredential_process = %s/give\n", k->folder);
    char *path = xcy_format("%s/config", k->folder);
    move_home(k->folder);
    put_variable("AWS_CONFIG_FILE", path);
    put_variable("XCY_SANDBOX_CREDENTIALS", "chain");
    changing_keys_write(k, "config", config);
    changing_keys_write(k, "give", script);
    changing_keys_write(k, "life", life_s);
    free(config);
    free(path);
}

static inline void changing_keys_close(struct changing_keys *k)
{
    struct xcy_error err;
    assert_ok(xcy_dir_remove(k->folder, &err), &err);
}

/* Until the source has keys of this version, or later ones. */
static inline void changing_keys_await(const struct xcy_key_source *source, uint64_t version)
{
    while (xcy_key_source_version(source) < version) {
        usleep(1000);
    }
}

/* Until the keys are such as last; their number. */
static inline int changing_keys_await_lasting(struct xcy_key_source *source)
{
    int number = 0;
    for (uint64_t version = 1; number == 0; version++) {
        changing_keys_await(source, version);
        const struct xcy_credentials *keys = xcy_key_source_peek(source);
        if (keys->expires.ns - xcy_wall_now().ns > 1000 * XCY_NS_PER_S) {
            number = (int)strtol(keys->access_key + strlen("XCYSANDBOX"), NULL, 10);
        }
        xcy_key_source_give(source, keys);
    }
    return number;
}

/* The number of the keys that signed the server's n-th request. */
static inline int changing_keys_signer(struct xcy_raw_server *server, size_t n)
{
    static const char before_key[] = "Credential=XCYSANDBOX";
    static const char before_token[] = "\r\nX-Amz-Security-Token: T";
    char *text = xcy_raw_server_request(server, n);
    const char *key = strstr(text, before_key);
    const char *token = strstr(text, before_token);
    assert_non_null(key);
    assert_non_null(token);
    long number = strtol(key + strlen(before_key), NULL, 10);
    assert_int_equal(strtol(token + strlen(before_token), NULL, 10), number);
    free(text);
    return (int)number;
}

#endif
