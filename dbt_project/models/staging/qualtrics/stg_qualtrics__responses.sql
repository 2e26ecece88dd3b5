{{ config(materialized='view') }}
{{ accepted('base_qualtrics__responses') }}
