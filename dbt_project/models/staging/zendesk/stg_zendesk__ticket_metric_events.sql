{{ config(materialized='view') }}
{{ accepted('base_zendesk__ticket_metric_events') }}
