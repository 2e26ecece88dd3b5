{{ config(materialized='view') }}
{{ accepted_from_snapshot(
    'base_trustpilot__business_units', 'trustpilot', 'business_units'
) }}
