/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_NETRC_H
#define GV_NET_NETRC_H

#include <stddef.h>

#include "net/url.h"

/*
 * Credentials of a netrc file, as cmd/go reads it (src/cmd/go/internal/auth): lines of word pairs; a
 * machine counts once it has login and password; `default` ends the file, `macdef` skips to an empty line.
 * A machine is host[:port][/path]; the longest that is a prefix of the URL wins, then the first.
 */
struct gv_netrc_entry {
	char *machine, *login, *password;
};

struct gv_netrc {
	struct gv_netrc_entry *entries;
	size_t n;
};

void gv_netrc_parse(struct gv_netrc *n, const char *text, size_t len);
void gv_netrc_free(struct gv_netrc *n);

/* $NETRC, else ~/.netrc; a missing file is empty. Errors: an unreadable file. */
int gv_netrc_load(struct gv_netrc *n, struct gv_err *err) GV_MUST_CHECK;

/* NULL when there is none; always NULL for http. */
const struct gv_netrc_entry *gv_netrc_find(const struct gv_netrc *n, const struct gv_url *u);

#endif
