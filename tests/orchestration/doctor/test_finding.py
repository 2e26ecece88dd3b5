from orchestration.doctor.finding import State, counted, guarded, listed, ok


def test_a_probe_that_breaks_is_a_failure_that_names_itself() -> None:
    def broken() -> None:
        raise KeyError("as_of\nand more")

    found = guarded("lake", broken)
    assert (found.probe, found.state) == ("lake", State.FAIL)
    assert found.seen == r"could not be looked at: KeyError: 'as_of\nand more'"
    assert found.next_step


def test_a_probe_that_works_is_passed_on() -> None:
    assert guarded("x", lambda: ok("x", "fine")) == ok("x", "fine")


def test_long_lists_are_cut_and_counted() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert counted(1, "file") == "1 file"
    assert counted(1200, "file") == "1,200 files"
