# SPDX-License-Identifier: MIT
"""python3 mark.py >mark.tar: the archive that a daemon gives of a volume's mark. Its digits are zeros, for the test to replace."""
import io
import sys
import tarfile

TEXT = b"used 0000000000\n"

out = io.BytesIO()
with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
    entry = tarfile.TarInfo(".gover-complete")
    entry.size = len(TEXT)
    entry.mode = 0o444
    entry.mtime = 1714592986
    tar.addfile(entry, io.BytesIO(TEXT))
# Without Python's padding to a record of 20 blocks: a daemon ends an archive with two.
sys.stdout.buffer.write(out.getvalue()[: 512 * 4])
