{{ config(materialized='view') }}
{{ accepted_from_snapshot(
    'base_zendesk__ticket_fields', 'zendesk', 'ticket_fields'
) }}
