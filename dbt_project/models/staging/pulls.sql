{% for source_name in sources_of_streams() -%}
select
    {{ name_of_source(source_name) }} as source,
    stream as table_name,
    _dlt_load_id as load_id,
    mode,
    cast(window_from at time zone 'UTC' as timestamp) as window_from,
    cast(window_to at time zone 'UTC' as timestamp) as window_to,
    cast(source_now at time zone 'UTC' as timestamp) as source_now,
    pages,
    "rows" as received,
    rejected,
    is_complete
from {{ landed(source_name, 'pulls') }}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
