#include "common/aws/profiles.h"

#include "common/aws/ini.h"
#include "common/aws/variable.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1024 * 1024 };

/* Where $name says, else in ~/.aws. Owned. */
static char *shared_path(const char *name, const char *file)
{
    const char *told = xcy_variable(name);
    const char *home = xcy_variable("HOME");
    return told ? xcy_strdup(told) : xcy_format("%s/.aws/%s", home ? home : "", file);
}

static enum xcy_status read_file(const char *path, struct xcy_ini **ini, struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_OK) {
        *ini = xcy_ini_parse(xcy_buf_bytes(&text));
    }
    xcy_buf_clear_secret(&text);
    return status == XCY_ENOTFOUND ? XCY_OK : status;
}

enum xcy_status xcy_profiles_load(struct xcy_profiles *profiles, struct xcy_error *err)
{
    struct xcy_profiles made = {.keys_path =
                                    shared_path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                                .config_path = shared_path("AWS_CONFIG_FILE", "config")};
    enum xcy_status status = read_file(made.keys_path, &made.keys, err);
    if (status == XCY_OK) {
        status = read_file(made.config_path, &made.config, err);
    }
    if (status != XCY_OK) {
        xcy_profiles_clear(&made);
        return status;
    }
    *profiles = made;
    return XCY_OK;
}

void xcy_profiles_clear(struct xcy_profiles *profiles)
{
    xcy_ini_free(profiles->keys);
    xcy_ini_free(profiles->config);
    free(profiles->keys_path);
    free(profiles->config_path);
    *profiles = (struct xcy_profiles){.keys = NULL};
}

const char *xcy_profile_name(bool *is_named)
{
    const char *told = xcy_variable("AWS_PROFILE");
    if (is_named) {
        *is_named = told != NULL;
    }
    return told ? told : "default";
}

/* Only the config file calls it so; and the default as every file, too. Owned. */
static char *config_section(const struct xcy_profiles *profiles, const char *name)
{
    char *section = xcy_format("profile %s", name);
    if (strcmp(name, "default") == 0 && !xcy_ini_has(profiles->config, section)) {
        free(section);
        section = xcy_strdup(name);
    }
    return section;
}

bool xcy_profiles_has(const struct xcy_profiles *profiles, const char *name)
{
    char *section = config_section(profiles, name);
    bool has = xcy_ini_has(profiles->keys, name) || xcy_ini_has(profiles->config, section);
    free(section);
    return has;
}

const char *xcy_profiles_get(const struct xcy_profiles *profiles, const char *name, const char *key)
{
    char *section = config_section(profiles, name);
    const char *value = xcy_ini_get(profiles->keys, name, key);
    value = value ? value : xcy_ini_get(profiles->config, section, key);
    free(section);
    return value;
}

char *xcy_profiles_places(const struct xcy_profiles *profiles, const char *name)
{
    char *section = config_section(profiles, name);
    char *places = xcy_format("[%s] in %s, [%s] in %s", name, profiles->keys_path, section,
                              profiles->config_path);
    free(section);
    return places;
}

static enum xcy_status pair_of(const struct xcy_ini *ini, const char *path, const char *section,
                               struct xcy_credentials *pair, struct xcy_error *err)
{
    const char *access_key = xcy_ini_get(ini, section, "aws_access_key_id");
    const char *secret_key = xcy_ini_get(ini, section, "aws_secret_access_key");
    if (!access_key && !secret_key) {
        return XCY_ENOTFOUND;
    }
    if (!access_key || !secret_key) {
        return xcy_fail(err, XCY_EAUTH, "%s: [%s] has no %s", path, section,
                        access_key ? "aws_secret_access_key" : "aws_access_key_id");
    }
    const char *token = xcy_ini_get(ini, section, "aws_session_token");
    *pair = (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                     .secret_key = xcy_strdup(secret_key),
                                     .session_token = xcy_strdup(token)};
    return XCY_OK;
}

enum xcy_status xcy_profiles_pair(const struct xcy_profiles *profiles, const char *name,
                                  struct xcy_credentials *pair, struct xcy_error *err)
{
    char *section = config_section(profiles, name);
    enum xcy_status status = pair_of(profiles->keys, profiles->keys_path, name, pair, err);
    if (status == XCY_ENOTFOUND) {
        status = pair_of(profiles->config, profiles->config_path, section, pair, err);
    }
    free(section);
    return status;
}
