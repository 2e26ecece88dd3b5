select
    agent_key,
    agent_id,
    source,
    role,
    {{ surrogate_key(['source', 'group_id']) }} as default_group_key,
    is_active,
    created_at
from {{ ref('int_agents') }}
