-- Who serves customers or owns sales, from every source.
select
    'zendesk' as source,
    user_id as agent_id,
    {{ surrogate_key(["'zendesk'", 'user_id']) }} as agent_key,
    case when is_bot then 'bot' else role end as role,
    default_group_id as group_id,
    name,
    email,
    is_active,
    created_at
from {{ ref('stg_zendesk__users') }}
where role in ('agent', 'admin')
union all
select
    'hubspot' as source,
    owner_id as agent_id,
    {{ surrogate_key(["'hubspot'", 'owner_id']) }} as agent_key,
    'owner' as role,
    null as group_id,
    name,
    email,
    not is_archived and not is_deleted as is_active,
    created_at
from {{ ref('stg_hubspot__owners') }}
union all
select
    source,
    agent_id,
    {{ surrogate_key(['source', 'agent_id']) }} as agent_key,
    coalesce(role, 'agent') as role,
    group_id,
    name,
    email,
    coalesce(is_active, true) and not is_deleted as is_active,
    created_at
from {{ ref('stg_files__agents') }}
