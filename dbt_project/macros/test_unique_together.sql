{#- No two rows share the same values (NULL equals NULL) of these columns. -#}
{% test unique_together(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as count_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
