"""Typeform: forms and the responses to them.

Data flow (each endpoint to the table of that name in the lake):

    /forms, then /forms/{id}   -> forms       (one record per form, whole)
    /forms/{id}/responses      -> responses   (parent_key is the form's id)

Alone: `python -m ingestion typeform`. Tests: tests/ingestion/typeform/
"""

from ingestion.typeform.settings import TypeformSettings
from ingestion.typeform.streams import connect

__all__ = ["TypeformSettings", "connect"]
