{{ config(materialized='view') }}
{{ accepted_from_snapshot('base_typeform__forms', 'typeform', 'forms') }}
