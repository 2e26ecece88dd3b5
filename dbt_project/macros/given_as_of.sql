{#- The instant that a run was told to build for, as a literal, or NULL. -#}
{% macro given_as_of() -%}
    cast({{ "'" ~ var('as_of') ~ "'" if var('as_of') else 'null' }} as timestamptz)
{%- endmacro %}
