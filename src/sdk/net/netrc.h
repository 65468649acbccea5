/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_NETRC_H
#define GV_NET_NETRC_H

#include <stddef.h>

#include "net/url.h"

/*
 * Credentials of a netrc file, as cmd/go reads it (src/cmd/go/internal/auth). Lines hold pairs of words. A machine
 * counts only with login and password. `default` ends the file, `macdef` skips to an empty line. A machine is
 * host[:port][/path]. The longest machine that is a prefix of the URL wins; of two equal ones, the first.
 */
struct gv_netrc_entry {
	char *machine, *login, *password;
};

struct gv_netrc {
	struct gv_netrc_entry *entries;
	size_t n;
};

/* Overwrites *n without freeing it. There are no errors: a word without a partner is skipped. For tests. */
void gv_netrc_parse(struct gv_netrc *n, const char *text, size_t len);
/* Frees the contents, not `n`. */
void gv_netrc_release(struct gv_netrc *n);

/*
 * Read $NETRC, else ~/.netrc; gv_netrc_release() frees the contents. A missing file counts as empty. Errors: those of
 * gv_fs_read() for a file that cannot be read.
 */
int gv_netrc_load(struct gv_netrc *n, struct gv_err *err) GV_MUST_CHECK;

/* The entry for a URL; NULL when there is none, and always for http. */
const struct gv_netrc_entry *gv_netrc_find(const struct gv_netrc *n, const struct gv_url *u);

#endif
