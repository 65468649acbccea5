#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: hostile.py <REPORT.json: the same JSON report, with every text in it hostile."""
import json, sys

TEXT = (' \u00a0::error file=a::x\n::add-mask::y\r\n##[group]z ##vso[a]b\n\x1b[0Ksection_start:1:x\r\x1b[0K'
        '\n1..0\nBail out! no\nnot ok 1 # TODO x\n  ...\n]]><script>a</script>\u202eb\u2028c\x9b31m'
        '](javascript:a) `b` | @user #1 %0A::error::d "\\')
KEPT = ('schema', 'verdict', 'outcome', 'summary', 'repeat', 'started')


def hostile(value, key=''):
    if key in KEPT:
        return value
    if isinstance(value, dict):
        return {k: hostile(v, k) for k, v in value.items()}
    if isinstance(value, list):
        # Cells and phases stay different from one another.
        return [hostile(v) for v in value]
    return value + TEXT if isinstance(value, str) and value else value


json.dump(hostile(json.load(sys.stdin)), sys.stdout)
