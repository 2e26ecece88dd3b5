{{ config(materialized='view') }}
{{ accepted_from_files('deal_stage_events') }}
