"""Ollama's release folder: v<version>/ollama-linux-amd64.tar.zst with bin/ollama, and sha256sum.txt beside it."""
import hashlib
import os
import pathlib
import subprocess
import tarfile

from .models import noise

ARCHIVE = "ollama-linux-amd64.tar.zst"


def release(folder, program, version):
    """Makes it once; two calls for the same version make the same bytes. Returns the archive's SHA-256."""
    at = pathlib.Path(folder) / f"v{version}"
    at.mkdir(parents=True, exist_ok=True)
    archive = at / ARCHIVE
    if not archive.exists():
        tar = at / "tar"
        with tarfile.open(tar, "w", format=tarfile.GNU_FORMAT) as out:
            for name, data, mode in (("bin/ollama", pathlib.Path(program).read_bytes().replace(b"@VERSION@", version.encode()), 0o755),
                                     ("lib/ollama/libggml-base.so", noise(version, 4 << 20), 0o755)):
                entry = tarfile.TarInfo("./" + name)
                entry.size, entry.mode = len(data), mode
                with open(at / "entry", "wb") as file:
                    file.write(data)
                with open(at / "entry", "rb") as file:
                    out.addfile(entry, file)
        os.remove(at / "entry")
        subprocess.run(["zstd", "-q", "-1", "--rm", "-f", tar, "-o", str(archive) + ".new"], check=True)
        os.replace(str(archive) + ".new", archive)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (at / "sha256sum.txt").write_text(f"{'0' * 64}  ./ollama-linux-arm64.tar.zst\n{digest}  ./{ARCHIVE}\n")
    return digest
