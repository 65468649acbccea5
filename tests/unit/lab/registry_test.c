/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "docker/login.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"

/* What an engine is told about the user when it pulls an image. A real registry: tests/real/pull.sh. */
#define INDEX "https://index.docker.io/v1/"

static char *work;

static void
test_server(void)
{
	static const struct {
		const char *image, *server;
	} cases[] = {
		{ "golang:1.22", INDEX },
		{ "team/golang", INDEX },
		{ "docker.io/team/x", INDEX },
		{ "docker.io/x", INDEX },
		{ "index.docker.io/team/x", INDEX },
		{ "registry-1.docker.io/x", "registry-1.docker.io" },
		{ "docker.io.evil.example/x", "docker.io.evil.example" },
		{ "Registry/x", "Registry" },
		{ "golang@sha256:ab", INDEX },
		{ "127.0.0.1:5000/x:1", "127.0.0.1:5000" },
		{ "registry.example/x@sha256:ab", "registry.example" },
		{ "localhost/x", "localhost" },
		{ "example.com", INDEX },
		{ "", INDEX },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *server = gv_registry_server(cases[i].image);

		ok(strcmp(server, cases[i].server) == 0, "the registry of '%s': %s", cases[i].image, server);
	}
}

/* "USER SECRET TOKEN helper NAME", with "-" for a missing one, or the error. Caller frees. */
static char *
lookup(const char *text, const char *server)
{
	struct gv_credentials c;
	gv_autofree char *helper = NULL;
	struct gv_err err = GV_ERR_INIT;
	char *found;

	if (gv_registry_lookup(text, strlen(text), server, &c, &helper, &err) < 0)
		return gv_xstrdup(err.msg);
	found = gv_xasprintf("%s %s %s %s", c.user != NULL ? c.user : "-", c.secret != NULL ? c.secret : "-",
			     c.token != NULL ? c.token : "-", helper != NULL ? helper : "-");
	gv_credentials_release(&c);
	return found;
}

