import json

import duckdb
import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ingestion.raw_json import mended, replace_lone_surrogates


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert replace_lone_surrogates(rb'{"a":"x\ud800y"}') == rb'{"a":"x\ufffdy"}'
    assert replace_lone_surrogates(rb'"\uDC00"') == rb'"\ufffd"'
    assert replace_lone_surrogates(rb'"\ud83d\ud83d\ude00"') == rb'"\ufffd\ud83d\ude00"'


def test_pairs_and_escaped_backslashes_stay_as_they_are():
    for body in (rb'"\ud83d\ude00"', rb'"\\ud800"', rb'"\\\\ud800"', rb'"\n\""'):
        assert replace_lone_surrogates(body) == body
    assert replace_lone_surrogates(rb'"\\\ud800"') == rb'"\\\ufffd"'


def test_all_else_in_a_mended_page_stays_byte_for_byte():
    body = rb'{"a": 1.10,  "b":12345678901234567890123, "c":"\ud800", "d":"\u00e9"}'
    _, repaired, *_ = mended(body)
    assert repaired == body.replace(rb"\ud800", rb"\ufffd")


def test_control_characters_and_nan_are_written_anew():
    *_, last = mended(b'{"a":"x\ny","b":NaN,"c":12345678901234567890123}')
    assert json.loads(last) == {"a": "x\ny", "b": None, "c": 12345678901234567890123}


def test_what_is_no_json_yields_only_the_cheap_repairs():
    assert list(mended(b"<html>")) == [b"<html>", b"<html>"]


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=20))
def test_any_text_with_half_characters_becomes_json_that_all_readers_take(text):
    body = json.dumps({"a": text}).encode()
    repaired = replace_lone_surrogates(body)
    assert len(msgspec.json.decode(repaired)["a"]) <= len(text)
    assert duckdb.execute("SELECT json_valid(?)", [repaired.decode()]).fetchone() == (
        True,
    )
