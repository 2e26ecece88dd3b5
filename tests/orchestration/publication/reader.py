"""A reader that asks the published release for its generation until told to stop."""

import sys
import time
from pathlib import Path

import duckdb


def read_once(link: Path) -> tuple[int, int, str]:
    """Ask three tables, in three queries, on one release."""
    path = link.resolve() / "cx.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS cx (READ_ONLY)")
        queries = (
            "SELECT agent_key::INTEGER FROM cx.marts.dim_agents",
            "SELECT group_key::INTEGER FROM cx.marts.dim_groups",
            "SELECT max(release_id) FROM cx.meta.releases",
        )
        agents, groups, release = (
            connection.execute(query).fetchone()[0] for query in queries
        )
        assert path.parent.name == release, (path, release)
    return agents, groups, release


def main(link: Path, stop: Path) -> None:
    seen = []
    while not stop.exists():
        agents, groups, release = read_once(link)
        assert agents == groups == int(release[1:]), (agents, groups, release)
        seen.append(release)
        time.sleep(0.02)
    assert seen == sorted(seen), "a reader went back in time"
    sys.stdout.write(f"{len(seen)} {len(set(seen))}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
