{#- Ends of the scale of a file's answer: as it says, else what is usual. -#}
{% macro scale_min() -%}
coalesce(
        scale_min, case survey_type when 'NPS' then 0 when 'custom' then null else 1 end
    )
{%- endmacro %}

{% macro scale_max() -%}
coalesce(
        scale_max,
        case survey_type when 'NPS' then 10 when 'CSAT' then 5 when 'CES' then 7 end
    )
{%- endmacro %}

{#- CSAT counts the upper two answers of a scale, the top one of a short scale, the
    upper three of a long one (metrics.md). -#}
{% macro is_satisfied(score, scale_min, scale_max) -%}
case
        when {{ scale_max }} - {{ scale_min }} + 1 <= 3
            then {{ score }} >= {{ scale_max }}
        when {{ scale_max }} - {{ scale_min }} + 1 <= 7
            then {{ score }} >= {{ scale_max }} - 1
        else {{ score }} >= {{ scale_max }} - 2
    end
{%- endmacro %}
