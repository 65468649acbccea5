/* SPDX-License-Identifier: MIT */
#ifndef GV_ARCHIVE_UNICODE_H
#define GV_ARCHIVE_UNICODE_H

#include <stdbool.h>

/* Go's unicode.IsLetter: general category L. */
bool gv_unicode_is_letter(unsigned cp);

/* Simple case folding (CaseFolding.txt, status C and S). Characters that differ in case only give the same value. */
unsigned gv_unicode_fold(unsigned cp);

#endif
