/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "verify/sumdb.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "verify/fork.h"
#include "verify/lookup.h"
#include "verify/tileset.h"
#include "verify/treehash.h"

enum {
	REPLY_MAX = 2 * GV_NOTE_MAX, /* bytes of a lookup reply; a real one has about 540 */
	SWAP_TRIES = 16,             /* a try fails only when another process stored a newer head */
};

/* One question and what is known about it. */
struct query {
	const struct gv_sumdb_key *key;
	const struct gv_sumdb_io *io;
	struct gv_lookup lookup; /* unproven until prove_record() says so */
	struct gv_head reply;    /* the head in the reply; n is 0 when it has none */
	uint64_t tree_size;      /* of the head that proved the record */
	struct gv_str *report;
};

static const char *
stored_name(const struct gv_sumdb_io *io)
{
	return io->head_name != NULL ? io->head_name : "latest";
}

/* Verify and parse `note` (NUL-terminated) as a signed head; "" is the empty tree. */
static int
head_open(struct gv_head *h, const struct gv_sumdb_key *key, const char *note, struct gv_err *err)
{
	size_t text_len = 0;

	*h = (struct gv_head){ .note = note };
	if (note[0] == '\0')
		return 0;
	if (gv_note_verify(note, strlen(note), &key->key, 1, &text_len, err) < 0)
		return -1;
	return gv_tree_parse(&h->tree, note, text_len, err);
}

static int
fetch_reply(const struct gv_sumdb_io *io, const char *path, char **data, size_t *len, struct gv_err *err)
{
	struct gv_sumdb_blob blob = { .code = GV_ENET };

	io->get(io->arg, &path, 1, &blob);
	if (blob.code == GV_OK && blob.data != NULL && blob.len <= REPLY_MAX) {
		*data = blob.data;
		*len = blob.len;
		return 0;
	}
	free(blob.data);
	if (blob.code == GV_OK)
		return gv_err_set(err, GV_EPROOF, "unusable reply to '%s': %zu bytes", path, blob.len);
	if (blob.code == GV_ENOTFOUND)
		return gv_err_set(err, GV_ENOTFOUND, "the checksum database has no '%s'", path);
	if (blob.err.code == GV_OK)
		return gv_err_set(err, blob.code, "cannot fetch '%s'", path);
	*err = blob.err;
	return -1;
}

/* Whether the first small->tree.n records of the larger tree are those of the smaller one. */
static int
check_consistent(struct query *q, struct gv_tileset *ts, const struct gv_head *small, const struct gv_head *big,
		 struct gv_err *err)
{
	uint8_t root[GV_SHA256_LEN];

	if (small->tree.n < big->tree.n) {
		if (gv_tree_hash(ts, small->tree.n, root, err) < 0)
			return gv_err_wrap(err, "checking tree#%llu against tree#%llu",
					   (unsigned long long)small->tree.n, (unsigned long long)big->tree.n);
	} else {
		/* Two signed heads of one size are compared without tiles. */
		memcpy(root, big->tree.root, sizeof(root));
	}
	if (memcmp(root, small->tree.root, sizeof(root)) == 0)
		return 0;
	if (q->report != NULL)
		gv_fork_report(q->report, ts, small, big, root);
	gv_err_set(
	    err, GV_EPROOF,
	    "the checksum database '%s' shows two histories: its heads of %llu and %llu records contradict each other",
	    q->key->name, (unsigned long long)small->tree.n, (unsigned long long)big->tree.n);
	return gv_err_help(err, "this is evidence of an attack on you or on the database; keep '%s' and the report",
			   stored_name(q->io));
}

static int
prove_record(struct query *q, struct gv_tileset *ts, const struct gv_head *head, struct gv_err *err)
{
	uint8_t leaf[GV_SHA256_LEN], want[GV_SHA256_LEN];
	struct gv_sha256 *sha;

	if (q->lookup.id >= head->tree.n)
		return gv_err_set(err, GV_EPROOF, "cannot validate record %llu in tree of size %llu",
				  (unsigned long long)q->lookup.id, (unsigned long long)head->tree.n);
	if (gv_tileset_node(ts, 0, q->lookup.id, want, err) < 0)
		return gv_err_wrap(err, "checking record %llu", (unsigned long long)q->lookup.id);
	sha = gv_sha256_new();
	gv_tlog_leaf(sha, leaf, q->lookup.text, q->lookup.text_len);
	gv_sha256_free(sha);
	if (memcmp(leaf, want, sizeof(leaf)) != 0)
		return gv_err_set(err, GV_EPROOF,
				  "cannot authenticate the record data in the reply: it is not record %llu",
				  (unsigned long long)q->lookup.id);
	q->tree_size = head->tree.n;
	return 0;
}

