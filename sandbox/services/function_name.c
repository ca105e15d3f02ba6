#include "sandbox/services/function_name.h"

#include <ctype.h>
#include <string.h>

static bool copy_word(const char *from, size_t len, char *to, size_t size)
{
    if (len == 0 || len >= size) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)from[i]) && !strchr("-_$", from[i])) {
            return false;
        }
    }
    memcpy(to, from, len);
    to[len] = '\0';
    return true;
}

/* Cuts the text at its colons; more than max parts: 0. */
static size_t cut(const char *text, const char *parts[], size_t lengths[], size_t max)
{
    size_t n = 0;
    for (;;) {
        if (n == max) {
            return 0;
        }
        parts[n] = text;
        lengths[n] = strcspn(text, ":");
        text += lengths[n++];
        if (*text != ':') {
            return n;
        }
        text++;
    }
}

static bool is_word(const char *part, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(part, word, len) == 0;
}

bool xcy_function_name_parse(const char *text, struct xcy_function_name *to)
{
    const char *parts[8];
    size_t lengths[8];
    size_t n = cut(text, parts, lengths, 8);
    size_t name = 0; /* which part it is */
    struct xcy_function_name found = {.name = ""};
    if (n >= 7 && is_word(parts[0], lengths[0], "arn") && is_word(parts[2], lengths[2], "lambda") &&
        is_word(parts[5], lengths[5], "function")) {
        name = 6;
        if (!copy_word(parts[3], lengths[3], found.region, sizeof found.region)) {
            return false;
        }
    } else if (n >= 3 && is_word(parts[1], lengths[1], "function")) {
        name = 2;
    }
    if (n == 0 || n > name + 2 ||
        !copy_word(parts[name], lengths[name], found.name, sizeof found.name) ||
        (n == name + 2 &&
         !copy_word(parts[name + 1], lengths[name + 1], found.qualifier, sizeof found.qualifier))) {
        return false;
    }
    *to = found;
    return true;
}
