import pickle

from ingestion.errors import AuthFailed, SourceError


def test_a_message_says_what_where_and_what_to_do_in_three_lines():
    error = SourceError("zendesk", "it broke", "http://host/path", "Mend it.")
    assert str(error).splitlines() == [
        "zendesk: it broke",
        "  where:      http://host/path",
        "  what to do: Mend it.",
    ]


def test_a_message_fits_on_a_screen_whatever_goes_into_it():
    error = SourceError("zendesk", "word " * 5000, "x", "y")
    assert len(str(error)) < 1000


def test_an_error_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(AuthFailed("zendesk", "a", "b", "c")))
    assert isinstance(error, AuthFailed)
    assert error.what_to_do == "c"
