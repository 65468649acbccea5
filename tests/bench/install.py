#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""install.py WORK GOVER URL VERSION ROUNDS: measures for install.sh."""
import os
import random
import statistics
import subprocess
import sys
import time

work, gover, url, version, rounds = sys.argv[1:5] + [int(sys.argv[5])]
archive = "go%s.linux-amd64.tar.gz" % version
base = {k: v for k, v in os.environ.items() if not k.startswith(("GO", "XDG_"))}
base.update(HOME=work, PATH=os.environ["PATH"], GOPROXY=url, GOFLAGS="-modcacherw", GOSUMDB="sum.golang.org")


def cmd_go(d):
    return ["go", "version"], {"GOTOOLCHAIN": "go" + version, "GOPATH": d, "GOMODCACHE": d + "/mod"}


def pipe(d):
    os.mkdir(d)
    script = "curl -sfL %s/dl/%s | tee >(sha256sum >%s/sum) | tar -xz -C %s" % (url, archive, d, d)
    return ["bash", "-c", "set -o pipefail; %s; wait" % script], {}


def zip_(d):
    return [gover, "-q", "install", version], {"GOVER_ROOT": d, "GOVER_SOURCES": "goproxy"}


def tar(d):
    return [gover, "-q", "install", version], {"GOVER_ROOT": d, "GOVER_SOURCES": "golang", "GOVER_GOLANG_URL": url + "/dl"}


programs = {"cmd/go": cmd_go, "gover zip": zip_, "pipe": pipe, "gover tar.gz": tar}
rows = {name: [] for name in programs}


def run(name, number):
    """Wall and CPU seconds, MB. Its files stay, because removing them would disturb the next run on some file systems."""
    argv, env = programs[name]("%s/out-%d" % (work, number))
    os.sync()
    began = time.monotonic()
    child = subprocess.Popen(argv, env={**base, **env}, stdout=subprocess.DEVNULL, cwd=work)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    if status != 0:
        sys.exit("%s failed" % name)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    names = list(programs)
    for r in range(-1, rounds):  # the first round warms the server and the page cache
        random.shuffle(names)
        for name in names:
            got = run(name, (r + 1) * len(names) + list(programs).index(name))
            if r >= 0:
                rows[name].append(got)
    print("%-14s %15s %15s %8s" % ("", "wall s min/med", "CPU s min/med", "RSS MB"))
    med = {}
    for name in programs:
        wall, cpu, rss = zip(*rows[name])
        med[name] = statistics.median(wall), statistics.median(cpu), min(wall)
        print("%-14s %8.2f /%5.2f %8.2f /%5.2f %8.1f" % (name, min(wall), med[name][0], min(cpu), med[name][1], max(rss)))
    z, go, t, p = (med[n] for n in ("gover zip", "cmd/go", "gover tar.gz", "pipe"))
    rss = max(r[2] for n in ("gover zip", "gover tar.gz") for r in rows[n])
    print("zip : cmd/go   wall %.2f (aim 0.30)   CPU %.2f (aim 0.37)   minima %.2f" % (z[0] / go[0], z[1] / go[1], z[2] / go[2]))
    print("tar.gz : pipe  wall %.2f (aim 0.55)   CPU %.2f   minima %.2f" % (t[0] / p[0], t[1] / p[1], t[2] / p[2]))
    print("memory         %.1f MB (aim 64)" % rss)
    return 0


sys.exit(main())
