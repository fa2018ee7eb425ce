"""A certificate of our own for HTTPS, which nobody else vouches for, and the fingerprint that people compare."""

import contextlib
import hashlib
import os
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from copycar.core.errors import CopycarError

CERTIFICATE, KEY = "studio-certificate.pem", "studio-key.pem"
LASTS = timedelta(days=730)
RENEWED = timedelta(days=30)
"""Made anew so long before it ends, so that it does not end in the middle of a lesson."""


def own_certificate(folder: Path, names: Iterable[str]) -> tuple[Path, Path]:
    """Return certificate and key kept in `folder`, PEM files; made where there are none, or where they soon end.

    They stay the same while this machine's address changes: people and other machines know them by their fingerprint.

    Args:
        folder: the user's own; created where missing.
        names: names and addresses of this machine.

    Raises:
        CopycarError: the folder cannot be written.
    """
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not (key.is_file() and _lasts(certificate)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _make(certificate, key, sorted(names))
        except OSError as error:
            why = error.strerror or str(error)
            raise CopycarError(f"no certificate can be written into {folder}", why, "make it writable") from error
    return certificate, key


def fingerprint(pem: str) -> str:
    """Return the SHA-256 of a certificate as browsers show it: `AB:CD:…`.

    Args:
        pem: the certificate's text; of several, the first one counts.
    """
    first = pem.partition(ssl.PEM_FOOTER)[0] + ssl.PEM_FOOTER
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).digest().hex(":").upper()


def _lasts(certificate: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
        return ends > datetime.now(UTC) + RENEWED
    return False


def _make(certificate: Path, key: Path, names: list[str]) -> None:
    private, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "copycar")])
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a car's clock may be behind
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName([_called(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key.unlink(missing_ok=True)
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - its mode
        file.write(secret)
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _called(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
