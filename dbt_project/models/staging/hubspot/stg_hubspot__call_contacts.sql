{{ config(materialized='view') }}
{{ accepted('base_hubspot__call_contacts') }}
