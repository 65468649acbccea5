/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell/frames.h"
#include "cell/plan.h"
#include "tests/tap.h"
#include "tests/unit/putfile.h"
#include "tests/unit/programs/agentrun.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"
#include "util/str.h"

/* Tests what the agent answers, and that no process outlives it. */

static void
test_phases(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	plan_init(&p);
	phase(&p, "one", 30, "always", "echo out; echo err >&2; exit 3");
	phase(&p, "two", 30, "failed:one", "printf %s \"$ODD\"; pwd; env | wc -l");
	phase(&p, "three", 30, "failed:two", "echo never");
	phase(&p, "four", 30, "failed:one:er", "kill -9 $$");
	phase(&p, "five", 30, "failed:one:nothing of it", "echo never");
	phase(&p, "six", 30, "always", "exec no-such-program");
	a = run(&p, &status);
	ok(status == 0, "failed phases are an answer: the agent exits 0");
	ok(has(a, "{\"event\":\"hello\",\"agent\":\"" PACKAGE_VERSION "\",\"goversion\":\"\""), "hello comes first");
	ok(has(a, "\"phase\":\"one\",\"stream\":1,\"text\":\"out\\u000a\"}"), "stdout is stream 1");
	ok(has(a, "\"phase\":\"one\",\"stream\":2,\"text\":\"err\\u000a\"}"), "stderr is stream 2");
	ok(has(a, "\"phase\":\"one\",\"exit\":3,\"signal\":0,\"timeout\":false,\"oom\":false"), "exit status");
	ok(has(a, "a b%c\\u000ad"), "words with blanks, percent and newline arrive whole");
	ok(has(a, work), "phases run in dir");
	ok(has(a, "\"phase\":\"two\",\"exit\":0"), "failed:NAME runs");
	ok(has(a, "{\"event\":\"end\",\"phase\":\"three\",\"exit\":0,\"signal\":0,\"timeout\":false,\"oom\":false,"
		  "\"wall_ms\":0,"
		  "\"cpu_ms\":0,\"peak_rss\":0,\"skipped\":true}"),
	   "failed:NAME of a passed phase is skipped");
	ok(has(a, "\"phase\":\"four\",\"exit\":-1,\"signal\":9"), "failed:NAME:TEXT runs; the signal is told");
	ok(strstr(a, "never") == NULL, "failed:NAME:TEXT without the text is skipped");
	ok(has(a, "\"phase\":\"six\",\"exit\":127"), "a missing program is 127");
	ok(has(a, "{\"event\":\"done\""), "done comes last");
}

static void
test_output(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	plan_init(&p);
	p.keep_head = 1000;
	p.keep_tail = 1000;
	phase(&p, "big", 60, "always", "yes 0123456789abcde | head -c 64000000; echo; echo the end");
	phase(&p, "remember", 30, "failed:big:the end", "echo never");
	a = run(&p, &status);
	ok(status == 0 && has(a, "{\"event\":\"cut\",\"phase\":\"big\",\"bytes\":63998"), "a large output is cut");
	ok(has(a, "the end\\u000a"), "its end is kept");
	ok(strlen(a) < 6000, "and no more than asked: %zu bytes of answer", strlen(a));
	ok(number(a, "\"event\":\"done\"", "peak_rss") < 50 << 20, "output costs no memory");
}

