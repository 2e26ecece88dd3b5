{{ config(materialized='view') }}
{{ property_changes(
    'base_hubspot__contacts', 'contact_id', 'lifecycle_history',
    'lifecycle_stage'
) }}
