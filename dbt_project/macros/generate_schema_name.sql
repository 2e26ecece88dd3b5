{#- Schemas are named as configured, so that keys read `marts/fct_tickets`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
{{ custom_schema_name or target.schema }}
{%- endmacro %}
