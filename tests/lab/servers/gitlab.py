"""GitLab's APT repository: built by tests/lab/gitlab/build, once per state of its files."""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess


def repository(folder, source):
    """Returns (folder to serve as /, fingerprint of the key that signed)."""
    source = pathlib.Path(source)
    state = hashlib.sha256(os.environ.get("GITLAB_MB", "").encode())
    schemas = (source / "../../Baker.Tests/Fixtures/oracles").glob("gitlab-duo-*.graphql")
    for path in [*sorted(p for p in source.rglob("*") if p.is_file()), *sorted(schemas)]:
        state.update(f"{os.path.relpath(path, source)}\0".encode() + path.read_bytes())
    made = pathlib.Path(folder) / f"gitlab-{state.hexdigest()[:12]}"
    made.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}/gitlab.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            new = made.with_suffix(".new")
            shutil.rmtree(new, ignore_errors=True)
            subprocess.run([source / "build", new], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            os.rename(new, made)
    return str(made), (made / "fingerprint").read_text(encoding="ascii").strip()
