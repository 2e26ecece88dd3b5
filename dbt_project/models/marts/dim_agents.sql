select
    {{ surrogate_key(["'zendesk'", 'user_id']) }} as agent_key,
    user_id as agent_id,
    'zendesk' as source,
    role,
    {{ surrogate_key(["'zendesk'", 'default_group_id']) }} as default_group_key,
    is_active,
    created_at
from {{ ref('stg_zendesk__users') }}
where role in ('agent', 'admin')
