"""Certificates of an authority of our own, for tests of TLS with every kind of date."""

import datetime
import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
DAY = datetime.timedelta(days=1)
Certify = Callable[[str, datetime.datetime, datetime.datetime], tuple[Path, Path, Path]]


@pytest.fixture
def certify(tmp_path: Path) -> Iterator[Certify]:
    """Make a root and a server certificate valid between two days: files of root, certificate and key."""

    def make(name: str, first: datetime.datetime, last: datetime.datetime) -> tuple[Path, Path, Path]:
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Root {name}")])
        now = datetime.datetime.now(datetime.UTC)
        root = (
            x509.CertificateBuilder().subject_name(issuer).issuer_name(issuer).public_key(root_key.public_key())
            .serial_number(1).not_valid_before(now - 4000 * DAY).not_valid_after(now + 4000 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True
            )
            .sign(root_key, hashes.SHA256())
        )  # fmt: skip
        leaf = (
            x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer).public_key(key.public_key())
            .serial_number(2).not_valid_before(first).not_valid_after(last)
            .add_extension(x509.SubjectAlternativeName([HERE]), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
            )
            .sign(root_key, hashes.SHA256())
        )  # fmt: skip
        files = tuple(tmp_path / f"{name}-{part}.pem" for part in ("root", "certificate", "key"))
        files[0].write_bytes(root.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        files[2].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files  # type: ignore[return-value]

    return make
