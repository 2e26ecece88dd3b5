{{ config(materialized='view') }}
{{ accepted('base_hubspot__meeting_contacts') }}
