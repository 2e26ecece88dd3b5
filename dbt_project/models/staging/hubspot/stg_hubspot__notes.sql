{{ config(materialized='view') }}
{{ accepted('base_hubspot__notes') }}
