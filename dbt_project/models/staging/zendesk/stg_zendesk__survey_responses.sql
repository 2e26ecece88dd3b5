{{ config(materialized='view') }}
{{ accepted('base_zendesk__survey_responses') }}
