{#- The first day of the period that a day lies in; NULL for none. -#}
{% macro period_start(period_type, day, as_of) -%}
cast(case {{ period_type }}
        when 'day' then {{ day }}
        when 'week' then date_trunc('week', {{ day }})
        when 'month' then date_trunc('month', {{ day }})
        when 'quarter' then date_trunc('quarter', {{ day }})
        when 'rolling_90d'
            then case
                when {{ day }} > cast({{ as_of }} as date) - 90
                    then cast({{ as_of }} as date) - 89
            end
    end as date)
{%- endmacro %}

{#- The day after the last one of a period. -#}
{% macro period_stop(period_type, start) -%}
cast(case {{ period_type }}
        when 'day' then {{ start }} + interval 1 day
        when 'week' then {{ start }} + interval 7 day
        when 'month' then {{ start }} + interval 1 month
        when 'quarter' then {{ start }} + interval 3 month
        when 'rolling_90d' then {{ start }} + interval 90 day
    end as date)
{%- endmacro %}

{% macro period_types() -%}
    (values ('day'), ('week'), ('month'), ('quarter'), ('rolling_90d'))
    as period_types (period_type)
{%- endmacro %}
