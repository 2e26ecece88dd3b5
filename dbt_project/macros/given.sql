{#- The instant that a run was told to build for, as a literal, or NULL. -#}
{% macro given_as_of() -%}
    cast({{ "'" ~ var('as_of') ~ "'" if var('as_of') else 'null' }} as timestamptz)
{%- endmacro %}

{#- Whether a run was told to use a source; all are used where nothing was said. -#}
{% macro is_used_source(source) -%}
    {% if var('sources') is none -%}
        true
    {%- else -%}
        {{ source }} in ('{{ var('sources') | join("', '") }}')
    {%- endif %}
{%- endmacro %}
