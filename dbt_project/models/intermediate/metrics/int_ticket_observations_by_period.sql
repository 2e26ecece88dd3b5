-- Observations by period and breakdown: hundreds for one ticket, so in numbers.
{{ config(materialized='view') }}
select
    observations.metric,
    observations.mode,
    periods.period_number,
    breakdowns.breakdown_number,
    observations.value,
    observations.is_running,
    observations.is_duration
from {{ ref('int_ticket_observations') }} as observations
inner join {{ ref('int_periods') }} as periods
    on observations.occurred_on = periods.day
inner join {{ ref('int_ticket_breakdowns') }} as breakdowns
    on observations.profile_number = breakdowns.profile_number
