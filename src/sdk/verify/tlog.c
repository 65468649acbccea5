/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/tlog.h"

#include <string.h>

#include "verify/wire.h"

void
gv_tlog_leaf(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const void *record, size_t len)
{
	gv_sha256_reset(s);
	gv_sha256_update(s, "\0", 1);
	gv_sha256_update(s, record, len);
	gv_sha256_final(s, out);
}

void
gv_tlog_node(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const uint8_t left[GV_SHA256_LEN],
	     const uint8_t right[GV_SHA256_LEN])
{
	gv_sha256_reset(s);
	gv_sha256_update(s, "\1", 1);
	gv_sha256_update(s, left, GV_SHA256_LEN);
	gv_sha256_update(s, right, GV_SHA256_LEN);
	gv_sha256_final(s, out);
}

int
gv_tree_parse(struct gv_tree *t, const char *text, size_t len, struct gv_err *err)
{
	static const char magic[] = "go.sum database tree\n";
	const size_t magic_len = sizeof(magic) - 1;
	const char *end = text + len, *number, *root, *rest;
	struct gv_tree tree;

	if (len < magic_len || memcmp(text, magic, magic_len) != 0)
		return gv_err_set(err, GV_EPROOF, "malformed tree head: it does not begin with 'go.sum database tree'");
	number = text + magic_len;
	root = memchr(number, '\n', (size_t)(end - number));
	rest = root != NULL ? memchr(root + 1, '\n', (size_t)(end - root - 1)) : NULL;
	if (rest == NULL || !gv_wire_decimal(&tree.n, number, (size_t)(root - number)) ||
	    !gv_wire_hash(tree.root, root + 1, (size_t)(rest - root - 1)))
		return gv_err_set(err, GV_EPROOF, "malformed tree head");
	*t = tree;
	return 0;
}
