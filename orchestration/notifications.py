"""Telling people that a run failed or that the gate refused a release.

Holds the message and its two forms, JSON for any webhook and JSON that Slack shows, and
the sending of both. A message holds names, numbers and keys, never the text of an
error: that may quote a value of a customer. Does not hold when one is sent
(`orchestration.defs.alerts`). Tests: tests/orchestration/test_notifications.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from expectations.results import CheckResult
from orchestration import charts
from orchestration.errors import RunError
from orchestration.settings import Settings

TIMEOUT_SECONDS = (5.0, 10.0)
SHOWN_CHECKS = 5
# Slack cuts longer ones off with an error.
_MAX_SLACK_TEXT = 2900

Event = Literal["gate_refused", "run_failed"]


class NotificationFailed(RunError):
    """Nobody could be told; the message names the host, never the secret address."""


@dataclass(frozen=True)
class Finding:
    """One check that keeps a release from being published."""

    check: str
    table: str
    found: str
    sample_keys: tuple[str, ...]
    next_step: str

    @classmethod
    def of(cls, check: CheckResult) -> Finding:
        """Take over what a check found: numbers and keys only, by its own contract."""
        return cls(
            check=check.name,
            table=check.table_name,
            found=charts.words(check.observed),
            sample_keys=check.sample_keys,
            next_step=check.meaning,
        )


@dataclass(frozen=True)
class Message:
    """What people are told.

    Attributes:
        event: What happened.
        job: The job of the run.
        run_id: The run; a receiver that gets a message twice knows it by this.
        happened_at: When, ISO 8601 in UTC.
        steps: Steps that failed, with the kind of error.
        release_id: The refused candidate.
        stays: The release that readers keep getting.
        findings: The checks that refused it.
        next_step: What to do first.
        url: The run in the UI, when its address is configured.
    """

    event: Event
    job: str
    run_id: str
    happened_at: str
    steps: tuple[str, ...]
    next_step: str
    release_id: str | None = None
    stays: str | None = None
    findings: tuple[Finding, ...] = ()
    url: str | None = None

    @property
    def title(self) -> str:
        """Say it in one line."""
        if self.event == "run_failed":
            return f"Run of {self.job} failed: {', '.join(self.steps) or 'no step'}"
        stays = f"{self.stays} stays" if self.stays else "nothing is published yet"
        refused = f"Release {self.release_id} was" if self.release_id else "A build was"
        return f"{refused} refused at the gate; {stays}"

    def to_json(self) -> dict[str, Any]:
        """Return the document for a webhook."""
        return {"project": "cx_warehouse", "title": self.title, **asdict(self)}

    def to_slack(self) -> dict[str, Any]:
        """Return the document for a webhook of Slack, or of what acts like it."""
        lines = [_slack_line(finding) for finding in self.findings[:SHOWN_CHECKS]]
        if len(self.findings) > SHOWN_CHECKS:
            lines.append(f"… and {len(self.findings) - SHOWN_CHECKS} more")
        run = f"run `{self.run_id[:8]}` of `{self.job}`, {self.happened_at}"
        link = f"<{self.url}|{run}>" if self.url else run
        sections = [f"*{_escaped(self.title)}*", "\n".join(lines), self.next_step, link]
        return {
            "text": _escaped(self.title),
            "blocks": [
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": text[:_MAX_SLACK_TEXT]},
                }
                for text in sections
                if text
            ],
        }


def _slack_line(finding: Finding) -> str:
    keys = f", e.g. `{'`, `'.join(finding.sample_keys)}`" if finding.sample_keys else ""
    return _escaped(
        f"• `{finding.check}` found {finding.found}{keys}\n   {finding.next_step}"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_configured(settings: Settings) -> bool:
    """Tell whether anybody is to be told."""
    return bool(settings.webhook_url or settings.slack_webhook_url)


def send(settings: Settings, message: Message) -> list[str]:
    """Send a message wherever it is configured to go; return the hosts.

    Both are tried, even if one fails.

    Raises:
        NotificationFailed: An address did not take it, after all retries.
    """
    documents: Sequence[tuple[str | None, Mapping[str, Any]]] = (
        (settings.webhook_url, message.to_json()),
        (settings.slack_webhook_url, message.to_slack()),
    )
    told: list[str] = []
    problems: list[str] = []
    for url, document in documents:
        if not url:
            continue
        host = urlsplit(url).hostname or "?"
        problem = _post(url, document)
        (problems if problem else told).append(
            f"{host}: {problem}" if problem else host
        )
    if problems:
        raise NotificationFailed(
            f"A notification could not be delivered ({'; '.join(problems)}).",
            "CX_WEBHOOK_URL or CX_SLACK_WEBHOOK_URL",
            "Check the address and the receiver. The run itself is not affected.",
        )
    return told


def _post(url: str, document: Mapping[str, Any]) -> str | None:
    """Send one document; return what went wrong, but not the address, a secret."""
    retries = Retry(
        total=3,
        backoff_factor=0.3,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=frozenset({"POST"}),
        raise_on_status=False,
    )
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retries))
        try:
            response = session.post(
                url, json=document, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except (requests.RequestException, ValueError) as error:
            return type(error).__name__
    return None if response.ok else f"status {response.status_code}"
