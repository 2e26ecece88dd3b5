{{ config(materialized='view') }}
{{ accepted('base_typeform__responses') }}
