/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "resolve/pin.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

static struct gv_dirs d;

static struct gv_proc
proc_of(pid_t pid)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc p = { 0 };

	tap_need(gv_proc_read(&p, pid, &err) == 0, "%s", err.msg);
	return p;
}

static char *
record(const struct gv_proc *p)
{
	return gv_xasprintf("%s/%ld-%llu", d.pins, (long)p->pid, (unsigned long long)p->start);
}

/* Write `text` as the record of a process. */
static void
forge(const struct gv_proc *p, const char *text)
{
	gv_autofree char *path = record(p);
	struct gv_err err = GV_ERR_INIT;

	tap_need(gv_fs_replace(path, text, strlen(text), 0600, &err) == 0, "%s", err.msg);
}

/* Look for a pin in a child process. Returns 'v' for `version`, '?' for another, '0' for none, 'e' on failure. */
static char
child_finds(const char *version)
{
	int fds[2], status;
	char answer = '!';
	pid_t pid;

	tap_need(pipe(fds) == 0, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct gv_err err = GV_ERR_INIT;
		struct gv_pin pin;
		int rc = gv_pin_find(&d, &pin, &err);

		answer = rc < 0 ? 'e' : rc == 0 ? '0' : strcmp(pin.version, version) == 0 ? 'v' : '?';
		_exit(write(fds[1], &answer, 1) != 1);
	}
	tap_need(pid > 0 && read(fds[0], &answer, 1) == 1 && waitpid(pid, &status, 0) == pid, "child");
	close(fds[0]);
	close(fds[1]);
	return answer;
}

static void
shells(void)
{
	static const char *const yes[] = { "bash", "sh",    "dash", "-zsh",    "-bash",
					   "fish", "ksh93", "mksh", "busybox", "tcsh" };
	static const char *const no[] = { "make",   "python3", "",     "-",       "bashful", "node",
					  "--bash", "sshd",    "code", "systemd", "go" };

	for (size_t i = 0; i < GV_ARRAY_LEN(yes); i++)
		ok(gv_pin_is_shell(yes[i]), "'%s' is a shell", yes[i]);
	for (size_t i = 0; i < GV_ARRAY_LEN(no); i++)
		ok(!gv_pin_is_shell(no[i]), "'%s' is none", no[i]);
}

static void
life(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc parent = proc_of(getppid()), self = proc_of(getpid());
	struct gv_pin pin;
	struct stat st;
	bool had = true;

	ok(gv_pin_find(&d, &pin, &err) == 0, "without the directory there is no pin");
	ok(gv_pin_clear(&d, &parent, &had, &err) == 0 && !had, "nothing to clear");
	gv_pin_sweep(&d);
	umask(0777);
	ok(gv_pin_write(&d, &parent, "1.22.3", &err) == 0, "a pin for our parent: %s", err.msg);
	umask(022);
	gv_autofree char *path = record(&parent);
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "its mode ignores the umask");
	ok(gv_pin_find(&d, &pin, &err) == 1 && strcmp(pin.version, "1.22.3") == 0 && pin.owner.pid == getppid() &&
	       strcmp(pin.owner.comm, parent.comm) == 0,
	   "is found, with its owner");
	ok(child_finds("1.22.3") == 'v', "by a grandchild too");
	ok(gv_pin_write(&d, &self, "1.21.13", &err) == 0, "a pin for ourselves");
	ok(gv_pin_find(&d, &pin, &err) == 1 && strcmp(pin.version, "1.21.13") == 0,
	   "holds for us: a shell may become its last command");
	ok(child_finds("1.21.13") == 'v', "the nearest counts");
	ok(gv_pin_write(&d, &self, "1.23rc2", &err) == 0 && child_finds("1.23rc2") == 'v', "a second one replaces it");
	gv_pin_sweep(&d);
	ok(child_finds("1.23rc2") == 'v', "sweeping spares the living");
	ok(gv_pin_clear(&d, &self, &had, &err) == 0 && had && child_finds("1.22.3") == 'v',
	   "cleared: the next one counts");
	ok(gv_pin_write(&d, &self, "system", &err) == 0 && child_finds("system") == 'v',
	   "the system's Go may be pinned");
	ok(gv_pin_clear(&d, &self, &had, &err) == 0 && gv_pin_clear(&d, &parent, &had, &err) == 0 &&
	       child_finds("") == '0',
	   "all cleared");
}

