/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/terminal.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

#include "util/sig.h"

static struct termios before; /* the settings to restore, also from a signal handler */

static void
restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

bool
gv_terminal_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void
gv_terminal_raw(struct gv_terminal *t)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return;
	raw = before;
	cfmakeraw(&raw);
	gv_sig_restore(restore);
	t->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

void
gv_terminal_restore(struct gv_terminal *t)
{
	/* TCSAFLUSH waits until output is written, and a signal may end the wait. */
	while (t->raw && tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) < 0 && errno == EINTR)
		;
	t->raw = false;
	gv_sig_restore(NULL);
}

bool
gv_terminal_resized(struct gv_terminal *t)
{
	struct winsize now;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &now) < 0 || (now.ws_row == t->size.ws_row && now.ws_col == t->size.ws_col))
		return false;
	t->size = now;
	return true;
}
