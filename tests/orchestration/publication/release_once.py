"""Build, audit with one passing check, publish; the process that tests kill."""

import sys
from pathlib import Path

from expectations.results import CheckResult
from orchestration.publication.audit import audit
from orchestration.publication.candidate import build_candidate
from orchestration.publication.publish import publish
from orchestration.settings import Settings


def main(data_dir: str, *, keep: int) -> None:
    settings = Settings(Path(data_dir), "", keep_releases=keep, keep_days=0)
    passed = CheckResult(
        "a.check", "marts", "error", True, {"rows": 0}, "It holds.", "team:data"
    )
    candidate = build_candidate(settings, code_version="1.2.3")
    audit(settings, candidate.release_id, lambda *_: [passed])
    publish(settings, candidate.release_id)


if __name__ == "__main__":
    main(sys.argv[1], keep=int(sys.argv[2]))
