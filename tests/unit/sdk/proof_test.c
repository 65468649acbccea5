/* SPDX-License-Identifier: MIT */
/* The log decides about a tree. A gover.sum can only refuse it. */
#include <config.h>

#include "store/proof.h"
#include "store/sumfile.h"
#include "tests/unit/sdk/logserver.h"

#define GOOD  "h1:LqXmlW4rn/rqR5z8Sz3hri+dYqwQ73YKgkSjm31jRFM="
#define BAD   "h1:zN01Foq0dPpXZKUmz7g2ITUeI2gsUHWy4Y1Wvd+WqjA="
#define OTHER "h1:AAAAAAq0dPpXZKUmz7g2ITUeI2gsUHWy4Y1Wvd+WqjA="

/* Prove a tree with hash `h1`, or a damaged one (NULL). The log, gover.sum and setting are in place. Fills *m. */
static int
prove(struct bench *b, const char *h1, struct gv_manifest *m, struct gv_err *err)
{
	struct gv_download dl = { .url = (char[]){ "http://127.0.0.1/x" },
				  .shown = (char[]){ "http://127.0.0.1/x" },
				  .origin = "goproxy",
				  .module = (char[]){ MODULE },
				  .modversion = (char[]){ MODVERSION } };
	gv_autostr struct gv_str report = GV_STR_INIT(1 << 18);
	struct gv_origins *o = gv_store_origins(b->store, err);
	struct gv_proof *p = o != NULL ? gv_proof_begin(&b->dirs, &b->config, o, &dl, err) : NULL;
	int rc = -1;

	if (p != NULL && h1 != NULL) {
		rc = gv_proof_check(p, h1, m, &report, err);
	} else if (p != NULL) {
		gv_err_set(err, GV_EPROOF, "it is cut");
		gv_proof_damaged(p, err);
	}
	gv_proof_free(p);
	return rc;
}

struct proof_case {
	const char *log;    /* the log's hash; "": it has no such record, NULL: it cannot be reached */
	const char *pin;    /* the hash in gover.sum; NULL: no such line */
	const char *verify; /* the setting */
	const char *tree;   /* the hash of the tree; NULL: a damaged archive */
	enum gv_code code;
	enum gv_proof_kind proof;
	const char *says; /* in the message */
	const char *help;
};

static const struct proof_case cases[] = {
	{ GOOD, NULL, "log", GOOD, GV_OK, GV_PROOF_LOG, NULL, NULL },
	{ GOOD, GOOD, "log", GOOD, GV_OK, GV_PROOF_LOG, NULL, NULL },
	{ GOOD, NULL, "log", BAD, GV_EPROOF, 0, "sumdb.test says " GOOD ", but found " BAD, "serves bad files" },
	/* A forged tree and a gover.sum for it. */
	{ GOOD, BAD, "log", BAD, GV_EPROOF, 0, "sumdb.test says " GOOD ", but found " BAD, "/gover.sum:2" },
	{ GOOD, GOOD, "log", BAD, GV_EPROOF, 0, "sumdb.test says " GOOD, "serves bad files" },
	{ GOOD, OTHER, "log", BAD, GV_EPROOF, 0, "sumdb.test says " GOOD, "serves bad files" },
	{ GOOD, BAD, "log", GOOD, GV_EPROOF, 0, "/gover.sum:2 says " BAD ", but found " GOOD, "remove that line" },
	{ "", NULL, "log", GOOD, GV_EPROOF, 0, "the checksum database has no 'lookup/", NULL },
	{ "", GOOD, "log", GOOD, GV_EPROOF, 0, "the checksum database has no 'lookup/", NULL },
	{ NULL, NULL, "log", GOOD, GV_ENET, 0, "127.0.0.1", NULL },
	{ NULL, GOOD, "log", GOOD, GV_ENET, 0, "127.0.0.1", NULL },
	{ NULL, GOOD, "log", BAD, GV_EPROOF, 0, "/gover.sum:2 says " GOOD ", but found " BAD, "serves bad files" },
	{ GOOD, NULL, "off", BAD, GV_OK, GV_PROOF_NONE, NULL, NULL },
	{ GOOD, BAD, "off", BAD, GV_OK, GV_PROOF_NONE, NULL, NULL },
	{ GOOD, GOOD, "off", BAD, GV_EPROOF, 0, "/gover.sum:2 says " GOOD ", but found " BAD, "serves bad files" },
	{ GOOD, BAD, "log", NULL, GV_EPROOF, 0, "sumdb.test says " GOOD ", but found a damaged archive: it is cut",
	  NULL },
	{ GOOD, GOOD, "off", NULL, GV_EPROOF, 0, "/gover.sum:2 says " GOOD ", but found a damaged archive: it is cut",
	  NULL },
	{ GOOD, NULL, "off", NULL, GV_EPROOF, 0, "'http://127.0.0.1/x': it is cut", NULL },
};

