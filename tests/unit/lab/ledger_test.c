/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/ledger.h"
#include "tests/tap.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/path.h"

/* Records of cells while several govers work on them: each turn is a race, and its outcome has to be one of the good. */
#define TURNS 300

static char state[] = "/tmp/gover-ledger-XXXXXX";

static struct gv_ledger
fresh(void)
{
	struct gv_ledger l = GV_LEDGER_INIT;

	l.engine = strdup("host");
	return l;
}

static pid_t
beside(void (*run)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run();
		_exit(0);
	}
	return pid;
}

static void
reap_for_ever(void)
{
	for (;;)
		gv_ledger_reap(state, state);
}

/* A reaper that runs all the time: a cell that runs, or is kept, has its record at every moment. */
static void
test_reaper(void)
{
	pid_t reaper = beside(reap_for_ever);
	int there = 0, kept = 0;

	for (int i = 0; i < TURNS; i++) {
		struct gv_ledger l = fresh(), found = GV_LEDGER_INIT;
		struct gv_err err = GV_ERR_INIT;

		tap_need(gv_ledger_create(&l, state, "run-cell", &err) == 0, "a record beside a reaper: %s", err.msg);
		there += gv_ledger_find(&found, state, "run-cell", &err) == 0;
		gv_ledger_release(&found);
		kept += gv_ledger_keep(&l, time(NULL) + 3600, &err) == 0 &&
			gv_ledger_find(&found, state, "run-cell", &err) == 0 && gv_ledger_hold(&found, true, &err) == 0;
		gv_ledger_sweep(&found, state);
		gv_ledger_release(&found);
		gv_ledger_release(&l);
	}
	kill(reaper, SIGKILL);
	waitpid(reaper, NULL, 0);
	ok(there == TURNS, "beside a reaper, a record is there while the cell runs: %d of %d times", there, TURNS);
	ok(kept == TURNS, "and can be held once it is kept: %d", kept);
}

/* Killed at any moment, a gover that keeps a cell leaves the old record or the new one. */
static void
keep_for_ever(void)
{
	struct gv_err err = GV_ERR_INIT;

	for (;;) {
		struct gv_ledger l = GV_LEDGER_INIT;

		if (gv_ledger_find(&l, state, "run-cell", &err) < 0 || gv_ledger_hold(&l, true, &err) < 0 ||
		    gv_ledger_keep(&l, time(NULL) + 3600, &err) < 0)
			_exit(1);
		gv_ledger_release(&l);
	}
}

static void
test_killed(void)
{
	struct gv_ledger l = fresh();
	struct gv_err err = GV_ERR_INIT;
	int whole = 0;

	for (int i = 0; i < 200; i++)
		gv_ledger_add_bind(&l, "/some/source", "/some/target", false);
	tap_need(gv_ledger_create(&l, state, "run-cell", &err) == 0 && gv_ledger_keep(&l, 1, &err) == 0, "a record");
	gv_ledger_release(&l);
	for (int i = 0; i < TURNS; i++) {
		pid_t keeper = beside(keep_for_ever);

		usleep((useconds_t)(200 + 37 * (i % 50)));
		kill(keeper, SIGKILL);
		waitpid(keeper, NULL, 0);
		whole += gv_ledger_find(&l, state, "run-cell", &err) == 0 && l.n_binds == 200;
		gv_ledger_release(&l);
	}
	ok(whole == TURNS, "the record of a keeper that is killed is whole: %d of %d times", whole, TURNS);
}

static void
test_names(void)
{
	struct gv_ledger one = fresh(), two = fresh();
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *path = gv_path_join(state, "cells/a-1");

	ok(gv_ledger_create(&one, state, "a-1", &err) == 0, "a record");
	ok(gv_ledger_create(&two, state, "a-1", &err) < 0 && err.code == GV_EBUSY, "a second one of that name: %s",
	   err.msg);
	gv_ledger_sweep(&two, state);
	gv_ledger_release(&two);
	ok(gv_fs_exists(path), "does not take the first away");
	gv_ledger_sweep(&one, state);
	gv_ledger_release(&one);
	ok(!gv_fs_exists(path), "which its own cell does");
}

int
main(void)
{
	struct gv_err err = GV_ERR_INIT;

	tap_need(mkdtemp(state) != NULL, "a directory");
	test_names();
	test_reaper();
	test_killed();
	ok(gv_fs_remove_tree(AT_FDCWD, state, &err) == 0, "all is removed");
	return tap_done();
}
