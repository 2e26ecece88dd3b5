{{ config(materialized='view') }}
{{ accepted_from_files('tickets') }}
