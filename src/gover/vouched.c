/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/vouched.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/path.h"

#define HEAD_MAX 8192 /* bytes of a manifest that we read: enough for its head, whose longest line is the URL */

/* Cut the next line off *rest and return the text after `key`. NULL when it is another line, or has no end. */
static char *
value_of(char **rest, const char *key)
{
	char *line = *rest, *end = line != NULL ? strchr(line, '\n') : NULL;
	size_t n = strlen(key);

	if (end == NULL || strncmp(line, key, n) != 0)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return line + n;
}

/* Whether `text` ends in this many numbers, each after a blank, with other text before them. */
static bool
ends_in_numbers(const char *text, int words)
{
	const char *at = text + strlen(text);

	for (; words > 0; words--) {
		const char *end = at;

		while (at > text && at[-1] >= '0' && at[-1] <= '9')
			at--;
		if (at == end || at == text || *--at != ' ')
			return false;
	}
	return at > text;
}

/* Returns NULL when this is not a manifest of that SDK. */
static const char *
parse(char *head, const char *version, const char *platform)
{
	const char *format = value_of(&head, "gover-manifest "), *of = value_of(&head, "version "),
		   *on = value_of(&head, "platform "), *proof;

	if (format == NULL || of == NULL || on == NULL || strcmp(format, "1") != 0 || strcmp(of, version) != 0 ||
	    strcmp(on, platform) != 0)
		return NULL;
	if (value_of(&head, "source ") == NULL || value_of(&head, "h1 h1:") == NULL)
		return NULL;
	proof = value_of(&head, "proof ");
	if (proof == NULL || value_of(&head, "files ") == NULL)
		return NULL;
	if (strcmp(proof, "none") == 0)
		return "unlogged";
	if (strncmp(proof, "log ", 4) == 0 && ends_in_numbers(proof + 4, 2))
		return "log";
	return strncmp(proof, "file ", 5) == 0 && ends_in_numbers(proof + 5, 1) ? "file" : NULL;
}

const char *
gv_vouched(const struct gv_dirs *d, const char *sdk, const char *version, const char *platform)
{
	gv_autofree char *path = gv_path_join(d->manifests, gv_path_base(sdk));
	gv_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[HEAD_MAX];
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head) - 1) : -1;
	const char *who;

	if (n < 0) {
		if (errno != ENOENT)
			gv_msg_warn("cannot read '%s': %s", path, strerror(errno));
		return "unproven";
	}
	head[n] = '\0';
	who = parse(head, version, platform);
	if (who != NULL)
		return who;
	gv_msg_warn("'%s' is damaged, or a newer gover wrote it", path);
	return "unproven";
}
