{{ config(materialized='view') }}
{{ accepted_from_files('ticket_events') }}
