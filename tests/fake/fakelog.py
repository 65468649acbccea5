#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
fakelog.py KEYNAME SEED OUTDIR RECORDS [--size N] [--fork]

Write a whole checksum database as plain files, for any static file server: supported, latest, lookup/... and
tile/8/... below OUTDIR. Serve it at URL for GOSUMDB="KEY URL", or at PROXY/sumdb/KEYNAME as part of a proxy. Prints
the verifier key. Its Ed25519 seed is SHA-256(SEED), so no real secret is involved.

RECORDS has lines "MODULE VERSION H1". Each becomes a record with its go.mod line, in that order from number 0.
Filler records follow up to N (600 by default). So a larger N with the same RECORDS is the same log, grown. In the
same OUTDIR the old partial tiles stay, as in a real log. Other RECORDS, or --fork (other fillers), give another
history under the same key.

This uses none of gover's code: the code that checks the log must not make it.
"""
import argparse
import base64
import hashlib
import os
import re

# Ed25519 as in RFC 8032, 5.1, on points (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z. Only for tests: it is slow, and
# its timing reveals the key.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def base_x():
    """The even square root of (y^2 - 1) / (d y^2 + 1)."""
    square = (BASE_Y * BASE_Y - 1) * pow(D * BASE_Y * BASE_Y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x % 2 else x


BASE = (base_x(), BASE_Y, 1, base_x() * BASE_Y % P)


def point_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(n):
    """n times the base point, as 32 bytes."""
    p, q = (0, 1, 1, 0), BASE
    while n > 0:
        if n & 1:
            p = point_add(p, q)
        q = point_add(q, q)
        n >>= 1
    z = pow(p[2], P - 2, P)
    return ((p[1] * z % P) | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


def secret_of(seed):
    h = hashlib.sha512(seed).digest()
    return int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254, h[32:]


def sha512_number(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % L


def public_key(seed):
    return point_times(secret_of(seed)[0])


def sign(seed, message):
    a, prefix = secret_of(seed)
    r = sha512_number(prefix + message)
    big_r = point_times(r)
    return big_r + ((r + sha512_number(big_r + public_key(seed) + message) * a) % L).to_bytes(32, "little")


def sha256(data):
    return hashlib.sha256(data).digest()


def text64(data):
    return base64.b64encode(data).decode()


class Log:
    """The complete nodes of all levels: level[k][i] is the hash of the leaves i * 2^k to (i + 1) * 2^k (RFC 6962, 2.1)."""

    def __init__(self, records):
        self.level = [[sha256(b"\0" + r.encode()) for r in records]]
        while len(self.level[-1]) > 1:
            below = self.level[-1]
            self.level.append([sha256(b"\1" + below[i] + below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def root(self):
        """Combine the subtrees from the right, one for each bit of the size."""
        n, root = len(self.level[0]), None
        for k, nodes in enumerate(self.level):
            if n >> k & 1:
                left = nodes[(n >> k) - 1]
                root = left if root is None else sha256(b"\1" + left + root)
        return sha256(b"") if root is None else root

    def tiles(self):
        """(path, bytes) of each tile: 256 nodes of every eighth level, fewer at the right edge."""
        for number, nodes in enumerate(self.level[::8]):
            for n in range(0, (len(nodes) + 255) // 256):
                part = nodes[n * 256 : n * 256 + 256]
                name = "%03d" % (n % 1000)
                rest = n // 1000
                while rest > 0:
                    name = "x%03d/%s" % (rest % 1000, name)
                    rest //= 1000
                if len(part) < 256:
                    name += ".p/%d" % len(part)
                yield "tile/8/%d/%s" % (number, name), b"".join(part)


def escaped(text):
    return re.sub("[A-Z]", lambda m: "!" + m.group().lower(), text)


def record_of(module, version, h1):
    mod = hashlib.sha256(("module %s\n" % module).encode()).hexdigest()
    mod_h1 = text64(sha256(("%s  go.mod\n" % mod).encode()))
    return "%s %s %s\n%s %s/go.mod h1:%s\n" % (module, version, h1, module, version, mod_h1)


def write(out_dir, path, data):
    path = os.path.join(out_dir, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("keyname")
    p.add_argument("seed")
    p.add_argument("outdir")
    p.add_argument("records")
    p.add_argument("--size", type=int, default=600)
    p.add_argument("--fork", action="store_true")
    a = p.parse_args()

    with open(a.records, encoding="utf-8") as f:
        entries = [line.split() for line in f]
    records = [record_of(*e) for e in entries]
    if len(records) > a.size:
        raise SystemExit("a size of %d is too small for %d records" % (a.size, len(records)))
    filler = "filler.test/" + ("other" if a.fork else "module")
    log = Log(records + ["%s v0.0.%d h1:%s=\n" % (filler, i, "0" * 43) for i in range(len(records), a.size)])

    seed = sha256(a.seed.encode())
    key = b"\1" + public_key(seed)
    key_hash = sha256(a.keyname.encode() + b"\n" + key)[:4]
    head = "go.sum database tree\n%d\n%s\n" % (a.size, text64(log.root()))
    head += "\n\u2014 %s %s\n" % (a.keyname, text64(key_hash + sign(seed, head.encode())))

    for path, data in log.tiles():
        write(a.outdir, path, data)
    write(a.outdir, "supported", b"")
    write(a.outdir, "latest", head.encode())
    for i, (module, version, _) in enumerate(entries):
        reply = "%d\n%s\n%s" % (i, records[i], head)
        write(a.outdir, "lookup/%s@%s" % (escaped(module), escaped(version)), reply.encode())
    print("%s+%s+%s" % (a.keyname, key_hash.hex(), text64(key)))


if __name__ == "__main__":
    main()
