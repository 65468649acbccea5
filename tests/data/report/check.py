#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check.py schema SCHEMA FILE | codequality FILE | github FILE | gitlab FILE | members FILE SCHEMA"""
import json, re, sys


def fail(text):
    raise SystemExit(text)


def schema(schema_file, file):
    import jsonschema
    rules, report = json.load(open(schema_file)), json.load(open(file))
    check = jsonschema.validators.validator_for(rules)
    check.check_schema(rules)
    for e in check(rules).iter_errors(report):
        fail('%s: %s' % ('/'.join(map(str, e.absolute_path)), e.message[:300]))


def codequality(file):
    """doc/ci/testing/code_quality.md of GitLab."""
    text = open(file, encoding='utf-8').read()
    seen = set()
    if text.startswith('\ufeff'):
        fail('a byte order mark')
    for p in json.loads(text):
        if set(p) != {'description', 'check_name', 'fingerprint', 'severity', 'location'}:
            fail('members: %s' % sorted(p))
        if p['severity'] not in ('info', 'minor', 'major', 'critical', 'blocker') or not p['description'] or not p['check_name']:
            fail('values: %s' % p)
        if p['location']['path'].startswith(('/', '../', './')) or p['location']['lines']['begin'] < 1:
            fail('location: %s' % p['location'])
        if p['fingerprint'] in seen:
            fail('a fingerprint twice')
        seen.add(p['fingerprint'])


def github(file):
    """As the runner reads it, and the log viewer after it."""
    allowed = ('group', 'endgroup', 'error', 'warning', 'notice')
    token, counts, seen = None, {}, set()
    for line in open(file, encoding='utf-8', newline='\n'):
        line = line.rstrip('\n')
        if re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f]', line):
            fail('a control character: %r' % line)
        if line.startswith('##'):
            fail('the viewer obeys: %r' % line)
        if token:
            token = None if line.strip() == '::%s::' % token else token
            continue
        m = re.match(r'\s*::([^ :]+)(?: ([^:]*))?::(.*)', line)
        if not m:
            continue
        if m[1] == 'stop-commands':
            token = m[3]
            if len(token) < 20:
                fail('a token that can be guessed: %s' % token)
        elif m[1] not in allowed:
            fail('a forged command: %r' % line)
        elif m[1] in ('error', 'warning'):
            counts[m[1]] = counts.get(m[1], 0) + 1
            if line in seen:
                fail('an annotation twice: %r' % line)
            seen.add(line)
    if token or max(counts.values(), default=0) > 10:
        fail('token %s, annotations %s' % (token, counts))


def gitlab(file):
    """Sections open and close in pairs; nothing else moves the cursor."""
    text = open(file, encoding='utf-8', newline='').read()
    mark = re.compile('\x1b\\[0Ksection_(start|end):[0-9]+:([A-Za-z0-9_.-]+)(\\[collapsed=true\\])?\r\x1b\\[0K')
    opened = []
    for m in mark.finditer(text):
        if m[1] == 'start':
            opened.append(m[2])
        elif not opened or opened.pop() != m[2]:
            fail('a section that was not open: %s' % m[2])
    if opened or re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f]', mark.sub('', text)):
        fail('open: %s, or a control character' % opened)


def members(file, schema_file):
    """Members that only one of a report and the schema has."""
    rules = json.load(open(schema_file))

    def walk(value, rule, path):
        rule = rules['definitions'][rule['$ref'].rsplit('/', 1)[1]] if '$ref' in rule else rule
        if isinstance(value, dict) and 'properties' in rule:
            for key in set(value) ^ set(rule['properties']):
                fail('%s.%s is %s' % (path, key, 'not in the schema' if key in value else 'never written'))
            for key in value:
                walk(value[key], rule['properties'][key], path + '.' + key)
        elif isinstance(value, list):
            for item in value:
                walk(item, rule['items'], path + '[]')

    walk(json.load(open(file)), rules, '$')


{f.__name__: f for f in (schema, codequality, github, gitlab, members)}[sys.argv[1]](*sys.argv[2:])
