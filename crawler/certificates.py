"""Certificates of servers: what is wrong with one that is refused, and how long one holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.http import Response
from twisted.internet import _sslverify
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from rasid.models import Cause, Certificate
from rasid.settings import SECOND

# what OpenSSL calls X509_V_ERR_...
_FAULTS: Final = {
    9: (Cause.CERTIFICATE_NOT_YET_VALID, "the certificate is not valid yet, but from {since} on"),
    10: (Cause.CERTIFICATE_EXPIRED, "the certificate expired on {until}"),
    18: (Cause.CERTIFICATE_SELF_SIGNED, "the server has signed its certificate itself"),
    19: (Cause.CERTIFICATE_SELF_SIGNED, "the certificate's authority is known to nobody here"),
    20: (Cause.CERTIFICATE_UNKNOWN_ISSUER, "the certificate's issuer is not known"),
    21: (Cause.CERTIFICATE_UNKNOWN_ISSUER, "the certificate's issuer is not known"),
    23: (Cause.CERTIFICATE_OTHER, "the certificate was revoked"),
}


class BadCertificateError(SSL.Error):
    """Raised by a handshake with a certificate that does not hold; its text says why."""

    def __init__(self, number: int, holds: Certificate) -> None:
        unknown = (Cause.CERTIFICATE_OTHER, f"the certificate does not hold (OpenSSL {number})")
        self.cause, text = _FAULTS.get(number, unknown)
        super().__init__(text.format(since=_day(holds.since), until=_day(holds.until)))


@implementer(IOpenSSLClientConnectionCreator)
class Explaining:
    """Makes the connections of another creator, and keeps what is wrong with a certificate.

    Twisted would let the handshake fail with "certificate verify failed" and no more.
    """

    def __init__(self, creator: Any) -> None:
        self._creator = creator

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802
        """Return a connection that checks as the creator does."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        check = _sslverify._verifyCB(
            protocol, self._creator._hostnameIsDnsName, self._creator._hostnameASCII
        )

        def explained(conn: SSL.Connection, cert: X509, number: int, depth: int, ok: int) -> bool:
            well: bool = check(conn, cert, number, depth, bool(ok))
            if not ok:
                bad = BadCertificateError(number, _holds(cert))
                protocol.failVerification(Failure(bad))  # type: ignore[no-untyped-call]
            return well

        mode = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        connection.set_verify(mode, explained)
        return connection


def holds(response: Response) -> Certificate:
    """Return how long the certificate holds that a response came with."""
    certificate = getattr(response, "certificate", None)
    return _holds(certificate.original) if certificate is not None else Certificate()


def _holds(cert: X509) -> Certificate:
    since, until = _at(cert.get_notBefore()), _at(cert.get_notAfter())
    return Certificate(since, until) if since < until else Certificate()


def _at(written: bytes | None) -> int:
    try:
        at = datetime.strptime(f"{(written or b'').decode('ascii')}+0000", "%Y%m%d%H%M%SZ%z")
    except ValueError:
        return 0
    return int(at.timestamp()) * SECOND


def _day(at: int) -> str:
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%d")