/* A character that is cut: the test writes its second half only after the agent reported the first. */
static void
test_bytes(void)
{
	struct answer answer = { .text = GV_STR_INIT(16 << 20) };
	gv_autofree char *fifo = gv_path_join(work, "go on"), *a = NULL;
	struct gv_plan p;
	pid_t pid;
	int fd;

	tap_need(mkfifo(fifo, 0600) == 0, "a FIFO");
	plan_init(&p);
	phase(&p, "bytes", 30, "always",
	      "printf '\\033[31mred\\000\\377\\303'; read x <'go on'; printf '\\244\\360\\237'");
	pid = start_plan(&p, &answer.fd);
	answer_until(&answer, "red");
	fd = open(fifo, O_WRONLY);
	tap_need(fd >= 0, "a shell that reads");
	close(fd);
	a = answer_end(&answer);
	ok(wait_for(pid) == 0, "a phase that writes in two steps");
	ok(has(a, "\"text\":\"\\u001b[31mred\xef\xbf\xbd\xef\xbf\xbd\"}"),
	   "NUL and 0xff are U+FFFD, an escape is escaped");
	ok(has(a, "\"text\":\"\xc3\xa4\"}"), "a character that two reads cut arrives whole");
	ok(has(a, "\"text\":\"\xef\xbf\xbd\xef\xbf\xbd\"}"), "a character without its end is U+FFFD");
}

/* Signals that gover's caller ignores (nohup, "&") or blocks are normal in the cell. */
static void
test_inherited(void)
{
	static const int sigs[] = { SIGHUP, SIGINT, SIGQUIT };
	struct gv_plan p;
	int status;
	mode_t mask = umask(077);
	gv_autofree char *a = NULL;

	for (size_t i = 0; i < GV_ARRAY_LEN(sigs); i++)
		signal(sigs[i], SIG_IGN);
	plan_init(&p);
	phase(&p, "hup", 30, "always", "kill -HUP $$; echo deaf");
	phase(&p, "quit", 30, "always", "kill -QUIT $$; echo deaf");
	phase(&p, "mask", 30, "always", "umask");
	a = run(&p, &status);
	ok(status == 0 && has(a, "\"phase\":\"hup\",\"exit\":-1,\"signal\":1") &&
	       has(a, "\"phase\":\"quit\",\"exit\":-1,\"signal\":3"),
	   "signals that the caller ignores are not ignored in a cell");
	ok(has(a, "0022\\u000a"), "nor is the caller's umask the cell's");
	for (size_t i = 0; i < GV_ARRAY_LEN(sigs); i++)
		signal(sigs[i], SIG_DFL);
	umask(mask);
}

static void
test_remember(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	plan_init(&p);
	p.keep_head = 10;
	p.keep_tail = 100;
	phase(&p, "x", 60, "always", "seq 1000; echo needle; exit 1");
	phase(&p, "y", 30, "failed:x:needle", "echo found");
	phase(&p, "z", 30, "failed:x!needle", "echo though found");
	phase(&p, "w", 30, "failed:x!thread", "echo without it");
	a = run(&p, &status);
	ok(status == 0 && has(a, "found"), "a condition looks at the kept tail");
	ok(strstr(a, "though found") == NULL && has(a, "without it"), "failed:NAME!TEXT runs only without the text");
	ok(has(a, "{\"event\":\"output\",\"phase\":\"x\",\"stream\":1,\"text\":\"979\\u000a"),
	   "the tail begins with a line");
}

static void
test_leftovers(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	plan_init(&p);
	phase(&p, "daemon", 30, "always",
	      "mkfifo ready; sleep 1000 & echo pid=$!=; "
	      "setsid sh -c 'echo sid=$$=; echo >ready; exec sleep 1000' & read x <ready");
	phase(&p, "hold", 30, "always", "trap '' TERM HUP; (trap '' TERM; sleep 1000; sleep 1000) & echo; exit 0");
	a = run(&p, &status);
	ok(status == 0 && number(a, "\"end\",\"phase\":\"daemon\"", "wall_ms") < 10000,
	   "a background process holds nothing up");
	ok(gone(a, "pid="), "and is killed");
	ok(gone(a, "sid="), "also in a session of its own");
	ok(number(a, "\"end\",\"phase\":\"hold\"", "wall_ms") < 10000, "so is one that ignores SIGTERM");
}

/*
 * Agents that wait for a timeout. They start first and wait while other tests run, because the agent leaves a phase
 * seconds between SIGQUIT and SIGKILL.
 */
static struct waiting {
	pid_t pid;
	int fd;
} timeout_agent, deadline_agent;

