#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Print src/sdk/archive/unicode_tables.h: letters and simple case folding, from Python's Unicode database."""
import sys
import unicodedata

# Simple foldings that Unicode 15.1 added; older databases lack them.
ADDED = {0x1FD3: 0x390, 0x1FE3: 0x3B0, 0xFB05: 0xFB06}


def fold(c):
    """CaseFolding.txt, status C and S."""
    if c in ADDED:
        return ADDED[c]
    for f in (chr(c).casefold(), chr(c).lower()):
        if len(f) == 1:
            return ord(f)
    return c


def runs(pairs, steps):
    """(cp, delta) pairs, ascending -> [first, last, step, delta]."""
    out = []
    for c, d in pairs:
        if out and out[-1][3] == d:
            r = out[-1]
            gap = c - r[1]
            if gap == r[2] or (r[0] == r[1] and gap in steps):
                r[1], r[2] = c, gap
                continue
        out.append([c, c, 1, d])
    return out


def rows(items, per_line):
    for i in range(0, len(items), per_line):
        print("\t" + " ".join(items[i:i + per_line]))


def main():
    cps = [c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000]
    letters = runs(((c, 0) for c in cps if unicodedata.category(chr(c))[0] == "L"), (1,))
    folds = runs(((c, fold(c) - c) for c in cps if fold(c) != c), (1, 2))
    print("/* SPDX-License-Identifier: MIT */")
    print("#ifndef GV_ARCHIVE_UNICODE_TABLES_H\n#define GV_ARCHIVE_UNICODE_TABLES_H\n")
    print("#include <stdint.h>\n")
    print("/* Made by build-aux/unicode-tables.py from the Unicode Character Database %s;" % unicodedata.unidata_version)
    print(" * data Copyright (c) Unicode, Inc., under the Unicode licence (https://www.unicode.org/license.txt). */")
    print("/* clang-format off */")
    print("static const struct letter_range { uint32_t first, last; } letters[] = {")
    rows(["{ 0x%x, 0x%x }," % (r[0], r[1]) for r in letters], 5)
    print("};\n")
    print("static const struct fold_range { uint32_t first, last, step; int32_t delta; } folds[] = {")
    rows(["{ 0x%x, 0x%x, %d, %d }," % tuple(r) for r in folds], 4)
    print("};\n/* clang-format on */\n\n#endif")
    return 0


sys.exit(main())
