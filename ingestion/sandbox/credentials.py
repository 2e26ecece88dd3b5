"""The keys that open the sandbox: made up, of the vendors' form, easy to recognise.

Holds the defaults; `running_sandbox(credentials=...)` takes others. They protect
nothing and are no secret.
Tests: tests/ingestion/sandbox/test_auth.py
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.sandbox.world.contacts import COMPANY_DOMAIN


@dataclass(frozen=True)
class Credentials:
    """What a connector must present.

    Attributes:
        zendesk_email: Address of the admin whose token it is.
        zendesk_api_token: Token for Basic authentication, of any user.
        zendesk_oauth_token: Token for Bearer authentication, of the admin.
        typeform_token: Personal token.
        hubspot_access_token: Token of a private app.
        hubspot_client_id: Number of an OAuth app.
        hubspot_client_secret: What that app proves itself with.
        hubspot_refresh_token: What it gets access tokens for.
        trustpilot_api_key: Key of the application.
        trustpilot_api_secret: Its secret, for private data.
        trustpilot_username: Address of the business user, for the password grant.
        trustpilot_password: That user's password.
        qualtrics_api_token: Token of the brand's administrator.
    """

    zendesk_email: str = "admin@northlight.example"
    zendesk_api_token: str = "sandboxZd7Qw2Lk9Xv4Rt8Yp1Nm6Bc3Hf5Js0Dg2"  # noqa: S105
    zendesk_oauth_token: str = (
        "5a6e64b0x0000sandbox0000000000000000000000000000000000000000cafe"  # noqa: S105
    )
    typeform_token: str = "tfp_sandbox_4kQz7mW2pX9rT6vB1nL8sD3fG5hJ0yC_aA1bB2cC3dD"  # noqa: S105
    hubspot_access_token: str = "pat-eu1-5a6db0c5-0000-4000-8000-5a9db0c5ca1e"  # noqa: S105
    hubspot_client_id: str = "5a6db0c5-1111-4000-8000-000000000001"
    hubspot_client_secret: str = "5a6db0c5-2222-4000-8000-000000000002"  # noqa: S105
    hubspot_refresh_token: str = "eu1-5a6db0c5-3333-4000-8000-000000000003"  # noqa: S105
    trustpilot_api_key: str = "tpSandboxKey7Wq2Zx9Lm4Rv8Bn1Kd6Hs3Jf"
    trustpilot_api_secret: str = "tpSandboxSecretQ5y8Ue2"  # noqa: S105
    trustpilot_username: str = "reviews@northlight.example"
    trustpilot_password: str = "sandbox-tp-4Gh7Kp"  # noqa: S105
    qualtrics_api_token: str = "qxSandbox5N8vR2mK7wT4zL9pB1cX6dF3hJ0sQa4"  # noqa: S105

    def environment(self, base_url: str, rate_factor: int = 1) -> dict[str, str]:
        """Give the variables that point connectors at a sandbox under `base_url`.

        Args:
            base_url: Where it listens.
            rate_factor: How many times the documented requests it lets through.
        """
        vendors = ("ZENDESK", "TYPEFORM", "HUBSPOT", "TRUSTPILOT", "QUALTRICS")
        rates = {f"SOURCES__{name}__RATE_FACTOR": str(rate_factor) for name in vendors}
        return {
            **(rates if rate_factor != 1 else {}),
            "SOURCES__ZENDESK__BASE_URL": base_url,
            "SOURCES__ZENDESK__EMAIL": self.zendesk_email,
            "SOURCES__ZENDESK__API_TOKEN": self.zendesk_api_token,
            "SOURCES__TYPEFORM__BASE_URL": base_url,
            "SOURCES__TYPEFORM__TOKEN": self.typeform_token,
            "SOURCES__HUBSPOT__BASE_URL": base_url,
            "SOURCES__HUBSPOT__ACCESS_TOKEN": self.hubspot_access_token,
            "SOURCES__TRUSTPILOT__BASE_URL": base_url,
            "SOURCES__TRUSTPILOT__BUSINESS_UNIT": COMPANY_DOMAIN,
            "SOURCES__TRUSTPILOT__API_KEY": self.trustpilot_api_key,
            "SOURCES__TRUSTPILOT__API_SECRET": self.trustpilot_api_secret,
            "SOURCES__QUALTRICS__BASE_URL": base_url,
            "SOURCES__QUALTRICS__API_TOKEN": self.qualtrics_api_token,
        }
