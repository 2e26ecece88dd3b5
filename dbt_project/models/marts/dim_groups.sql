select
    {{ surrogate_key(["'zendesk'", 'group_id']) }} as group_key,
    group_id,
    'zendesk' as source,
    name,
    description,
    is_deleted or is_deleted_flag as is_deleted,
    created_at
from {{ ref('stg_zendesk__groups') }}
union all
-- files only name them
select
    {{ surrogate_key(['source', 'group_id']) }} as group_key,
    group_id,
    source,
    group_id as name,
    null as description,
    false as is_deleted,
    null as created_at
from (
    select
        source,
        group_id
    from {{ ref('stg_files__tickets') }}
    union
    select
        source,
        group_id
    from {{ ref('stg_files__agents') }}
) as named
where group_id is not null
