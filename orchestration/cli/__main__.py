"""`python -m orchestration.cli`: the `cx` command without its entry point."""

from orchestration.cli import main

main()
