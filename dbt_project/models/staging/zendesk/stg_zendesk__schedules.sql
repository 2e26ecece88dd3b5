{{ config(materialized='view') }}
{{ accepted_from_snapshot('base_zendesk__schedules', 'zendesk', 'schedules') }}
