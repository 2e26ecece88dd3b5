{#-
  The host of a domain or web address, lower case, without `www.`; NULL where it is
  none.
-#}
{% macro normalised_domain(domain) -%}
    regexp_extract(
        lower(trim({{ domain }})),
        '^(?:https?://)?(?:www\.)?([^@\s/:?#.][^@\s/:?#]*\.[a-z0-9-]{2,})(?:[/:?#]|$)',
        1
    )
{%- endmacro %}
