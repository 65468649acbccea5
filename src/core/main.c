/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

int
main(void)
{
	return puts("gover-core " PACKAGE_VERSION) < 0;
}
