/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "docker/api.h"
#include "docker/docker.h"
#include "docker/endpoint.h"
#include "docker/image.h"
#include "docker/mux.h"
#include "tests/fake/httpd.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/words.h"
#include "verify/hash.h"

/* The parts of the engines with a daemon, against a daemon that misbehaves. Real daemons: tests/real/engines.sh. */
static char *work;

static void
test_mux(void)
{
	static const char bytes[] = "\1\0\0\0\0\0\0\5hello\2\0\0\0\0\0\0\3err\1\0\0\0\0\0\0\0\3\0\0\0\0\0\0\1!";

	for (size_t step = 1; step < sizeof(bytes); step++) {
		char out[4][32] = { { 0 } };
		struct gv_mux m = { 0 };
		int stream = 0;

		for (size_t at = 0; at < sizeof(bytes) - 1; at += step) {
			const char *p = bytes + at, *piece;
			size_t left = step < sizeof(bytes) - 1 - at ? step : sizeof(bytes) - 1 - at, len;

			while ((stream = gv_mux_next(&m, &p, &left, &piece, &len)) > 0)
				strncat(out[stream], piece, len);
		}
		if (stream != 0 || strcmp(out[1], "hello") != 0 || strcmp(out[2], "err") != 0 ||
		    strcmp(out[3], "!") != 0) {
			ok(false, "Docker's stream in pieces of %zu", step);
			return;
		}
	}
	ok(true, "Docker's stream in pieces of any size");
}

static void
test_words(void)
{
	static const char *const words[] = { "", "a", "a b", "%", "100%25", "new\nline", "\x7f", "\xc3\xa4", "%-" };
	static const char *const bad[] = { "", " a", "a ", "a  b", "a%", "a%4", "a%4g", "%00", "%ff" };
	gv_autostr struct gv_str s = GV_STR_INIT(1000);
	gv_autostrv struct gv_strv back = GV_STRV_INIT;
	bool same;

	for (size_t i = 0; i < GV_ARRAY_LEN(words); i++)
		gv_words_add(&s, words[i]);
	same = gv_words_split(&back, s.buf, s.len) == 0 && back.n == GV_ARRAY_LEN(words);
	for (size_t i = 0; same && i < back.n; i++)
		same = strcmp(back.v[i], words[i]) == 0;
	ok(same, "words of all kinds come back from a line: %s", s.buf);
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		gv_autostrv struct gv_strv w = GV_STRV_INIT;

		ok(gv_words_split(&w, bad[i], strlen(bad[i])) < 0, "the line '%s' is refused", bad[i]);
	}
}

static void
put(const char *name, const char *text)
{
	put_file(work, name, text, 0644);
}

static void
test_image(void)
{
	gv_autofree char *agent = gv_path_join(work, "agent");
	struct gv_image a = { 0 }, b = { 0 }, c = { 0 };
	struct gv_err err = GV_ERR_INIT;
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];
	const char *config;

	put("agent", "the agent");
	tap_need(gv_image_make(&a, agent, "amd64", 1000, false, &err) == 0 &&
		     gv_image_make(&b, agent, "amd64", 1000, false, &err) == 0,
		 "an image: %s", err.msg);
	ok(strcmp(a.id, b.id) == 0 && a.tar.len == b.tar.len && memcmp(a.tar.buf, b.tar.buf, a.tar.len) == 0,
	   "the image is the same each time");
	config = memmem(a.tar.buf, a.tar.len, "{\"architecture\"", 15);
	if (ok(config != NULL, "it has a configuration")) {
		gv_sha256_of(config, strlen(config), sum);
		gv_hex(hex, sum, sizeof(sum));
		ok(strcmp(a.id + 7, hex) == 0, "whose hash is the image's ID");
	}
	/* Engines store images by ID. If the same files gave other bytes, each engine would get a new image. */
	config = memmem(a.tar.buf, a.tar.len, "\"diff_ids\":[\"sha256:", 20);
	ok(config != NULL &&
	       strncmp(config + 20, "3aa3d79655949ff32e4f929b4740b7eb41c9d7c2ff0b57812fec87c50dc93a3f", 64) == 0,
	   "its layer has the bytes that it always had: %.64s", config != NULL ? config + 20 : "");
	put("agent", "another agent");
	tap_need(gv_image_make(&c, agent, "amd64", 1000, false, &err) == 0, "an image: %s", err.msg);
	ok(strcmp(a.id, c.id) != 0, "another agent, another image");
	gv_image_release(&a);
	gv_image_release(&b);
	gv_image_release(&c);
}

