{{ config(materialized='view') }}
{{ accepted('base_hubspot__deal_contacts') }}
