{#- Never NULL, never twice. -#}
{% test is_key(model, column_name) %}
select
    {{ column_name }},
    count(*) as count_rows
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
