"""What a machine's file system differs in from the tree: names, sources, what it trusts, and no services that have nothing to do."""
import os
import pathlib
import shutil

# They would wait for hardware, the clock or the network of a real machine; getty has nobody to talk to.
MASKED = """systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service systemd-resolved.service systemd-timesyncd.service
systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service systemd-firstboot.service
getty@tty1.service console-getty.service getty.target serial-getty@console.service systemd-hwdb-update.service ldconfig.service
cloud-init-local.service cloud-init-network.service cloud-init-main.service cloud-init.service cloud-config.service cloud-final.service cloud-init-hotplugd.socket
apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-tmpfiles-clean.timer
systemd-journal-catalog-update.service systemd-update-done.service systemd-update-utmp.service modprobe@.service systemd-modules-load.service
systemd-binfmt.service systemd-sysctl.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount
nginx.service
sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount systemd-remount-fs.service systemd-pstore.service""".split()
UP = "[Unit]\nDefaultDependencies=no\nAfter=basic.target dbus.socket\n[Service]\nType=oneshot\nExecStart=/usr/bin/touch /run/lab/up\n"
MIRROR = "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"


def furnish(root, here, apt, hosts, instance, ca=None):
    root = pathlib.Path(root)
    units = root / "etc/systemd/system"
    for unit in MASKED:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    (units / "lab-up.service").write_text(UP)
    (units / "multi-user.target.wants").mkdir(exist_ok=True)
    (units / "multi-user.target.wants/lab-up.service").symlink_to("../lab-up.service")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.1.1 machine\n" + "".join(line + "\n" for line in hosts))
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").write_text("nameserver 127.0.0.53\n")
    (root / "etc/hostname").write_text("machine\n")
    (root / "etc/machine-id").write_text(os.urandom(16).hex() + "\n")
    # As on an image of Debian: a source that cannot be reached from here.
    (root / "etc/apt/sources.list").unlink(missing_ok=True)
    (root / "etc/apt/sources.list.d/debian.sources").write_text(MIRROR)
    shutil.copyfile(apt + "/lab.gpg", root / "etc/apt/trusted.gpg.d/lab.gpg")
    # Of a hundred authorities two are left: to sort all of them anew takes a busy processor half a minute.
    authorities = root / "etc/ca-certificates.conf"
    kept = [line for line in authorities.read_text().splitlines() if line.startswith("mozilla/ISRG")]
    authorities.write_text("".join(line + "\n" for line in kept))
    shutil.rmtree(root / "etc/ssl/certs")
    (root / "etc/ssl/certs").mkdir()
    (root / "etc/ssl/certs/ca-certificates.crt").write_text("".join((root / "usr/share/ca-certificates" / line).read_text() for line in kept))
    if ca:
        shutil.copyfile(ca, root / "usr/local/share/ca-certificates/lab.crt")
        with open(root / "etc/ssl/certs/ca-certificates.crt", "a", encoding="ascii") as bundle:
            bundle.write(pathlib.Path(ca).read_text(encoding="ascii"))
    # Packages that are installed may start their services here; debootstrap leaves a refusal in some trees.
    (root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
    for name in ("sleep", "first-boot"):
        shutil.copyfile(os.path.join(here, name), root / "usr/local/bin" / name)
        (root / "usr/local/bin" / name).chmod(0o755)
    data = root / "var/lib/cloud/data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "instance-id").write_text(instance + "\n")
    (root / "etc/systemd/journald.conf.d").mkdir(parents=True, exist_ok=True)
    # Kept where a search finds it: as text, whole lines, on the disk.
    (root / "etc/systemd/journald.conf.d/lab.conf").write_text("[Journal]\nStorage=persistent\nCompress=no\nRateLimitIntervalSec=0\nSystemMaxUse=64M\n")
    (root / "var/log/journal").mkdir(parents=True, exist_ok=True)
