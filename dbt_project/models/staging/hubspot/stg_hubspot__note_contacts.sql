{{ config(materialized='view') }}
{{ accepted('base_hubspot__note_contacts') }}