static void
test_case(struct bench *b, const struct proof_case *c)
{
	gv_autofree char *record = c->log != NULL && *c->log != '\0'
				       ? gv_xasprintf(MODULE " " MODVERSION " %s\n", c->log)
				       : NULL;
	gv_autofree char *pin = gv_xasprintf("\n" MODULE " %s %s\n",
					     c->pin != NULL ? MODVERSION : "v0.0.1-go1.9.linux-amd64",
					     c->pin != NULL ? c->pin : BAD);
	struct gv_manifest m = { 0 };
	struct gv_err err = GV_ERR_INIT;
	bool good;

	put_file(root, "project/gover.sum", pin, 0644);
	good = bench_log(b, record != NULL ? record : "");
	if (c->log == NULL) {
		char *url = strchr(getenv("GOSUMDB"), ' ');

		snprintf(url, strlen(url) + 1, " http://127.0.0.1:1");
	}
	setenv("GOVER_VERIFY", c->verify, 1);
	good = good && bench_store(b) && prove(b, c->tree, &m, &err) == (c->code == GV_OK ? 0 : -1) &&
	       err.code == c->code;
	if (c->code == GV_OK) {
		good = good && m.proof == c->proof && strcmp(m.h1, c->tree) == 0 &&
		       (c->proof == GV_PROOF_NONE ? m.witness == NULL : strcmp(m.witness, "sumdb.test") == 0);
	} else {
		good = good && m.h1[0] == '\0' && strstr(err.msg, c->says) != NULL &&
		       (c->help == NULL || strstr(err.help, c->help) != NULL);
	}
	ok(good, "log %.6s, gover.sum %.6s, verify %s, tree %.6s: %s (%s)", c->log != NULL ? c->log : "dead",
	   c->pin != NULL ? c->pin : "-", c->verify, c->tree != NULL ? c->tree : "cut", err.msg, err.help);
	gv_manifest_release(&m);
}

/* Errors that show before a download. */
static void
test_begin(struct bench *b)
{
	struct gv_manifest m = { 0 };
	struct gv_err err = GV_ERR_INIT;

	setenv("GOVER_VERIFY", "log", 1);
	setenv("GOSUMDB", "off", 1);
	put_file(root, "project/gover.sum", MODULE " " MODVERSION " " GOOD "\n", 0644);
	ok(bench_store(b) && prove(b, GOOD, &m, &err) < 0 && err.code == GV_EPROOF &&
	       strstr(err.msg, "GOSUMDB=off") != NULL,
	   "a gover.sum does not replace a database that is off: %s", err.msg);
	put_file(root, "project/gover.sum", "nonsense\n", 0644);
	ok(bench_store(b) && prove(b, GOOD, &m, &err) < 0 && err.code == GV_EFORMAT &&
	       strstr(err.msg, "gover.sum:1: ") != NULL,
	   "a malformed gover.sum is named: %s", err.msg);
}

int
main(void)
{
	struct bench b = { 0 };
	gv_autofree char *sub = NULL;

	if (!ok(bench_begin(&b), "a log and a store"))
		return tap_done();
	put_file(root, "project/sub/file", "", 0644);
	sub = gv_path_join(root, "project/sub");
	if (!ok(chdir(sub) == 0, "below a project"))
		return tap_done();
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++)
		test_case(&b, &cases[i]);
	test_begin(&b);
	bench_end(&b);
	return tap_done();
}
