/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

int
main(void)
{
	return puts("gover-agent " PACKAGE_VERSION) < 0;
}
