{{ config(materialized='view') }}
{{ property_changes(
    'base_hubspot__deals', 'deal_id', 'stage_history', 'stage_id'
) }}
