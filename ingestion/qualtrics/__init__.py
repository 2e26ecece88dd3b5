"""Qualtrics: surveys, the responses to them, and whom they were sent to.

Data flow (each endpoint to the table of that name in the lake):

    /surveys, then /surveys/{id}     -> surveys        (one record per survey, whole)
    /surveys/{id}/export-responses   -> responses      (parent_key: the survey's id)
    /distributions?surveyId=         -> distributions  (parent_key: the survey's id)
    /distributions/{id}/history      -> distribution_history
                                        (parent_key: the distribution's id)

Alone: `python -m ingestion qualtrics`. Tests: tests/ingestion/qualtrics/
"""

from ingestion.qualtrics.settings import QualtricsSettings
from ingestion.qualtrics.streams import connect

__all__ = ["QualtricsSettings", "connect"]
