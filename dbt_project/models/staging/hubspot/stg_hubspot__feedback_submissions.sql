{{ config(materialized='view') }}
{{ accepted('base_hubspot__feedback_submissions') }}
