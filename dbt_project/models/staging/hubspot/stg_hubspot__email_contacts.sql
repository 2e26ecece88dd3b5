{{ config(materialized='view') }}
{{ accepted('base_hubspot__email_contacts') }}