/* The text of a record with the boot and namespace of this process. Caller frees. */
static char *
own_record(const struct gv_proc *p, const char *version)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = record(p), *text = NULL;
	size_t len = 0;
	bool had;

	tap_need(gv_pin_write(&d, p, version, &err) == 0 && gv_fs_read(AT_FDCWD, path, 1000, &text, &len, &err) == 0,
		 "%s", err.msg);
	tap_need(gv_pin_clear(&d, p, &had, &err) == 0, "%s", err.msg);
	return gv_steal_ptr(&text);
}

static void
strange_records(void)
{
	struct gv_proc self = proc_of(getpid()), other = self;
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *good = own_record(&self, "1.22.3"), *text = NULL;
	struct gv_pin pin;
	bool had;

	forge(&self, good);
	ok(child_finds("1.22.3") == 'v', "a copied record is good");
	other.start++;
	text = own_record(&other, "1.22.3");
	forge(&self, text);
	ok(child_finds("") == '0', "a record of another start time does not count");
	tap_need(gv_pin_clear(&d, &self, &had, &err) == 0, "%s", err.msg);
	forge(&other, text);
	ok(child_finds("") == '0', "nor one whose name is not ours");
	tap_need(gv_pin_clear(&d, &other, &had, &err) == 0, "%s", err.msg);
	forge(&self, "gover-pin 2\nanything\n");
	ok(child_finds("") == 'e', "an unknown format is a failure");
	forge(&self, "gover-pin 1\n1.22.3\n");
	ok(child_finds("") == 'e', "a record cut short too");
	forge(&self, "");
	ok(child_finds("") == 'e', "an empty one too");
	free(text);
	text = own_record(&self, "banana");
	forge(&self, text);
	ok(child_finds("") == 'e', "one that holds no version too");
	free(text);
	text = gv_xasprintf("%smore\n", good);
	forge(&self, text);
	ok(child_finds("") == 'e', "one with something behind it too");
	ok(gv_pin_clear(&d, &self, &had, &err) == 0 && had && gv_pin_find(&d, &pin, &err) == 0, "all can be cleared");
}

static void
other_places(void)
{
	struct gv_proc self = proc_of(getpid());
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *good = own_record(&self, "1.22.3"), *path = record(&self), *boot = gv_xstrdup(good),
			 *ns = gv_xstrdup(good);
	struct timespec old[2] = { { .tv_sec = time(NULL) - 8 * 86400 }, { .tv_sec = time(NULL) - 8 * 86400 } };
	bool had;

	/* The boot id is a UUID: change one digit of it. */
	char *digit = strchr(boot, '-') != NULL ? strrchr(boot, '-') + 1 : boot;

	*digit = *digit == 'a' ? 'b' : 'a';
	ns[strlen(ns) - 2] = ns[strlen(ns) - 2] == '1' ? '2' : '1';
	forge(&self, boot);
	ok(child_finds("") == '0', "a record of another boot does not count");
	gv_pin_sweep(&d);
	ok(gv_fs_exists(path), "but may be that of another host, so a young one is not swept");
	ok(utimensat(AT_FDCWD, path, old, 0) == 0, "a week later");
	gv_pin_sweep(&d);
	ok(!gv_fs_exists(path), "it is swept");
	forge(&self, ns);
	ok(child_finds("") == '0', "a record of another pid namespace does not count");
	gv_pin_sweep(&d);
	ok(gv_fs_exists(path), "and is not swept while it is young");
	ok(gv_pin_clear(&d, &self, &had, &err) == 0, "cleared");
}

static void
death(void)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_proc child;
	gv_autofree char *path = NULL, *junk = gv_xasprintf("%s/.tmp-1", d.pins),
			 *word = gv_xasprintf("%s/README", d.pins);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	child = proc_of(pid);
	path = record(&child);
	ok(gv_pin_write(&d, &child, "1.22.3", &err) == 0 && gv_fs_exists(path), "a pin for a child");
	ok(gv_fs_replace(junk, "x", 1, 0600, &err) == 0 && gv_fs_replace(word, "x", 1, 0600, &err) == 0 &&
	       child_finds("") == '0',
	   "files of other names are no records");
	tap_need(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid, "kill");
	gv_pin_sweep(&d);
	ok(!gv_fs_exists(path), "is swept when the child is gone");
	ok(gv_fs_exists(word), "other files are left alone");
}

int
main(void)
{
	char root[] = "/tmp/gover-pin-XXXXXX";
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(root) != NULL, "mkdtemp");
	setenv("GOVER_ROOT", root, 1);
	tap_need(gv_dirs_init(&d, &err) == 0, "%s", err.msg);
	shells();
	life();
	strange_records();
	other_places();
	death();
	gv_dirs_release(&d);
	if (gv_fs_remove_tree(AT_FDCWD, root, &err) < 0)
		printf("# %s\n", err.msg);
	return tap_done();
}
