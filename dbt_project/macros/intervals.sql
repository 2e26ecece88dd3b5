{#- 95 % intervals; z as metrics define it. k of n; sums of values over n. -#}
{% macro z() -%}
    cast(1.959963984540054 as double)
{%- endmacro %}

{#- Wilson score interval of a share; side is '-' or '+'. -#}
{% macro wilson(k, n, side) -%}
    (
        {{ k }} + {{ z() }} * {{ z() }} / 2
        {{ side }} {{ z() }} * sqrt(
            greatest({{ k }} * ({{ n }} - {{ k }}) / {{ n }}, 0)
            + {{ z() }} * {{ z() }} / 4
        )
    ) / ({{ n }} + {{ z() }} * {{ z() }})
{%- endmacro %}

{#-
  Half width, in points, of the adjusted Wald interval of a net score: 3/4 is added
  to promoters and detractors, 1 1/2 to passives. s = p - d, q = p + d (counts).
-#}
{% macro adjusted_wald(s, q, n) -%}
    100 * {{ z() }} * sqrt(
        (
            ({{ q }} + 1.5) / ({{ n }} + 3)
            - pow({{ s }} / ({{ n }} + 3), 2)
        ) / ({{ n }} + 3)
    )
{%- endmacro %}
