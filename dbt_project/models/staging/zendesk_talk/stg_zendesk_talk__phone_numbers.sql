{{ config(materialized='view') }}
{{ accepted_from_snapshot(
    'base_zendesk_talk__phone_numbers', 'zendesk_talk', 'phone_numbers'
) }}
