import errno
from pathlib import Path

import pytest

from ingestion.errors import AuthFailed, StorageUnusable
from ingestion.failures import in_our_words

PLACES = ("zendesk", "/data/lake", Path("/data/dlt"))


def wrapped(inner: Exception) -> Exception:
    """The error as something else would hand it on."""
    try:
        try:
            raise inner
        except Exception as error:
            raise RuntimeError(f"step failed: {error}") from error
    except RuntimeError as outer:
        return outer


def test_our_own_error_is_found_and_comes_without_the_chain():
    found = in_our_words(wrapped(AuthFailed("zendesk", "a", "b", "c")), *PLACES)
    assert isinstance(found, AuthFailed)
    assert found.__cause__ is None
    assert found.__context__ is None
    assert found.__traceback__ is None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_names_the_folder(code):
    found = in_our_words(wrapped(OSError(code, "full")), *PLACES)
    assert isinstance(found, StorageUnusable)
    assert "no space left" in str(found)
    assert "/data/dlt" in str(found)


def test_a_full_disk_is_seen_in_the_text_of_a_failed_job_too():
    text = "Job failed: [Errno 28] No space left on device"
    assert isinstance(in_our_words(RuntimeError(text), *PLACES), StorageUnusable)


def test_a_folder_without_rights_is_named():
    error = PermissionError(errno.EACCES, "Permission denied", "/data/lake/zendesk")
    assert "/data/lake/zendesk" in str(in_our_words(wrapped(error), *PLACES))


def test_a_bug_is_not_dressed_up():
    assert in_our_words(wrapped(KeyError("x")), *PLACES) is None
