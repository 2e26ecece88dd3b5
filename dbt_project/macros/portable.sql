{#- What differs between engines stands here, so that models do not. -#}

{% macro utc(expression) -%}
cast(try_cast({{ expression }} as timestamptz) at time zone 'UTC' as timestamp)
{%- endmacro %}

{#- A date as ISO text or in milliseconds since 1970, the two ways of HubSpot. -#}
{% macro utc_or_epoch_ms(expression) -%}
case
        when regexp_full_match({{ expression }}, '-?[0-9]{1,14}')
            then epoch_ms(cast({{ expression }} as bigint))
        else {{ utc(expression) }}
    end
{%- endmacro %}

{#- The typed value of a text, NULL where it is none. -#}
{% macro typed(expression, kind) -%}
try_cast({{ expression }} as {{ kind }})
{%- endmacro %}

{#- Text without spaces around it; NULL where nothing is left. -#}
{% macro not_blank(expression) -%}
nullif(trim({{ expression }}), '')
{%- endmacro %}

{#- A JSON object as a map from its names to values of a kind, NULL where it is none. -#}
{% macro json_map(json, kind) -%}
try_cast({{ json }} as map(varchar, {{ kind }}))
{%- endmacro %}

{#- The values that a vendor joined by semicolons, as a list without blanks. -#}
{% macro split_values(text) -%}
list_filter(
        list_transform(
            string_split(coalesce({{ text }}, ''), ';'), lambda part: trim(part)
        ),
        lambda part: part <> ''
    )
{%- endmacro %}

{#- The same the other way round; NULL for an empty list. -#}
{% macro joined_values(list) -%}
nullif(array_to_string({{ list }}, ';'), '')
{%- endmacro %}

{% macro empty_list() -%}
cast([] as varchar[])
{%- endmacro %}

{#- A JSON array as a list; structure is that of one element. -#}
{% macro parsed_list(json, structure) -%}
from_json({{ json }}, '[{{ structure }}]')
{%- endmacro %}

{#- The same, NULL where an element lacks one of some values or has another type. -#}
{% macro complete_list(json, structure, names) -%}
case
        when len(list_filter(
            {{ parsed_list(json, structure) }},
            lambda part: part.{{ names | join(' is null or part.') }} is null
        )) = 0 then {{ parsed_list(json, structure) }}
    end
{%- endmacro %}

{#- No more than two decimals; the product of amount and rate has ten. -#}
{% macro converted(amount, rate) -%}
cast(round(
        cast({{ amount }} as decimal(24, 2)) * cast({{ rate }} as decimal(14, 8)), 2
    ) as decimal(18, 2))
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

{#- What kind of value stands at a path of a JSON text: ARRAY, OBJECT, VARCHAR ... -#}
{% macro json_kind(json, path) -%}
json_type({{ json }}, '$.{{ path }}')
{%- endmacro %}

{#- E-mail addresses and runs of seven digits or more leave free text. -#}
{% macro masked(text) -%}
    regexp_replace(
        regexp_replace({{ text }}, '[^\s@]+@[^\s@]+\.[^\s@]+', '[email]', 'g'),
        '\+?\d[\d ()./-]{5,}\d', '[number]', 'g'
    )
{%- endmacro %}

{#- When a load began, from its id: seconds since 1970. -#}
{% macro loaded_at(load_id) -%}
cast(to_timestamp(cast({{ load_id }} as double)) at time zone 'UTC' as timestamp)
{%- endmacro %}

{#- Bytes as text where they are UTF-8, else with what is not ASCII written as \xHH. -#}
{% macro text_of_bytes(bytes) -%}
coalesce(try(decode({{ bytes }})), cast({{ bytes }} as varchar))
{%- endmacro %}
