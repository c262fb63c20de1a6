"""The lab's own certification authority, by openssl: made once per folder, valid far around today because clocks are set wrong here."""
import os
import pathlib
import subprocess


def _openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def authority(folder):
    """Returns (certificate, key) of the authority."""
    at = pathlib.Path(folder)
    at.mkdir(parents=True, exist_ok=True)
    if not (at / "ca.pem").exists():
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{at}/ca.key", "-out", f"{at}/ca.new",
                 "-days", "36500", "-subj", "/CN=Baker lab CA", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        os.replace(at / "ca.new", at / "ca.pem")
    return str(at / "ca.pem"), str(at / "ca.key")


def certificate(folder, name, hosts, days=36400):
    """Returns (certificate, key) for hosts (names or IPv4 addresses), signed by the authority of the folder."""
    ca, ca_key = authority(folder)
    at = pathlib.Path(folder) / name
    if not at.with_suffix(".pem").exists():
        names = ",".join(("IP:" if h.replace(".", "").isdigit() else "DNS:") + h for h in hosts)
        extensions = at.with_suffix(".ext")
        extensions.write_text(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{at}.key", "-out", f"{at}.csr", "-subj", f"/CN={hosts[0][:60]}")
        _openssl("x509", "-req", "-in", f"{at}.csr", "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", f"{at}.new", "-days", str(days), "-extfile", str(extensions))
        os.replace(f"{at}.new", f"{at}.pem")
    return f"{at}.pem", f"{at}.key"
