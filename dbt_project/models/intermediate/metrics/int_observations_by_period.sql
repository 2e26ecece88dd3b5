-- Observations by period and breakdown: hundreds for one ticket, so in numbers.
{{ config(materialized='view') }}
{% for family in ['ticket', 'review', 'deal'] -%}
select
    observations.metric,
    observations.mode,
    periods.period_number,
    breakdowns.breakdown_number,
    observations.value,
    observations.is_running,
    observations.is_duration
from {{ ref('int_' ~ family ~ '_observations') }} as observations
inner join {{ ref('int_periods') }} as periods
    on observations.occurred_on = periods.day
inner join {{ ref('int_breakdowns') }} as breakdowns
    on
        observations.profile_number = breakdowns.profile_number
        and breakdowns.family = '{{ family }}'
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