static void
test_lookup(void)
{
	static const struct {
		const char *what, *text, *server, *found;
	} cases[] = {
		{ "a user and a password", "{\"auths\":{\"h:1\":{\"auth\":\"YW5uOmE6Yg==\"}}}", "h:1", "ann a:b - -" },
		{ "of this registry", "{\"auths\":{\"h:1\":{\"auth\":\"YW5uOmE6Yg==\"}}}", "h:2", "- - - -" },
		{ "whatever address it has", "{\"auths\":{\"https://h/v1/\":{\"auth\":\"YW5uOmE6Yg==\"}}}", "h",
		  "ann a:b - -" },
		{ "the index by its address", "{\"auths\":{\"" INDEX "\":{\"auth\":\"YW5uOmE6Yg==\"}}}", INDEX,
		  "ann a:b - -" },
		{ "the very name before another spelling",
		  "{\"auths\":{\"http://h\":{\"auth\":\"YW5uOmE6Yg==\"},\"h\":{\"identitytoken\":\"t\"}}}", "h",
		  "- - t -" },
		{ "an identity token", "{\"auths\":{\"h\":{\"auth\":\"YW5uOg==\",\"identitytoken\":\"t\"}}}", "h",
		  "ann  t -" },
		{ "a store", "{\"credsStore\":\"pass\",\"auths\":{\"h\":{}}}", "h", "- - - pass" },
		{ "a helper of the host before the store",
		  "{\"credsStore\":\"pass\",\"credHelpers\":{\"h\":\"cloud\"}}", "h", "- - - cloud" },
		{ "the helper of another host",
		  "{\"credHelpers\":{\"h\":\"cloud\"},\"auths\":{\"g\":{\"auth\":\"YW5uOmE6Yg==\"}}}", "g",
		  "ann a:b - -" },
		{ "nothing", "{}", "h", "- - - -" },
		{ "an empty entry", "{\"auths\":{\"h\":{}}}", "h", "- - - -" },
		{ "no base64", "{\"auths\":{\"h\":{\"auth\":\"ann:b\"}}}", "h",
		  "$.auths.h.auth: want the base64 of USER:PASSWORD" },
		{ "no colon", "{\"auths\":{\"h\":{\"auth\":\"YW5u\"}}}", "h",
		  "$.auths.h.auth: want the base64 of USER:PASSWORD" },
		{ "a NUL", "{\"auths\":{\"h\":{\"auth\":\"YQA6Yg==\"}}}", "h",
		  "$.auths.h.auth: want the base64 of USER:PASSWORD" },
		{ "a number for a helper", "{\"credHelpers\":{\"h\":7}}", "h", "$.credHelpers.h: want a string" },
		{ "a list of auths", "{\"auths\":[]}", "h", "$.auths: want an object" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *found = lookup(cases[i].text, cases[i].server);

		ok(strcmp(found, cases[i].found) == 0, "%s: %s", cases[i].what, found);
	}
}

/* The header for 127.0.0.1:5000 with that config.json, "" without one, or the error. Caller frees. */
static char *
header(const char *config)
{
	struct gv_err err = GV_ERR_INIT;
	char *h = NULL;

	put_file(work, "config.json", config, 0600);
	if (gv_registry_header("127.0.0.1:5000", &h, &err) < 0)
		return gv_xstrdup(err.msg);
	return h != NULL ? h : gv_xstrdup("");
}

static void
test_header(void)
{
	gv_autofree char *known = header("{\"auths\":{\"127.0.0.1:5000\":{\"auth\":\"YW5uOnMzPj86w79+\"}}}"),
			 *unknown = header("{\"auths\":{\"127.0.0.1:5001\":{\"auth\":\"YW5uOnMzPj86w79+\"}}}"),
			 *broken = header("{"), *path = gv_path_join(work, "config.json"), *none = NULL;
	struct gv_err err = GV_ERR_INIT;

	/* {"username":"ann","password":"s3>?:\u00ff~","serveraddress":"127.0.0.1:5000"}, encoded by another program */
	ok(strcmp(known, "X-Registry-Auth: eyJ1c2VybmFtZSI6ImFubiIsInBhc3N3b3JkIjoiczM-PzrDv34iLCJzZXJ2ZXJhZGRyZXNzIjoi"
			 "MTI3LjAuMC4xOjUwMDAifQ==") == 0,
	   "the header is base64url: %s", known);
	ok(unknown[0] == '\0', "another registry's password is not sent");
	ok(strstr(broken, path) != NULL, "a broken file is named: %s", broken);
	unlink(path);
	ok(gv_registry_header("127.0.0.1:5000", &none, &err) == 0 && none == NULL, "no file, no header");
}

static void
test_helpers(void)
{
	static const struct {
		const char *what, *script, *found;
	} cases[] = {
		{ "a helper that knows",
		  "[ \"$*\" = get ] && [ \"$(cat)\" = 127.0.0.1:5000 ] && "
		  "echo '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}'",
		  /* {"username":"u","password":"s","serveraddress":"127.0.0.1:5000"} */
		  "X-Registry-Auth: "
		  "eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InMiLCJzZXJ2ZXJhZGRyZXNzIjoiMTI3LjAuMC4xOjUwMDAifQ==" },
		{ "that has a token", "echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'",
		  /* {"identitytoken":"t","serveraddress":"127.0.0.1:5000"} */
		  "X-Registry-Auth: eyJpZGVudGl0eXRva2VuIjoidCIsInNlcnZlcmFkZHJlc3MiOiIxMjcuMC4wLjE6NTAwMCJ9" },
		{ "that knows nothing", "echo credentials not found in native keychain; exit 1", "" },
		{ "that fails", "echo the vault is locked; exit 1",
		  "gave no credentials for '127.0.0.1:5000': the vault is locked" },
		{ "that does not read", "exec <&-; echo no; exit 1", "gave no credentials for '127.0.0.1:5000': no" },
		{ "that answers something else", "echo '<html>'", "not JSON" },
		{ "that does not stop", "exec yes", "printed more than 65536 bytes" },
	};
	gv_autofree char *missing = header("{\"credsStore\":\"gone\"}"), *outside = header("{\"credsStore\":\"../x\"}");

	ok(strstr(missing, "no program 'docker-credential-gone'") == missing, "a helper that is missing: %s", missing);
	ok(strstr(outside, "no program 'docker-credential-../x'") == outside, "a helper is a name: %s", outside);
	for (size_t i = 0; i < GV_ARRAY_LEN(cases); i++) {
		gv_autofree char *script = gv_xasprintf("#!/bin/sh\n%s\n", cases[i].script), *found = NULL;

		put_file(work, "docker-credential-test", script, 0755);
		found = header("{\"credHelpers\":{\"127.0.0.1:5000\":\"test\"}}");
		ok(cases[i].found[0] != '\0' ? strstr(found, cases[i].found) != NULL : found[0] == '\0', "%s: %s",
		   cases[i].what, found);
	}
}

int
main(void)
{
	static char dir[] = "/tmp/gover-registry-test-XXXXXX";
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = NULL;

	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	path = gv_xasprintf("%s:/usr/bin:/bin", work);
	setenv("DOCKER_CONFIG", work, 1);
	setenv("PATH", path, 1);
	test_server();
	test_lookup();
	test_header();
	test_helpers();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
