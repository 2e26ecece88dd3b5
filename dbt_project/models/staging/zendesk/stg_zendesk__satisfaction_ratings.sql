{{ config(materialized='view') }}
{{ accepted('base_zendesk__satisfaction_ratings') }}
