select
    {{ surrogate_key(["'zendesk'", 'user_id']) }} as agent_key,
    'zendesk' as source,
    user_id as source_id,
    name,
    email
from {{ ref('stg_zendesk__users') }}
where role in ('agent', 'admin')
union all
select
    {{ surrogate_key(["'hubspot'", 'owner_id']) }} as agent_key,
    'hubspot' as source,
    owner_id as source_id,
    name,
    email
from {{ ref('stg_hubspot__owners') }}
