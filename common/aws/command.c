#include "common/aws/command.h"

#include "common/base/buf.h"
#include "common/base/mem.h"

#include <stdlib.h>

struct splitting {
    const char *at;
    struct xcy_buf word;
    char **words;
    size_t n_words;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What is between quotes; false: there is no second one. Inside "..." only \" and \\ are special. */
static bool add_quoted(struct splitting *s, char quote)
{
    for (; *s->at && *s->at != quote; s->at++) {
        if (quote == '"' && *s->at == '\\' && (s->at[1] == '"' || s->at[1] == '\\')) {
            s->at++;
        }
        xcy_buf_add_char(&s->word, *s->at);
    }
    if (!*s->at) {
        return false;
    }
    s->at++;
    return true;
}

static bool read_word(struct splitting *s)
{
    bool ok = true;
    xcy_buf_reset(&s->word);
    while (ok && *s->at && !is_blank(*s->at)) {
        char c = *s->at++;
        if (c == '"' || c == '\'') {
            ok = add_quoted(s, c);
        } else if (c == '\\') {
            ok = *s->at != '\0';
            xcy_buf_add_char(&s->word, *s->at);
            s->at += ok;
        } else {
            xcy_buf_add_char(&s->word, c);
        }
    }
    return ok;
}

static void skip_blanks(struct splitting *s)
{
    while (is_blank(*s->at)) {
        s->at++;
    }
}

static bool read_words(struct splitting *s)
{
    for (skip_blanks(s); *s->at; skip_blanks(s)) {
        if (!read_word(s)) {
            return false;
        }
        s->words = xcy_realloc_array(s->words, s->n_words + 2, sizeof *s->words);
        s->words[s->n_words++] = xcy_strndup(s->word.ptr, s->word.len);
        s->words[s->n_words] = NULL;
    }
    return s->n_words > 0 && s->words[0][0];
}

enum xcy_status xcy_command_split(const char *text, char ***words, struct xcy_error *err)
{
    struct splitting s = {.at = text};
    xcy_buf_init(&s.word, strlen(text) + 1);
    bool ok = read_words(&s);
    xcy_buf_clear_secret(&s.word);
    if (!ok) {
        xcy_command_free(s.words);
        return xcy_fail(err, XCY_EUSAGE,
                        "it is not a command: a quote or a \\ has no end, or there "
                        "is no word");
    }
    *words = s.words;
    return XCY_OK;
}

void xcy_command_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++) {
        xcy_free_secret(&words[i]);
    }
    free(words);
}