static char *
waited(struct waiting *w, int *status)
{
	char *a = read_frames(w->fd);

	*status = wait_for(w->pid);
	return a;
}

static void
start_waiting(void)
{
	struct gv_plan p;

	plan_init(&p);
	phase(&p, "quit", 1, "always", "trap 'echo dump; exit 2' QUIT; echo ready; while :; do sleep 0.1; done");
	phase(&p, "deaf", 1, "always", "trap '' QUIT TERM INT; while :; do sleep 0.1; done");
	phase(&p, "after", 10, "failed:deaf", "echo goes on");
	timeout_agent.pid = start_plan(&p, &timeout_agent.fd);

	plan_init(&p);
	p.deadline_s = 1;
	phase(&p, "long", 30, "always", "trap '' QUIT; echo pid=$$=; while :; do sleep 0.1; done");
	phase(&p, "next", 30, "always", "echo never");
	deadline_agent.pid = start_plan(&p, &deadline_agent.fd);
}

static void
test_timeout(void)
{
	int status;
	gv_autofree char *a = waited(&timeout_agent, &status);

	ok(status == 0 && has(a, "dump"), "the timeout asks by SIGQUIT first");
	ok(has(a, "\"phase\":\"quit\",\"exit\":2,\"signal\":0,\"timeout\":true"), "a phase that heard it");
	ok(has(a, "\"phase\":\"deaf\",\"exit\":-1,\"signal\":9,\"timeout\":true"), "a phase that did not");
	ok(has(a, "goes on"), "the next phase runs");
}

static void
test_deadline(void)
{
	int status;
	gv_autofree char *a = waited(&deadline_agent, &status);

	ok(status == 3 && has(a, "{\"event\":\"fault\",\"what\":\"deadline\""), "the deadline of the cell is a fault");
	ok(has(a, "\"phase\":\"long\",\"exit\":-1,\"signal\":9,\"timeout\":true") && gone(a, "pid="),
	   "the phase was killed");
	ok(strstr(a, "never") == NULL && strstr(a, "\"done\"") == NULL, "nothing runs after it");
}

static void
test_memory(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	plan_init(&p);
	p.watch_memory = 64 << 20;
	/* tail keeps all its input in memory until it is killed. After that the writer has no reader. */
	phase(&p, "fill", 30, "always",
	      "{ head -c 200000000 /dev/zero; while printf x; do sleep 0.05; done; } | tail -n 1 | wc -c");
	phase(&p, "small", 30, "always", "echo fine");
	a = run(&p, &status);
	ok(status == 0 && number(a, "\"end\",\"phase\":\"fill\"", "peak_rss") > 64 << 20, "the peak is told");
	ok(has(a, "\"timeout\":false,\"oom\":true") && has(a, "\"text\":\"0\\u000a\""),
	   "over the limit the biggest is killed");
	ok(has(a, "\"phase\":\"small\",\"exit\":0,\"signal\":0,\"timeout\":false,\"oom\":false"),
	   "the next phase is not marked");

	free(a);
	plan_init(&p);
	p.watch_pids = 20;
	phase(&p, "forks", 30, "always", "for i in $(seq 60); do sleep 100 & done; wait");
	a = run(&p, &status);
	ok(status == 0 && has(a, "Resource temporarily unavailable") && has(a, "\"exit\":-1,\"signal\":9"),
	   "too many processes end the phase");
}

