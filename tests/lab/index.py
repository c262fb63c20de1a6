"""Writes dists/trixie of an APT repository from its pool: index.py FOLDER [SUITE]."""
import gzip
import hashlib
import pathlib
import subprocess
import sys
import time

folder = pathlib.Path(sys.argv[1])
suite = sys.argv[2] if len(sys.argv) > 2 else "trixie"
entries = []
for deb in sorted((folder / "pool").glob("*.deb")):
    fields = subprocess.run(["dpkg-deb", "-f", deb], check=True, capture_output=True, text=True).stdout
    data = deb.read_bytes()
    entries.append(f"{fields}Filename: pool/{deb.name}\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n")
at = folder / "dists" / suite
binary = at / "main" / "binary-amd64"
binary.mkdir(parents=True, exist_ok=True)
index = "\n".join(entries).encode()
(binary / "Packages").write_bytes(index)
(binary / "Packages.gz").write_bytes(gzip.compress(index, mtime=0))
sums = ""
for name in ("main/binary-amd64/Packages", "main/binary-amd64/Packages.gz"):
    data = (at / name).read_bytes()
    sums += f" {hashlib.sha256(data).hexdigest()} {len(data)} {name}\n"
date = time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime())
(at / "Release").write_text(f"Origin: Lab\nLabel: Lab\nSuite: {suite}\nCodename: {suite}\nArchitectures: amd64\nComponents: main\nDate: {date}\nSHA256:\n{sums}")
