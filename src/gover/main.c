/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

int
main(void)
{
	return puts("gover " PACKAGE_VERSION) < 0;
}
