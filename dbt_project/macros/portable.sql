{#- What differs between engines stands here, so that models do not. -#}

{% macro utc(expression) -%}
cast(try_cast({{ expression }} as timestamptz) at time zone 'UTC' as timestamp)
{%- endmacro %}

{% macro seconds_between(start, stop) -%}
(epoch_us({{ stop }}) - epoch_us({{ start }})) // 1000000
{%- endmacro %}

{% macro minutes(seconds) -%}
cast(round(({{ seconds }}) / 60.0, 4) as decimal(18, 4))
{%- endmacro %}

{#- NULL where a part is NULL: what is not known has no key. -#}
{% macro surrogate_key(parts) -%}
md5({{ parts | join(" || '|' || ") }})
{%- endmacro %}

{#- NULL where the text is no JSON; costs half of asking json_valid first. -#}
{% macro parsed_json(payload, structure) -%}
    try(from_json({{ payload }}, '{{ structure }}'))
{%- endmacro %}

{#- E-mail addresses and runs of seven digits or more leave free text. -#}
{% macro masked(text) -%}
    regexp_replace(
        regexp_replace({{ text }}, '[^\s@]+@[^\s@]+\.[^\s@]+', '[email]', 'g'),
        '\+?\d[\d ()./-]{5,}\d', '[number]', 'g'
    )
{%- endmacro %}
