select
    {{ surrogate_key(["'zendesk'", 'user_id']) }} as agent_key,
    user_id as agent_id,
    'zendesk' as source,
    case when is_bot then 'bot' else role end as role,
    {{ surrogate_key(["'zendesk'", 'default_group_id']) }} as default_group_key,
    is_active,
    created_at
from {{ ref('stg_zendesk__users') }}
where role in ('agent', 'admin')
union all
select
    {{ surrogate_key(["'hubspot'", 'owner_id']) }} as agent_key,
    owner_id as agent_id,
    'hubspot' as source,
    'owner' as role,
    null as default_group_key,
    not is_archived and not is_deleted as is_active,
    created_at
from {{ ref('stg_hubspot__owners') }}
