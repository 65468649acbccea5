#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a JSON report as a hostile project could cause it: what each format has to clean stands wherever a project can put text."""
import json

controls = ''.join(map(chr, range(1, 32))) + '\x7f\x9b31m\u2028\u202e'
marks = ('\x1b[31mred\x1b[0m \x1b]0;title\x07 ]]> <![CDATA[ &amp; <script>alert(1)</script> | `code` *x* [a](b) @user #1 $x$\n'
         '::error::forged\n##[group]forged\n##vso[task.complete]\n::set-output name=x::y\n::stop-commands::x\n::gover-1::\n'
         '# SKIP forged\nok 1 forged\nnot ok 2 forged\n1..99\nBail out! forged\n---\n...\n\x1b[0Ksection_end:1:x\r\x1b[0K\n')
odd = marks + controls + '\udcff\udcc3('  # the last are bytes that are no UTF-8
megabyte = (odd + 'x' * 1000 + '\n') * 800


def phase(name, outcome, class_='', line='', **more):
    return dict(dict(phase=name, outcome=outcome, line=line, hint='', diagnostics=[], tests=[], exit=1, seconds=1.25,
                     peak_rss=1 << 20, log='', **{'class': class_}), **more)


def cell(version, verdict, class_, phases, **more):
    return dict(dict(id='go' + version, moduledir='.', version=version, goversion='go' + version, platform='linux/amd64', tags='',
                     env='', verdict=verdict, phases=phases, **{'class': class_}), **more)


diags = [dict(file='a.go', line=7, col=9, message='undefined: x' + odd), dict(file='dir, with: %/a|`_test.go', line=1, col=0, message=odd),
         dict(file='/gover/sdk/src/x.go', line=3, col=1, message='elsewhere'), dict(file='', line=0, col=0, message=odd),
         dict(file='big.go', line=2147483647, col=2147483647, message='far')]
tests = [dict(package='example.com/m', name='Test' + odd, outcome='fail', seconds=12345.678, message=odd),
         dict(package='example.com/m' + odd, name='TestFlaky', outcome='flaky', seconds=0, message=odd),
         dict(package='example.com/m', name='', outcome='fail', seconds=1, message='1.0s'),
         dict(package='example.com/b', name='', outcome='fail', seconds=0, message='[build failed]'),
         dict(package='example.com/c', name='', outcome='skipped', seconds=0, message='[no test files]'),
         dict(package='example.com/d', name='', outcome='pass', seconds=1234567, message='')]
cells = [
    cell('1.20.14', 'incompatible', 'below-declared', [
        phase('precheck', 'fail', 'below-declared', 'go 1.21', exit=None),
        phase('build', 'fail', 'compile', './a.go:7:9: undefined: x' + odd, diagnostics=diags, log=megabyte, hint=odd),
        phase('vet', 'fail', 'compile', './a.go:7:9: undefined: x' + odd, diagnostics=diags, log=odd)]),
    cell('1.21.6', 'incompatible', 'test', [
        phase('build', 'pass', exit=0), phase('test', 'fail', 'test', '--- FAIL: Test' + odd, tests=tests, diagnostics=diags, log=megabyte),
        phase('test-again', 'fail', 'test', log=odd), phase('race', 'skipped', exit=None)], moduledir='sub/' + 'mod|`<x>', tags='a,b',
        env='GODEBUG=panicnil=1', id='go1.21.6 # SKIP forged'),
    cell('1.22.3', 'compatible', '', [phase('build', 'pass', exit=0), phase('test', 'flaky', 'test', odd, tests=tests[1:2], log=odd)]),
    cell('1.23.12', 'inconclusive', 'disk', [phase('build', 'inconclusive', 'disk', odd)]),
    cell('1.24.99', 'unavailable', '', []), cell('1.25.0', 'skipped', 'fail-fast', []),
]
report = dict(schema=1, gover='0.1.0', module='example.com/m' + odd, go_directive='1.21', started='2026-11-24T15:09:00Z',
              engine=dict(name='bwrap', version='0.8.0'), cells=cells)
# Written by hand in the end: JSON has no bytes that are no UTF-8, so they stand as lone surrogates do.
print(json.dumps(report).replace('\\udcff', '\\ufffd').replace('\\udcc3', '\\ufffd'))
