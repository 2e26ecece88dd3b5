{{ config(materialized='view') }}
{{ accepted_from_snapshot('base_qualtrics__surveys', 'qualtrics', 'surveys') }}
