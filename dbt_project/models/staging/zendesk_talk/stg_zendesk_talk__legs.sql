{{ config(materialized='view') }}
{{ accepted('base_zendesk_talk__legs') }}
