{{ config(materialized='view') }}
{{ observations('int_deal_measures', [], deal_counts()) }}
