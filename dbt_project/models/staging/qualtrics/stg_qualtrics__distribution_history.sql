{{ config(materialized='view') }}
{{ accepted('base_qualtrics__distribution_history') }}
