/* SPDX-License-Identifier: MIT */
#ifndef GV_VERIFY_TLOG_H
#define GV_VERIFY_TLOG_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"
#include "verify/hash.h"

/*
 * Hashes of a transparency log (RFC 6962, 2.1; golang.org/x/mod/sumdb/tlog) and the text of its heads. The caller lends
 * the hash state, so that thousands of nodes cost no allocation.
 */
struct gv_tree {
	uint64_t n; /* records, at most 2^63 - 1 */
	uint8_t root[GV_SHA256_LEN];
};

/* The hash of a record. `s` is reset before and after. */
void gv_tlog_leaf(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const void *record, size_t len);

/* The hash of a node. `out` may be `left` or `right`. */
void gv_tlog_node(struct gv_sha256 *s, uint8_t out[GV_SHA256_LEN], const uint8_t left[GV_SHA256_LEN],
		  const uint8_t right[GV_SHA256_LEN]);

/* Parse "go.sum database tree\nN\nROOT\n". Further lines are ignored. Errors: GV_EPROOF. */
int gv_tree_parse(struct gv_tree *t, const char *text, size_t len, struct gv_err *err) GV_MUST_CHECK;

#endif
