{{ config(materialized='view') }}
{{ accepted('base_zendesk__organizations') }}
