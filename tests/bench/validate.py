# SPDX-License-Identifier: MIT
"""usage: validate.py GOVER ENGINE PROJECT ROUNDS VERSION VERSION

Interleaved runs of `gover validate` and of the go commands it runs, on a copy, as differences of wall time.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

gover, engine, project, rounds, *versions = sys.argv[1:]
work = os.path.dirname(project)


def direct(version):
    """Run the commands of a cell's fetch and phases, with an environment like the cell's."""
    copy = os.path.join(work, "copy")
    sdk = os.path.join(os.environ["GOVER_ROOT"], "sdks", "go" + version)
    env = {
        "PATH": sdk + "/bin:/usr/bin:/bin", "HOME": work, "CGO_ENABLED": "0", "GOENV": "off", "GOTOOLCHAIN": "local",
        "GOFLAGS": "", "GOPROXY": "off", "GOTELEMETRY": "off", "GOMAXPROCS": str(min(2, os.cpu_count() or 1)),
        "GOCACHE": os.path.join(work, "gocache"), "GOMODCACHE": os.path.join(work, "gomodcache"),
    }
    shutil.copytree(project, copy)
    for words in ("mod download", "list -e -deps -test ./...", "version", "build ./...", "vet ./...", "test -count=1 ./..."):
        subprocess.run([sdk + "/bin/go", *words.split()], cwd=copy, env=env, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    shutil.rmtree(copy)


def validate(*names):
    subprocess.run([gover, "validate", "-q", "--engine", engine, *names], cwd=project, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def timed(work_on, *args):
    began = time.monotonic()
    work_on(*args)
    return time.monotonic() - began


def report(name, here, there):
    differences = [a - b for a, b in zip(here, there)]
    print(f"{engine:7} {name:12} gover {statistics.median(here):.3f} s, directly {statistics.median(there):.3f} s, "
          f"difference {statistics.median(differences):+.3f} s (least {min(differences):+.3f})", flush=True)


for version in versions:
    direct(version)
validate(*versions)

one, one_direct, both, both_direct = [], [], [], []
for _ in range(int(rounds)):
    one_direct.append(timed(direct, versions[0]))
    one.append(timed(validate, versions[0]))
    both_direct.append(one_direct[-1] + timed(direct, versions[1]))
    both.append(timed(validate, *versions))
report("one version", one, one_direct)
report("two versions", both, both_direct)
