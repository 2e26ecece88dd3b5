{{ config(materialized='view') }}
{{ accepted_from_files('survey_answers') }}
