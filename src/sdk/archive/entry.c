/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/entry.h"

#include <string.h>
#include <strings.h>

#include "archive/unicode.h"
#include "util/auto.h"
#include "util/text.h"

#define NAME_MAX_BYTES 1024 /* of a whole name; in Go releases the longest is below 150 */
#define ELEM_MAX_BYTES 255  /* the limit of Linux file systems */

/* Windows gives these names to devices, whatever follows the first dot. */
static bool
is_reserved(const char *elem, size_t len)
{
	static const char *const names[] = { "con", "prn", "aux", "nul" };
	const char *dot = memchr(elem, '.', len);
	size_t n = dot != NULL ? (size_t)(dot - elem) : len;

	if (n == 4 && (strncasecmp(elem, "com", 3) == 0 || strncasecmp(elem, "lpt", 3) == 0))
		return elem[3] >= '1' && elem[3] <= '9';
	for (size_t i = 0; n == 3 && i < GV_ARRAY_LEN(names); i++)
		if (strncasecmp(elem, names[i], 3) == 0)
			return true;
	return false;
}

static bool
is_name_char(unsigned cp)
{
	if (cp >= 0x80)
		return gv_unicode_is_letter(cp);
	return cp != 0 && (gv_unicode_is_letter(cp) || (cp >= '0' && cp <= '9') ||
			   strchr("!#$%&()+,-.=@[]^_{}~ ", (int)cp) != NULL);
}

/* Says what is wrong with an element; NULL when it is fine. */
static const char *
elem_fault(const char *elem, size_t len)
{
	unsigned cp = 0;
	size_t dots = 0;

	if (len == 0)
		return "an empty path element";
	if (len > ELEM_MAX_BYTES)
		return "a path element that is too long";
	while (dots < len && elem[dots] == '.')
		dots++;
	if (dots == len)
		return "a path element of dots";
	if (elem[len - 1] == '.')
		return "a path element with a trailing dot";
	for (size_t i = 0, n; i < len; i += n) {
		n = gv_utf8_decode(elem + i, len - i, &cp);
		if (n == 0)
			return "bytes that are not UTF-8";
		if (!is_name_char(cp))
			return "a character that is not allowed";
	}
	if (is_reserved(elem, len))
		return "a name reserved by Windows";
	return NULL;
}

int
gv_entry_check_name(const char *name, size_t len, struct gv_err *err)
{
	const char *fault = NULL;

	if (len > NAME_MAX_BYTES)
		return gv_err_set(err, GV_EPROOF, "archive entry name longer than %d bytes: '%.80s...'", NAME_MAX_BYTES,
				  name);
	if (memchr(name, '\0', len) != NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry '%.200s' has a NUL in its name", name);
	for (size_t at = 0; fault == NULL && at <= len;) {
		const char *slash = memchr(name + at, '/', len - at);
		size_t n = slash != NULL ? (size_t)(slash - name) - at : len - at;

		fault = elem_fault(name + at, n);
		at += n + 1;
	}
	if (fault != NULL)
		return gv_err_set(err, GV_EPROOF, "archive entry '%.*s' has %s", (int)len, name, fault);
	return 0;
}

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && strcmp(s + n - k, suffix) == 0;
}

/* "go_js_wasm_exec": `go run` looks for such a program on PATH to run binaries of another platform. */
static bool
is_exec_wrapper(const char *base)
{
	const char *first, *second;

	if (strncmp(base, "go_", 3) != 0 || !ends_with(base, "_exec"))
		return false;
	first = strchr(base + 3, '_');
	if (first == NULL || first == base + 3)
		return false;
	second = strchr(first + 1, '_');
	return second != NULL && second != first + 1;
}

unsigned
gv_entry_mode(const char *path)
{
	static const char *const scripts[] = { ".bash", ".sh", ".pl", ".rc" };
	const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;

	if (strncmp(path, "bin/", 4) == 0 || strncmp(path, "pkg/tool/", 9) == 0 || is_exec_wrapper(base))
		return 0555;
	for (size_t i = 0; i < GV_ARRAY_LEN(scripts); i++)
		if (ends_with(base, scripts[i]))
			return 0555;
	return 0444;
}
