{{ config(materialized='view') }}
{{ observations('int_ticket_measures', ticket_durations(), ticket_counts()) }}
