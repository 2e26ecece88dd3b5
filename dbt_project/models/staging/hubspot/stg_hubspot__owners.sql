{{ config(materialized='view') }}
{{ accepted_from_snapshot('base_hubspot__owners', 'hubspot', 'owners') }}
