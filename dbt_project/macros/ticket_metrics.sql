{#-
  How each ticket metric is read from int_ticket_measures.
  durations: (metric, mode, seconds when finished, finished, still running,
              seconds so far when running, rows that it is about)
  shares: (metric, mode, numerator, denominator)
-#}
{% macro ticket_durations() %}
    {{ return([
        ('first_reply_time', 'calendar', 'first_reply_seconds',
         'first_reply_seconds is not null', 'is_open', 'age_seconds',
         'is_timeline_known and not is_phone_call'),
        ('first_reply_time', 'calendar_vendor', 'first_reply_seconds',
         'first_reply_seconds is not null', 'is_open', 'age_seconds',
         'is_timeline_known'),
        ('first_resolution_time', 'calendar', 'first_resolution_seconds',
         'is_ever_solved', 'is_open', 'age_seconds', 'is_timeline_known'),
        ('full_resolution_time', 'calendar', 'full_resolution_seconds',
         'is_solved', 'is_open', 'age_seconds', 'is_timeline_known'),
        ('requester_wait_time', 'calendar', 'requester_wait_seconds',
         'is_solved', 'is_open', 'requester_wait_seconds', 'is_timeline_known'),
        ('agent_wait_time', 'calendar', 'agent_wait_seconds',
         'is_solved', 'is_open', 'agent_wait_seconds', 'is_timeline_known'),
        ('on_hold_time', 'calendar', 'on_hold_seconds',
         'is_solved', 'is_open', 'on_hold_seconds', 'is_timeline_known'),
    ]) }}
{% endmacro %}

{% macro ticket_counts() %}
    {{ return([
        ('tickets_created', 'standard', '1', 'true', 'false'),
        ('replies_per_ticket', 'standard', 'count_replies',
         'is_solved and is_timeline_known', 'is_open'),
        ('one_touch_rate', 'vendor', 'cast(count_replies <= 1 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('one_touch_rate', 'strict', 'cast(count_replies = 1 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('two_touch_rate', 'standard', 'cast(count_replies = 2 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('multi_touch_rate', 'standard', 'cast(count_replies > 2 as integer)',
         'is_solved and is_timeline_known', 'is_open'),
        ('reopen_rate', 'solved_to_unsolved',
         'cast(count_reopens > 0 as integer)', 'is_ever_solved', 'is_open'),
        ('reopen_rate', 'solved_entries',
         'cast(count_solved_reentries > 0 as integer)', 'is_ever_solved',
         'is_open'),
    ]) }}
{% endmacro %}

{#- The value that a ticket has in a dimension; `none` where it has none. -#}
{% macro ticket_dimension(dimension) -%}
case {{ dimension }}
        when 'all' then 'all'
        when 'channel' then coalesce(profiles.channel, 'none')
        when 'group' then coalesce(profiles.group_key, 'none')
        when 'agent' then coalesce(profiles.agent_key, 'none')
        when 'priority' then coalesce(profiles.priority, 'none')
    end
{%- endmacro %}
