{{ config(materialized='view') }}
{{ observations('int_review_measures', review_durations(), review_counts()) }}
