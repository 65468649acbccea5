/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "engine/terminal.h"

#include <errno.h>
#include <unistd.h>

bool
gv_terminal_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void
gv_terminal_raw(struct gv_terminal *t)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &t->saved) < 0)
		return;
	raw = t->saved;
	cfmakeraw(&raw);
	t->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

void
gv_terminal_restore(struct gv_terminal *t)
{
	/* TCSAFLUSH waits until output is written, and a signal may end the wait. */
	while (t->raw && tcsetattr(STDIN_FILENO, TCSAFLUSH, &t->saved) < 0 && errno == EINTR)
		;
	t->raw = false;
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
