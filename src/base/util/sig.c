/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/sig.h"

#include <signal.h>
#include <stddef.h>

#include "util/auto.h"

static volatile sig_atomic_t caught;
static void (*volatile last)(void); /* runs before a second signal ends the process */

static void
on_signal(int sig)
{
	if (caught != 0) {
		void (*restore)(void) = last;

		if (restore != NULL)
			restore();
		signal(sig, SIG_DFL);
		raise(sig);
	}
	caught = sig;
}

void
gv_sig_catch(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < GV_ARRAY_LEN(sigs); i++) {
		struct sigaction sa = { .sa_handler = on_signal }, old;

		/* nohup(1) starts us with signals ignored: leave those alone. */
		if (sigaction(sigs[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(sigs[i], &sa, NULL);
	}
}

void
gv_sig_restore(void (*restore)(void))
{
	last = restore;
}

int
gv_sig_caught(void)
{
	return caught;
}

int
gv_sig_check(struct gv_err *err)
{
	if (caught == 0)
		return 0;
	return gv_err_set(err, GV_EINTR, "interrupted");
}