static void
test_endpoints(void)
{
	gv_autofree char *config = gv_path_join(work, "docker"), *meta = NULL, *tls = NULL;
	gv_autostrv struct gv_strv why = GV_STRV_INIT;
	struct gv_endpoints list;
	uint8_t sum[GV_SHA256_LEN];
	char hex[GV_SHA256_HEX];

	gv_sha256_of("far", 3, sum);
	gv_hex(hex, sum, sizeof(sum));
	meta = gv_xasprintf("docker/contexts/meta/%s/meta.json", hex);
	tls = gv_xasprintf("docker/contexts/tls/%s/docker/ca.pem", hex);
	put("docker/config.json", "{\"auths\":{},\"currentContext\":\"far\"}");
	put(meta, "{\"Name\":\"far\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://"
		  "far.example:2376\",\"SkipTLSVerify\":false}}}");
	put(tls, "");
	setenv("DOCKER_CONFIG", config, 1);
	unsetenv("DOCKER_HOST");
	unsetenv("DOCKER_CONTEXT");
	unsetenv("CONTAINER_HOST");
	unsetenv("XDG_RUNTIME_DIR");

	gv_endpoints_find(&list, &why);
	ok(list.n > 0 && strcmp(list.e[0].host, "tcp://far.example:2376") == 0 && list.e[0].tls != NULL &&
	       strcmp(list.e[0].from, "context 'far'") == 0,
	   "the current context");
	gv_endpoints_release(&list);

	setenv("DOCKER_CONTEXT", "missing", 1);
	gv_endpoints_find(&list, &why);
	ok((list.n == 0 || strstr(list.e[0].from, "context") == NULL) && why.n == 1 &&
	       strstr(why.v[0], "'missing'") != NULL,
	   "a context that is not there is told: %s", why.n > 0 ? why.v[0] : "");
	gv_endpoints_release(&list);

	setenv("DOCKER_CONTEXT", "default", 1);
	gv_endpoints_find(&list, &why);
	ok(list.n == 0 || strcmp(list.e[0].host, "unix:///var/run/docker.sock") == 0,
	   "the context 'default' is the usual socket");
	gv_endpoints_release(&list);

	setenv("DOCKER_HOST", "tcp://h:2376", 1);
	setenv("DOCKER_CERT_PATH", "/certs", 1);
	gv_endpoints_find(&list, &why);
	ok(list.n > 0 && strcmp(list.e[0].host, "tcp://h:2376") == 0 && strcmp(list.e[0].tls, "/certs") == 0 &&
	       list.e[0].asked,
	   "DOCKER_HOST comes before contexts");
	gv_endpoints_release(&list);
	unsetenv("DOCKER_HOST");
	unsetenv("DOCKER_CONTEXT");
	unsetenv("DOCKER_CERT_PATH");
}

static void
test_routes(void)
{
	static const struct {
		const char *host;
		bool tls, unverified;
		const char *want; /* in the message; NULL: it works */
	} rows[] = {
		{ "unix:///run/x.sock", false, false, NULL },
		{ "tcp://h:2376", true, false, NULL },
		{ "tcp://h:2375", false, false, "without TLS" },
		{ "tcp://h:2376", true, true, "without verification" },
		{ "http://h:2375", false, false, "not the address of an engine" },
		{ "ssh://-oProxyCommand=x/", false, false, "names no host" },
		{ "ssh://u@-x", false, false, "names no host" },
		{ "ssh://", false, false, "names no host" },
		{ "npipe:////./pipe/docker", false, false, "not the address of an engine" },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		struct gv_endpoint e = { .from = work,
					 .unverified = rows[i].unverified,
					 .tls = rows[i].tls ? work : NULL };
		gv_autofree char *host = gv_xstrdup(rows[i].host);
		struct gv_err err = GV_ERR_INIT;
		struct gv_route r;
		int rc;

		e.host = host;
		rc = gv_route_open(&r, &e, &err);
		ok(rows[i].want == NULL ? rc == 0 : rc < 0 && strstr(err.msg, rows[i].want) != NULL, "'%s': %s", host,
		   rc < 0 ? err.msg : r.ep.url);
		if (rc == 0)
			gv_route_close(&r);
	}
}

