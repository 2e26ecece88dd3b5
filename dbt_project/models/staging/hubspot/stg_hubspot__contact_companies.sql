{{ config(materialized='view') }}
{{ accepted('base_hubspot__contact_companies') }}
