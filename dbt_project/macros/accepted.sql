{#- The accepted rows of a base table, without the columns that judged them. -#}
{% macro accepted(base) %}
select * exclude (_key, _version, _seq, _reason, _disposition)
from {{ ref(base) }}
where _disposition = 'accepted'
{% endmacro %}

{#- What the last complete snapshot lacks was deleted at the vendor. -#}
{% macro accepted_from_snapshot(base, source_name, stream) %}
with last_snapshot as (
    select max(_dlt_load_id) as _load_id
    from {{ source(source_name, 'pulls') }}
    where
        stream = '{{ stream }}' and is_complete and mode = 'snapshot'
)

select
    {{ base }}.* exclude (_key, _version, _seq, _reason, _disposition),
    {{ base }}._load_id < last_snapshot._load_id as is_deleted
from {{ ref(base) }}
cross join last_snapshot
where {{ base }}._disposition = 'accepted'
{% endmacro %}

{#- The same for the files of an entity; `record_id` names a record in its source. -#}
{% macro accepted_from_files(entity) %}
with last_snapshots as (
    select
        source,
        max(_dlt_load_id) as _load_id
    from {{ source('all_files', 'pulls') }}
    where stream = '{{ entity }}' and is_complete and mode = 'snapshot'
    group by source
)

select
    base.* exclude (_key, _version, _seq, _reason, _disposition, is_deleted),
    base._key as record_id,
    base.is_deleted or coalesce(base._load_id < last_snapshots._load_id, false)
        as is_deleted
from {{ ref('base_files__' ~ entity) }} as base
left join last_snapshots on base.source = last_snapshots.source
where base._disposition = 'accepted'
{% endmacro %}