static void
text(struct httpd_conn *c, int status, const char *body)
{
	httpd_reply(c, status, "Content-Type: application/json\r\n", body, strlen(body));
}

/* `arg` names the daemon's mistake. */
static void
daemon_handler(struct httpd_conn *c, const struct httpd_request *r, void *arg)
{
	const char *fault = arg;

	if (strcmp(fault, "silent") == 0)
		httpd_wait_gone(c);
	else if (strcmp(fault, "garbage") == 0)
		httpd_send(c, "SSH-2.0-OpenSSH_9.2\r\n", 21);
	else if (strcmp(fault, "web") == 0)
		text(c, 200, "<html>");
	else if (strcmp(r->target, "/version") == 0)
		text(c, 200,
		     strcmp(fault, "new") == 0    ? "{\"ApiVersion\":\"9.99\"}"
		     : strcmp(fault, "long") == 0 ? "{\"ApiVersion\":\"1.                 24\"}"
		     : strcmp(fault, "old") == 0
			 ? "{\"ApiVersion\":\"1.24\",\"Components\":[{\"Name\":\"Podman Engine\"}]}"
			 : "{\"ApiVersion\":\"1.41\",\"Components\":[{\"Name\":\"Engine\"}]}");
	else if (strcmp(r->target, "/v1.41/info") == 0)
		text(c, 200, "{\"OSType\":\"linux\",\"Architecture\":\"s390x\",\"ServerVersion\":\"1\",\"NCPU\":1}");
	else if (strstr(r->target, "/cut") != NULL)
		httpd_send(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", 44), httpd_hang_up(c);
	else if (strstr(r->target, "/progress") != NULL)
		text(c, 200, "{\"status\":\"one\"}\r\n{\"errorDetail\":{\"message\":\"no space left\"}}\r\n");
	else
		text(c, 409, "{\"message\":\"name taken\\u001b[31m\"}");
}

static struct httpd *
start_daemon(struct gv_unix_endpoint *ep, const char *fault)
{
	static char path[128];
	static unsigned n;
	struct httpd *h;

	snprintf(path, sizeof(path), "%s/d%u.sock", work, n++);
	*ep = (struct gv_unix_endpoint){ .socket = path, .url = "http://d" };
	h = httpd_start_unix(path, daemon_handler, (void *)(uintptr_t)fault);
	tap_need(h != NULL, "a server on '%s'", path);
	return h;
}

static void
test_api(void)
{
	static const struct {
		const char *fault, *version;
		bool podman;
	} good[] = { { "", "1.41", false }, { "new", GV_API_OURS, false }, { "old", "1.24", true } };
	static const char *const bad[] = { "garbage", "web", "long" };
	struct gv_unix_endpoint ep;
	struct gv_err err = GV_ERR_INIT;
	struct gv_api api;
	struct httpd *h;
	long status = 0;

	for (size_t i = 0; i < GV_ARRAY_LEN(good); i++) {
		h = start_daemon(&ep, good[i].fault);
		tap_need(gv_api_open(&api, &ep, &err) == 0, "the daemon: %s", err.msg);
		ok(strcmp(api.version, good[i].version) == 0 && api.podman == good[i].podman, "version %s is agreed on",
		   good[i].version);
		gv_api_close(&api);
		httpd_stop(h);
	}
	setenv("DOCKER_API_VERSION", "1.30", 1);
	h = start_daemon(&ep, "");
	tap_need(gv_api_open(&api, &ep, &err) == 0, "the daemon: %s", err.msg);
	ok(strcmp(api.version, "1.30") == 0, "DOCKER_API_VERSION overrules");
	gv_api_close(&api);
	httpd_stop(h);
	unsetenv("DOCKER_API_VERSION");
	for (size_t i = 0; i < GV_ARRAY_LEN(bad); i++) {
		h = start_daemon(&ep, bad[i]);
		ok(gv_api_open(&api, &ep, &err) < 0, "a %s daemon: %s", bad[i], err.msg);
		httpd_stop(h);
	}
	ok(gv_api_version_cmp("1.9", "1.41") < 0 && gv_api_version_cmp("1.41", "1.41") == 0 &&
	       gv_api_version_cmp("2.0", "1.41") > 0,
	   "API versions are compared as numbers");

	h = start_daemon(&ep, "");
	gv_err_clear(&err);
	tap_need(gv_api_open(&api, &ep, &err) == 0, "the daemon: %s", err.msg);
	ok(gv_api_call(&api, &(struct gv_api_request){ .method = "POST", .path = "/x" }, NULL, &status, &err) < 0 &&
	       status == 409 && err.code == GV_EFAIL && strcmp(err.msg, "the engine refused: name taken\\x1b[31m") == 0,
	   "a refusal carries the daemon's words, cleaned: %s", err.msg);
	gv_err_clear(&err);
	ok(gv_api_call(&api, &(struct gv_api_request){ .method = "POST", .path = "/x", .also = 409 }, NULL, &status,
		       &err) == 0,
	   "a status that was expected is none");
	ok(gv_api_call(&api, &(struct gv_api_request){ .method = "GET", .path = "/cut" }, NULL, NULL, &err) < 0 &&
	       err.code == GV_ENET,
	   "an answer that is cut: %s", err.msg);
	ok(gv_api_progress(&api, &(struct gv_api_request){ .method = "POST", .path = "/progress" }, &err) < 0 &&
	       strcmp(err.msg, "the engine failed: no space left") == 0,
	   "a failure in the middle of progress: %s", err.msg);
	ok(gv_api_upgrade(&api, "/x", &err) == NULL && strstr(err.msg, "name taken") != NULL,
	   "a stream that is refused: %s", err.msg);
	gv_api_close(&api);
	httpd_stop(h);
}

static void
test_silence(void)
{
	struct gv_unix_endpoint ep;
	struct gv_err err = GV_ERR_INIT;
	struct httpd *h = start_daemon(&ep, "silent");
	struct gv_unix *u = gv_unix_new(&ep, &err);
	char *body;
	size_t len;
	long status;

	ok(u != NULL &&
	       gv_unix_do(u, &(struct gv_unix_request){ .method = "GET", .path = "/", .idle_s = 1 }, 10, &status, &body,
			  &len, &err) < 0 &&
	       err.code == GV_ENET,
	   "a daemon that says nothing: %s", err.msg);
	gv_unix_free(u);
	httpd_stop(h);
	unlink(ep.socket);
	u = gv_unix_new(&ep, &err);
	ok(u != NULL &&
	       gv_unix_do(u, &(struct gv_unix_request){ .method = "GET", .path = "/" }, 10, &status, &body, &len,
			  &err) < 0 &&
	       err.code == GV_ENET && strstr(err.msg, ep.socket) != NULL,
	   "a daemon that is not there: %s", err.msg);
	gv_unix_free(u);
	ok(gv_unix_new(&(struct gv_unix_endpoint){ .url = "http://h:2375" }, &err) == NULL, "no plain TCP: %s",
	   err.msg);
}

static void
test_architecture(void)
{
	gv_autofree char *agent = gv_path_join(work, "agent"), *host = NULL;
	gv_autostrv struct gv_strv why = GV_STRV_INIT;
	struct gv_dirs dirs = { .state = work, .cache = work };
	struct gv_err err = GV_ERR_INIT;
	struct gv_unix_endpoint ep;
	struct httpd *h = start_daemon(&ep, "");
	struct gv_engine *e;

	host = gv_xasprintf("unix://%s", ep.socket);
	setenv("DOCKER_HOST", host, 1);
	e = gv_docker_open(agent, &dirs, &why, &err);
	ok(e == NULL && why.n > 0 && strstr(why.v[0], "s390x") != NULL,
	   "an engine for other processors is refused, and why says so: %s", why.n > 0 ? why.v[0] : "");
	httpd_stop(h);
}

int
main(void)
{
	char dir[] = "/tmp/gover-docker-test-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	test_mux();
	test_words();
	test_image();
	test_endpoints();
	test_routes();
	test_api();
	test_silence();
	test_architecture();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
