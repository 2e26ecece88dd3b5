with judged as (
    {% for source_name, stream in streams() -%}
    select
        {{ name_of_source(source_name) }} as source,
        '{{ stream }}' as table_name,
        _load_id as load_id,
        _disposition
    from {{ ref('base_' ~ source_name ~ '__' ~ stream) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
    {% for source_name in sources_of_streams() %}
    union all
    select
        {{ name_of_source(source_name) }} as source,
        stream as table_name,
        _dlt_load_id as load_id,
        'rejected' as _disposition
    from {{ landed(source_name, 'rejects') }}
    {%- endfor %}
)

select
    source,
    table_name,
    load_id,
    count(*) as received,
    count_if(_disposition = 'accepted') as accepted,
    count_if(_disposition = 'superseded') as superseded,
    count_if(_disposition in ('quarantined', 'rejected')) as quarantined,
    count_if(_disposition = 'rejected') as rejected
from judged
group by source, table_name, load_id