static void
test_copy(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL, *from = gv_path_join(work, "from"), *sub = gv_path_join(from, "sub"),
			 *git = gv_path_join(from, ".git"), *link = gv_path_join(sub, "link"),
			 *fifo = gv_path_join(sub, "fifo");

	tap_need(mkdir(from, 0755) == 0 && mkdir(sub, 0755) == 0 && mkdir(git, 0755) == 0, "directories");
	put_file(from, "main.go", "package main\n", 0444);
	put_file(sub, "run.sh", "echo\n", 0755);
	put_file(sub, "store", "x", 0644);
	put_file(git, "HEAD", "x", 0644);
	tap_need(symlink("../../outside", link) == 0 && mkfifo(fifo, 0644) == 0 && chmod(sub, 0555) == 0, "odd files");
	plan_init(&p);
	p.copy_from = gv_xstrdup(from);
	p.copy_to = gv_path_join(work, "to/deep");
	gv_strv_add(&p.skip, ".git");
	gv_strv_add(&p.skip, "sub/store");
	gv_strv_add(&p.skip, "store");
	gv_strv_add(&p.skip, "b/run.sh");
	free(p.dir);
	p.dir = gv_xstrdup(p.copy_to);
	phase(&p, "look", 30, "always",
	      "cat main.go; readlink sub/link; ls -A . sub | tr '\\n' ,; echo x >sub/new && echo writable; stat -c %a "
	      "sub/run.sh");
	a = run(&p, &status);
	ok(status == 0 && has(a, "package main"), "files are copied");
	ok(has(a, "../../outside"), "links stay links");
	ok(has(a, ".:,main.go,sub,,sub:,link,run.sh,"), "FIFOs and skipped names are not");
	ok(has(a, "writable") && has(a, "755"), "directories are writable, modes stay");

	free(a);
	plan_init(&p);
	p.copy_from = gv_path_join(work, "nowhere");
	p.copy_to = gv_path_join(work, "to2");
	phase(&p, "never", 30, "always", "echo never");
	a = run(&p, &status);
	ok(status == 3 && has(a, "{\"event\":\"fault\",\"what\":\"copy\"") && strstr(a, "never\\u000a") == NULL,
	   "a copy that fails is a fault");
}

static void
test_proof(void)
{
	static const struct {
		const char *script, *want, *name;
		int status;
	} rows[] = {
		{ "#!/bin/sh\necho go version go1.22.3 linux/amd64\n", "\"goversion\":\"go1.22.3\"", "the right Go",
		  0 },
		{ "#!/bin/sh\necho go version go1.22.3 X:rangefunc linux/amd64\n", "\"goversion\":\"go1.22.3\"",
		  "with an experiment", 0 },
		{ "#!/bin/sh\necho go version go1.22.30 linux/amd64\n", "\"what\":\"goversion\",\"detail\":\"",
		  "another Go", 3 },
		{ "#!/bin/sh\necho 'go: cannot find GOROOT'; exit 2\n", "\"what\":\"goversion\",\"detail\":\"",
		  "a broken Go", 3 },
		{ "#!/no/such/loader\n", "\"what\":\"goversion\",\"detail\":\"", "a Go that does not start", 3 },
	};

	for (size_t i = 0; i < GV_ARRAY_LEN(rows); i++) {
		struct gv_plan p;
		int status;
		gv_autofree char *a = NULL;

		put_file(work, "go", rows[i].script, 0755);
		plan_init(&p);
		p.go_path = gv_path_join(work, "go");
		p.go_version = gv_xstrdup("go1.22.3");
		phase(&p, "x", 30, "always", "echo ran");
		a = run(&p, &status);
		ok(status == rows[i].status && has(a, rows[i].want) && (strstr(a, "ran\\u") != NULL) == (status == 0),
		   "%s", rows[i].name);
	}
}

static bool
answers(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 10000) == 1 && (p.revents & POLLIN) != 0;
}

static void
test_outside(void)
{
	struct gv_plan p;
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *text = NULL, *a = NULL;
	int fd, status;
	size_t len;
	pid_t pid;

	plan_init(&p);
	phase(&p, "x", 50, "always", "echo pid=$$=; exec sleep 1000");
	text = gv_plan_frame(&p, &len, &err);
	gv_plan_release(&p);
	pid = start(text, &fd);
	ok(answers(fd), "the agent is running");
	kill(pid, SIGTERM);
	a = read_frames(fd);
	status = wait_for(pid);
	ok(status == 3 && strstr(a, "\"what\":\"interrupted\"") != NULL, "SIGTERM ends it at once, and it says so");

	pid = start(text, &fd);
	ok(answers(fd), "the agent is running again");
	close(fd);
	status = wait_for(pid);
	ok(status == 4, "it ends when nobody reads its answer");

	pid = start("GV1 22\ngover-plan 1\nnonsense\n\n", &fd);
	free(a);
	a = read_frames(fd);
	ok(wait_for(pid) == 2 && has(a, "\"what\":\"plan\",\"detail\":\"line 2 of the plan is malformed\""),
	   "a malformed plan");
}

