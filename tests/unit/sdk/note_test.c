/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/unit/sdk/tsv.h"
#include "util/auto.h"
#include "verify/note.h"

static const char neumann_key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

static void
test_keys(void)
{
	struct tsv t = tsv_open("sumdb/keys.tsv", 4);

	while (tsv_next(&t)) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_note_key k;
		char hash[9] = "-";
		int rc = strlen(t.col[0]) == t.len[0] ? gv_note_key_parse(&k, t.col[0], &err) : -1;

		if (rc == 0)
			snprintf(hash, sizeof(hash), "%08x", k.hash);
		if (strcmp(t.col[1], "yes") == 0)
			ok(rc == 0 && strcmp(k.name, t.col[2]) == 0 && strcmp(hash, t.col[3]) == 0, "key %d of '%s'",
			   t.row, t.col[2]);
		else if (strcmp(t.col[1], "no") == 0)
			ok(rc == -1 && err.code == GV_EFORMAT, "key %d is refused: %s", t.row, err.msg);
		else
			ok(rc == -1 || strcmp(k.name, t.col[2]) == 0, "key %d is refused, or read like that", t.row);
	}
	tsv_close(&t);
}

static void
test_long_name(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_note_key k;
	char text[400];

	snprintf(text, sizeof(text), "%0256d+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", 0);
	ok(gv_note_key_parse(&k, text, &err) == -1 && err.code == GV_EFORMAT, "a name of 256 bytes is refused");
}

/* Keys separated by blanks. */
static size_t
parse_keys(char *text, struct gv_note_key *keys, size_t max)
{
	size_t n = 0;

	for (char *save = NULL, *key = strtok_r(text, " ", &save); key != NULL; key = strtok_r(NULL, " ", &save)) {
		struct gv_err err = GV_ERR_INIT;

		if (n < max && ok(gv_note_key_parse(&keys[n], key, &err) == 0, "its key is good"))
			n++;
	}
	return n;
}

static void
test_notes(void)
{
	struct tsv t = tsv_open("sumdb/notes.tsv", 4);

	while (tsv_next(&t)) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_note_key keys[4];
		size_t n_keys = parse_keys(t.col[1], keys, GV_ARRAY_LEN(keys)), len = 0, text_len = 12345;
		gv_autofree char *file = gv_xasprintf("sumdb/%s", t.col[0]), *note = test_read(file, &len);
		int rc;

		if (note == NULL)
			continue;
		rc = gv_note_verify(note, len, keys, n_keys, &text_len, &err);
		if (strcmp(t.col[2], "ok") == 0)
			ok(rc == 0 && text_len < len && note[text_len - 1] == '\n' && note[text_len] == '\n',
			   "%s is good: %s", t.col[0], t.col[3]);
		else if (strcmp(t.col[2], "reject") == 0)
			ok(rc == -1 && err.code == GV_EPROOF && text_len == 12345, "%s is refused (%s): %s", t.col[0],
			   t.col[3], err.msg);
		else
			ok(rc == -1 || rc == 0, "%s is read", t.col[0]);
	}
	tsv_close(&t);
}

/* Each changed bit of a good note is noticed, and each cut. */
static void
test_changed(void)
{
	struct gv_err err = GV_ERR_INIT;
	size_t len = 0, text_len = 0, accepted = 0, cut = 0;
	gv_autofree char *note = test_read("sumdb/notes/peter-neumann.note", &len);
	struct gv_note_key k;

	if (note == NULL || gv_note_key_parse(&k, neumann_key, &err) < 0) {
		ok(false, "the known note");
		return;
	}
	for (size_t i = 0; i < 8 * len; i++) {
		note[i / 8] = (char)(note[i / 8] ^ 1 << i % 8);
		accepted += gv_note_verify(note, len, &k, 1, &text_len, &err) == 0;
		note[i / 8] = (char)(note[i / 8] ^ 1 << i % 8);
	}
	ok(accepted == 0, "%zu changed bits of %zu go unnoticed", accepted, 8 * len);
	for (size_t i = 0; i < len; i++)
		cut += gv_note_verify(note, i, &k, 1, &text_len, &err) == 0;
	ok(cut == 0, "%zu cut notes of %zu are accepted", cut, len);
	ok(gv_note_verify(note, len, &k, 1, &text_len, &err) == 0, "the whole note is still good");
	ok(gv_note_verify(note, len, &k, 0, &text_len, &err) == -1, "but not without a key");
}

static void
test_size(void)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *note = gv_xmalloc(GV_NOTE_MAX + 1);
	struct gv_note_key k;
	size_t text_len = 0;

	memset(note, '\n', GV_NOTE_MAX + 1);
	ok(gv_note_key_parse(&k, neumann_key, &err) == 0 &&
	       gv_note_verify(note, GV_NOTE_MAX + 1, &k, 1, &text_len, &err) == -1 && err.code == GV_EPROOF,
	   "a huge note is refused: %s", err.msg);
}

int
main(void)
{
	test_keys();
	test_long_name();
	test_notes();
	test_changed();
	test_size();
	return tap_done();
}
