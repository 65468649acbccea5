/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/exit.h"

enum gv_exit
gv_exit_of(const struct gv_err *err)
{
	switch (err->code) {
	case GV_OK:
		return GV_EXIT_OK;
	case GV_EUSAGE:
	case GV_EFORMAT:
	case GV_ETOOBIG: /* only input has a size limit */
		return GV_EXIT_USAGE;
	case GV_ENOTFOUND:
		return GV_EXIT_NOT_FOUND;
	case GV_ENET:
		return GV_EXIT_NETWORK;
	case GV_EPROOF:
		return GV_EXIT_PROOF;
	case GV_EBUSY:
		return GV_EXIT_BUSY;
	case GV_EINTR:
		return GV_EXIT_INTERRUPTED;
	case GV_EFAIL:
	case GV_EIO:
		return GV_EXIT_FAILURE;
	}
	return GV_EXIT_FAILURE;
}