/*
 * Prove everything under one tree: the larger of the stored one and the reply's. As in cmd/go, a well signed,
 * consistent head is stored before the record is checked, so that its claim is kept even if the record is forged. 1:
 * proven; 0: another process stored a head meanwhile; -1: failed.
 */
static int
prove(struct query *q, const struct gv_head *stored, struct gv_err *err)
{
	bool newer = q->reply.tree.n > stored->tree.n;
	const struct gv_head *big = newer ? &q->reply : stored, *small = newer ? stored : &q->reply;
	gv_autotileset struct gv_tileset *ts = NULL;
	int rc;

	if (big->tree.n == 0)
		return gv_err_set(err, GV_EPROOF, "the checksum database '%s' sent no signed head of a tree",
				  q->key->name);
	ts = gv_tileset_new(q->io, &big->tree);
	if (small->tree.n > 0)
		gv_tileset_want_tree(ts, small->tree.n);
	if (q->lookup.id < big->tree.n)
		gv_tileset_want_leaf(ts, q->lookup.id);
	gv_tileset_load(ts);
	if (small->tree.n > 0 && check_consistent(q, ts, small, big, err) < 0)
		return -1;
	if (newer) {
		rc = q->io->head_swap(q->io->arg, stored->note, q->reply.note, err);
		if (rc <= 0)
			return rc;
	}
	return prove_record(q, ts, big, err) < 0 ? -1 : 1;
}

static int
prove_under_stored(struct query *q, struct gv_err *err)
{
	for (int tries = 0; tries < SWAP_TRIES; tries++) {
		gv_autofree char *note = NULL;
		struct gv_head stored;
		int rc;

		if (q->io->head_read(q->io->arg, &note, err) < 0)
			return -1;
		if (head_open(&stored, q->key, note, err) < 0) {
			gv_err_wrap(err, "the stored log head '%s'", stored_name(q->io));
			return gv_err_help(err, "if you know how it was damaged, remove it and try again");
		}
		rc = prove(q, &stored, err);
		if (rc != 0)
			return rc;
	}
	return gv_err_set(err, GV_EBUSY, "other processes keep changing the stored log head '%s'", stored_name(q->io));
}

int
gv_sumdb_lookup(struct gv_sumdb_answer *out, const struct gv_sumdb_key *key, const struct gv_sumdb_io *io,
		const char *module, const char *version, struct gv_str *report, struct gv_err *err)
{
	gv_autofree char *path = NULL, *data = NULL, *note = NULL;
	struct query q = { .key = key, .io = io, .report = report };
	struct gv_sumdb_answer answer = { 0 };
	size_t len = 0;

	if (key->off)
		return gv_err_set(err, GV_EPROOF, "checksum database disabled by GOSUMDB=off");
	path = gv_lookup_path(module, version, err);
	if (path == NULL)
		return -1;
	if (fetch_reply(io, path, &data, &len, err) < 0 || gv_lookup_parse(&q.lookup, data, len, err) < 0)
		return gv_err_wrap(err, "looking up %s@%s in '%s'", module, version, key->name);
	note = gv_xstrndup(q.lookup.note, q.lookup.note_len);
	if (strlen(note) != q.lookup.note_len)
		return gv_err_set(err, GV_EPROOF, "malformed note from the checksum database '%s'", key->name);
	if (head_open(&q.reply, key, note, err) < 0)
		return gv_err_wrap(err, "the head that '%s' sent", key->name);
	if (prove_under_stored(&q, err) < 0 || gv_lookup_h1(&q.lookup, module, version, answer.h1, err) < 0)
		return -1;
	answer.record = q.lookup.id;
	answer.tree_size = q.tree_size;
	*out = answer;
	return 0;
}
