{{ config(materialized='view') }}
{{ accepted_from_snapshot('base_zendesk__brands', 'zendesk', 'brands') }}
