{{ config(materialized='view') }}
{{ accepted_from_snapshot(
    'base_zendesk__sla_policies', 'zendesk', 'sla_policies'
) }}
