/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/fork.h"

#include "verify/treehash.h"
#include "verify/wire.h"

static void
add_note(struct gv_str *report, const char *title, const char *note)
{
	gv_str_addf(report, "%s:\n\t", title);
	for (; *note != '\0'; note++) {
		gv_str_addc(report, *note);
		if (*note == '\n')
			gv_str_addc(report, '\t');
	}
	gv_str_addc(report, '\n');
}

void
gv_fork_report(struct gv_str *report, struct gv_tileset *ts, const struct gv_head *older, const struct gv_head *newer,
	       const uint8_t older_root[GV_SHA256_LEN])
{
	uint8_t proof[GV_PROOF_MAX][GV_SHA256_LEN];
	struct gv_err err = GV_ERR_INIT;
	char text[GV_HASH_TEXT];
	size_t n = 0;

	gv_str_add(report, "SECURITY ERROR\ngo.sum database server misbehavior detected!\n\n");
	add_note(report, "old database", older->note);
	add_note(report, "new database", newer->note);
	gv_wire_hash_text(text, older_root);
	gv_str_addf(report, "proof of misbehavior:\n\t%s", text);
	if (older->tree.n < newer->tree.n && gv_tree_proof(ts, older->tree.n, newer->tree.n, proof, &n, &err) < 0)
		gv_str_addf(report, "\n\tinternal error: %s", err.msg);
	for (size_t i = 0; i < n; i++) {
		gv_wire_hash_text(text, proof[i]);
		gv_str_addf(report, "\n\t%s", text);
	}
	gv_str_addc(report, '\n');
}
