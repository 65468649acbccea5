/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/lines.h"

#include <string.h>

#include "util/num.h"
#include "util/words.h"

void
gv_lines_init(struct gv_lines *in, const char *text, size_t len, enum gv_lines_end end)
{
	*in = (struct gv_lines){ .line = text, .rest = text, .left = len, .end = end };
}

bool
gv_lines_next(struct gv_lines *in)
{
	const char *stop;
	size_t taken;

	if (in->left == 0)
		return false;
	stop = memchr(in->rest, '\n', in->left);
	in->line = in->rest;
	in->len = stop != NULL ? (size_t)(stop - in->rest) : in->left;
	in->number++;
	taken = in->len + (stop != NULL);
	in->rest += taken;
	in->left -= taken;
	if (in->end == GV_LINES_CRLF && in->len > 0 && in->line[in->len - 1] == '\r')
		in->len--;
	return true;
}

int
gv_lines_words(struct gv_lines *in, struct gv_strv *words)
{
	gv_strv_release(words);
	if (!gv_lines_next(in))
		return 0;
	/* An incomplete line may end in an incomplete path, such as that of a parent directory. */
	if (in->rest[-1] != '\n')
		return -1;
	return memchr(in->line, '\0', in->len) == NULL && gv_words_split(words, in->line, in->len) == 0 ? 1 : -1;
}

int
gv_lines_format(const char *line, const char *name, unsigned format, struct gv_err *err)
{
	size_t n = strlen(name);
	uint64_t found = 0;

	if (line == NULL || strncmp(line, name, n) != 0 || line[n] != ' ' ||
	    (line = gv_num_prefix(line + n + 1, UINT64_MAX, &found)) == NULL || (*line != '\0' && *line != '\n'))
		return gv_err_set(err, GV_EFORMAT, "does not begin with '%s %u'", name, format);
	if (found == format)
		return 0;
	gv_err_set(err, GV_EFORMAT, "has format %llu, but this gover reads only format %u", (unsigned long long)found,
		   format);
	return gv_err_help(err, "use the gover that wrote it, or a newer one");
}

char *
gv_lines_cut(char **text, char end)
{
	char *field = *text, *stop = field != NULL ? strchr(field, end) : NULL;

	*text = NULL;
	if (stop == NULL)
		return NULL;
	*stop = '\0';
	*text = stop + 1;
	return field;
}
