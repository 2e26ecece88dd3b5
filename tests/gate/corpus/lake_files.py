"""Files of the lake that are lost, doubled, cut, changed or foreign."""

from __future__ import annotations

from tests.gate import files
from tests.gate.planting import Corruption, Lake

_PULLED = "reconciliation.pulled_rows_have_landed"
_GONE_BACK = "comparison.input_loads_do_not_go_back"
_AS_THEY_WERE = "comparison.loads_are_as_they_were"
_DAMAGED = "LakeDamaged"

LAKE_FILES = (
    Corruption(
        "lost file",
        "a file of the last load is gone",
        Lake(files.lose_file),
        (_PULLED,),
    ),
    Corruption(
        "lost table",
        "all files of a table are gone",
        Lake(files.lose_table),
        ("zendesk_users.has_rows", _PULLED),
    ),
    Corruption(
        "lost log", "the log of a pull is gone", Lake(files.lose_log), (_PULLED,)
    ),
    Corruption(
        "doubled file",
        "a file lies there twice",
        Lake(files.double_file),
        (_PULLED, "zendesk_tickets.key_is_unique"),
    ),
    Corruption(
        "doubled load",
        "a whole load was copied under a new id, with its row of status",
        Lake(files.double_load),
        (_PULLED,),
    ),
    Corruption(
        "halved file",
        "only half of the rows were written",
        Lake(files.halve_file),
        (_PULLED,),
    ),
    Corruption(
        "foreign file",
        "a file of another table lies among those of a load",
        Lake(files.add_foreign_file),
        (_PULLED,),
    ),
    Corruption(
        "swapped files",
        "two tables have each other's file",
        Lake(files.swap_files),
        (_PULLED,),
    ),
    Corruption(
        "renamed file",
        "a file has the name of a load that never was",
        Lake(files.rename_file),
        (_PULLED,),
    ),
    Corruption(
        "load without status row",
        "the row that commits a published load is gone",
        Lake(files.lose_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "wrong load status",
        "a published load has status 1",
        Lake(files.change_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "torn status row",
        "the row that commits a published load is cut off",
        Lake(files.tear_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "silent bit rot",
        "one digit of one record of an old load is another one",
        Lake(files.change_record),
        (_AS_THEY_WERE,),
    ),
    Corruption(
        "re-ordered seq",
        "the order inside an old load is turned round",
        Lake(files.turn_seq_round),
        (_AS_THEY_WERE,),
    ),
    Corruption(
        "truncated file",
        "a file ends in the middle",
        Lake(files.truncate_file),
        (_DAMAGED,),
    ),
    Corruption(
        "bit-flipped footer",
        "the end of a file has other bits",
        Lake(files.flip_footer),
        (_DAMAGED,),
    ),
    Corruption(
        "empty file", "a file has no bytes", Lake(files.empty_file), (_DAMAGED,)
    ),
    Corruption(
        "no Parquet",
        "something else has the name of a file of a load",
        Lake(files.add_junk),
        (_DAMAGED,),
    ),
    Corruption(
        "lost column",
        "a file has no payload",
        Lake(files.drop_column),
        (_DAMAGED,),
    ),
)