static void
test_hidden(void)
{
	struct gv_plan p;
	int status;
	gv_autofree char *a = NULL;

	if (geteuid() == 0) {
		ok(true, "the answer cannot be forged # SKIP root may open everything");
		return;
	}
	plan_init(&p);
	phase(&p, "forge", 30, "always", "echo forged >/proc/$PPID/fd/1");
	a = run(&p, &status);
	ok(status == 0 && has(a, "ermission denied"), "the answer cannot be forged");
}

static void
test_plan_size(void)
{
	struct gv_plan p;
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *big = gv_xmalloc(GV_PLAN_MAX + 1), *frame = NULL, *a = NULL;
	size_t len;
	int status;

	memset(big, 'x', GV_PLAN_MAX);
	big[GV_PLAN_MAX] = '\0';
	plan_init(&p);
	gv_strv_add(&p.env, big);
	frame = gv_plan_frame(&p, &len, &err);
	ok(frame == NULL && err.code == GV_ETOOBIG, "a plan without end is refused");
	gv_plan_release(&p);

	plan_init(&p);
	for (int i = 0; i < 10; i++)
		gv_strv_take(&p.env, gv_xasprintf("V%d=%.*s", i, 100000, big));
	phase(&p, "x", 30, "always", "echo ${#V0} ${#V9}");
	a = run(&p, &status);
	ok(status == 0 && has(a, "100000 100000"), "a cell has as large an environment as any process");
}

/* A phase gets only the descriptors 0, 1 and 2, and none that the agent or its parent has open. */
static void
test_descriptors(void)
{
	struct gv_plan p;
	int status, low = open("/etc/passwd", O_RDONLY), high = fcntl(low, F_DUPFD, 300);
	gv_autofree char *a = NULL;

	plan_init(&p);
	phase(&p, "x", 30, "always",
	      "for fd in /proc/self/fd/*; do case ${fd##*/} in [012]) ;; "
	      "*) [ ! -e $fd ] || echo open=$fd=$(readlink $fd) ;; esac; done; "
	      "readlink /proc/self/fd/0");
	a = run(&p, &status);
	ok(status == 0 && strstr(a, "open=") == NULL && has(a, "/dev/null"), "no descriptor crosses into a cell");
	if (strstr(a, "open=") != NULL)
		printf("# %.2000s\n", a);
	close(low);
	close(high);

	plan_init(&p);
	gv_strv_add(&gv_plan_add(&p, "x", 30, "always")->argv, "/nowhere/program");
	free(a);
	a = run(&p, &status);
	ok(status == 0 && has(a, "cannot run '/nowhere/program': No such file") && has(a, "\"exit\":127"),
	   "a command that is not there");
}

int
main(void)
{
	const char *top = getenv("top_builddir");
	struct gv_err err = GV_ERR_INIT;
	char dir[] = "/tmp/gover-agent-test-XXXXXX";

	agent = gv_path_join(top != NULL ? top : ".", "gover-agent");
	work = mkdtemp(dir);
	tap_need(work != NULL, "a directory");
	test_plan_size();
	test_descriptors();
	start_waiting();
	test_phases();
	test_output();
	test_bytes();
	test_inherited();
	test_remember();
	test_leftovers();
	test_memory();
	test_copy();
	test_proof();
	test_outside();
	test_hidden();
	test_deadline();
	test_timeout();
	if (gv_fs_remove_tree(AT_FDCWD, work, &err) < 0)
		printf("# %s\n", err.msg);
	free(agent);
	return tap_done();
}
