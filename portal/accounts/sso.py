"""Single sign-on by OpenID Connect: Authlib speaks it, our guarded session opens the provider's addresses."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from datasets.settings import Settings
from harvesters.adapter import FetchFailed
from metadata.errors import LumbungError
from metadata.terms import Bilingual

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by a key pair only: `none`, and those by a shared secret, prove nothing here."""
LEEWAY = 60


class SsoFailed(LumbungError):
    """The provider did not answer, or did not prove who this is. `reason` is for the log of the operator."""

    code = "sso.failed"
    status = 422
    text = Bilingual(
        id="Masuk dengan akun kantor tidak berhasil. Coba sekali lagi, atau pakai surel dan kata sandi.",
        en="Signing in with the office account did not work. Try once more, or use e-mail and password.",
    )


class SsoUnknown(LumbungError):
    """The provider knows the person, and nobody has made an account for that address here."""

    code = "sso.unknown"
    status = 422
    text = Bilingual(
        id="Akun kantor ini belum terdaftar di sini. Minta administrator menambahkannya.",
        en="This office account is not registered here. Ask an administrator to add it.",
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser keeps between leaving and coming back, so that nobody else's answer is taken for its own."""

    state: str
    nonce: str
    verifier: str

    def dump(self) -> str:
        """As a text for a cookie."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str | None) -> Flow | None:
        """From such a text; None for anything else."""
        try:
            return cls(**json.loads(text or ""))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Stranger:
    """Whom the provider vouches for. The address counts only when the provider says that it is `verified`."""

    issuer: str
    subject: str
    email: str
    verified: bool


class Provider:
    """The provider of the settings. Reads its configuration once; made anew when that changes."""

    def __init__(self, settings: Settings) -> None:
        from harvesters.wire.addresses import origin  # late: requests
        from harvesters.wire.pace import Pace
        from harvesters.wire.session import GuardedSession, Limits

        self.issuer = settings.oidc_issuer
        self._client_id, self._client_secret = settings.oidc_client_id, settings.oidc_client_secret
        self._session = GuardedSession(
            internal=frozenset({origin(self.issuer)}) if settings.oidc_internal else frozenset(),
            limits=Limits(connect=5, idle=10, total=15, answer=1024 * 1024, attempts=2, first_wait=0.2),
            pace=Pace(per_second=50),
            agent="Lumbung",
        )
        self._known: dict[str, Any] | None = None

    def begin(self, redirect_uri: str) -> tuple[str, Flow]:
        """The address to send the browser to, and what it keeps. Raises `SsoFailed`."""
        flow = Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        address, _ = self._client(redirect_uri).create_authorization_url(
            self._configuration()["authorization_endpoint"],
            state=flow.state,
            code_verifier=flow.verifier,
            nonce=flow.nonce,
        )
        return str(address), flow

    def finish(self, address: str, redirect_uri: str, flow: Flow) -> Stranger:
        """Whom the provider vouches for, by the address at which the browser came back. Raises `SsoFailed`."""
        from authlib.common.errors import AuthlibBaseError  # late: 0.1 s
        from joserfc.errors import JoseError

        configuration = self._configuration()
        try:
            answer = self._client(redirect_uri).fetch_token(
                configuration["token_endpoint"],
                authorization_response=address,
                state=flow.state,
                code_verifier=flow.verifier,
            )
            claims = self._claims(answer, configuration, flow)
        except (AuthlibBaseError, JoseError, FetchFailed, ValueError, KeyError, TypeError) as error:
            raise SsoFailed(reason=type(error).__name__) from error
        verified = claims.get("email_verified") in (True, "true")
        return Stranger(self.issuer, str(claims["sub"]), str(claims.get("email") or ""), verified)

    def _claims(self, answer: dict[str, Any], configuration: dict[str, Any], flow: Flow) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken  # late: 0.1 s
        from joserfc import jwt
        from joserfc.jwk import KeySet

        keys = KeySet.import_key_set(self._session.get(configuration["jwks_uri"]).json())
        token = jwt.decode(answer["id_token"], keys, algorithms=ALGORITHMS)
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True, "value": flow.nonce},
        }
        told = {"nonce": flow.nonce, "client_id": self._client_id, "access_token": answer.get("access_token")}
        checked = CodeIDToken(token.claims, token.header, wanted, told)
        checked.validate(leeway=LEEWAY)
        return dict(checked)

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth  # late: requests
        from authlib.oauth2.client import OAuth2Client

        class Client(OAuth2Client):  # type: ignore[misc]
            client_auth_class = OAuth2ClientAuth

        return Client(
            self._session,
            self._client_id,
            self._client_secret,
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _configuration(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery); it must name itself as we know it."""
        if self._known is None:
            try:
                told = self._session.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration").json()
            except (FetchFailed, ValueError) as error:
                raise SsoFailed(reason=type(error).__name__) from error
            if not isinstance(told, dict) or str(told.get("issuer")).rstrip("/") != self.issuer.rstrip("/"):
                raise SsoFailed(reason="issuer")
            if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= told.keys():
                raise SsoFailed(reason="endpoints")
            self.issuer = str(told["issuer"])
            self._known = told
        return self._known
