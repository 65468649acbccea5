/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/sumdb.h"

#include <string.h>

#include "util/auto.h"
#include "util/strv.h"

/* From cmd/go/internal/modfetch/key.go. The second name is a mirror with the same key. */
static const char default_name[] = "sum.golang.org";
static const char default_key[] = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
static const char china_name[] = "sum.golang.google.cn";
static const char china_url[] = "https://sum.golang.google.cn";

/* HOST or HOST/PATH. It becomes part of URLs and directory names, so no element may start with a dot. */
static bool
name_valid(const char *name)
{
	for (const char *p = name;; p++) {
		size_t len = strcspn(p, "/");

		if (len == 0 || p[0] == '.' ||
		    strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789-._~:") < len)
			return false;
		p += len;
		if (*p == '\0')
			return true;
	}
}

static bool
url_valid(const char *url)
{
	static const char *const schemes[] = { "https://", "http://", "file:///" };

	for (const char *p = url; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
	}
	for (size_t i = 0; i < GV_ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (strncmp(url, schemes[i], len) == 0 && url[len] != '\0' && url[len] != '/')
			return true;
	}
	return false;
}

static int
set_url(struct gv_sumdb_key *k, const char *url, struct gv_err *err)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	if (len >= sizeof(k->url) || !url_valid(url))
		return gv_err_set(err, GV_EFORMAT, "malformed URL '%s' in GOSUMDB", url);
	memcpy(k->url, url, len);
	k->url[len] = '\0';
	k->explicit_url = true;
	return 0;
}

static void
split_fields(struct gv_strv *out, const char *s)
{
	static const char blanks[] = " \t\r\n\v\f";

	for (s += strspn(s, blanks); *s != '\0'; s += strspn(s, blanks)) {
		size_t len = strcspn(s, blanks);

		gv_strv_addn(out, s, len);
		s += len;
	}
}

int
gv_sumdb_key_parse(struct gv_sumdb_key *k, const char *gosumdb, struct gv_err *err)
{
	gv_autostrv struct gv_strv f = GV_STRV_INIT;
	struct gv_sumdb_key key = { 0 };
	const char *verifier, *url;

	split_fields(&f, gosumdb);
	if (f.n > 2)
		return gv_err_set(err, GV_EFORMAT, "malformed GOSUMDB '%s': too many fields", gosumdb);
	verifier = f.n > 0 ? f.v[0] : default_name;
	url = f.n > 1 ? f.v[1] : NULL;
	if (f.n == 1 && strcmp(verifier, "off") == 0) {
		key.off = true;
		*k = key;
		return 0;
	}
	if (strcmp(verifier, china_name) == 0) {
		verifier = default_name;
		url = url != NULL ? url : china_url;
	}
	if (strcmp(verifier, default_name) == 0)
		verifier = default_key;
	if (gv_note_key_parse(&key.key, verifier, err) < 0)
		return gv_err_wrap(err, "GOSUMDB");
	if (!name_valid(key.key.name))
		return gv_err_set(err, GV_EFORMAT, "malformed name '%s' in GOSUMDB: want HOST or HOST/PATH",
				  key.key.name);
	memcpy(key.name, key.key.name, sizeof(key.name));
	if (url != NULL) {
		if (set_url(&key, url, err) < 0)
			return -1;
	} else {
		memcpy(key.url, "https://", 8);
		memcpy(key.url + 8, key.name, strlen(key.name) + 1);
	}
	*k = key;
	return 0;
}
