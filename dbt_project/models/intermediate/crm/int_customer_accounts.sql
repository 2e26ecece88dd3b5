-- The account and the CRM contact that speak for a customer.
with contacts as (
    select
        contacts.*,
        customer_keys.customer_key,
        crm_merges.loser_id is not null as is_merged
    from {{ ref('stg_hubspot__contacts') }} as contacts
    inner join {{ source('identity', 'customer_keys') }} as customer_keys
        on
            contacts.contact_id = customer_keys.source_id
            and customer_keys.source = 'hubspot'
    left join {{ ref('crm_merges') }} as crm_merges
        on
            contacts.contact_id = crm_merges.loser_id
            and crm_merges.object = 'contacts'
),

-- 1 the primary company, 2 another one, 3 the organization at the helpdesk
memberships as (
    select
        contacts.customer_key,
        contacts.is_merged or contacts.is_deleted as is_gone,
        'hubspot' as source,
        links.to_id as source_id,
        case when links.is_primary then 1 else 2 end as preference
    from contacts
    inner join {{ ref('int_crm_links') }} as links
        on
            contacts.contact_id = links.from_id
            and links.link = 'contact_company'
    union all
    select
        customer_key,
        is_merged or is_deleted as is_gone,
        'hubspot' as source,
        company_id as source_id,
        1 as preference
    from contacts
    union all
    select
        customer_keys.customer_key,
        not coalesce(users.is_active, true) as is_gone,
        'zendesk' as source,
        users.organization_id as source_id,
        3 as preference
    from {{ ref('stg_zendesk__users') }} as users
    inner join {{ source('identity', 'customer_keys') }} as customer_keys
        on
            users.user_id = customer_keys.source_id
            and customer_keys.source = 'zendesk'
),

accounts as (
    select
        memberships.customer_key,
        members.account_key
    from memberships
    inner join {{ ref('int_account_members') }} as members
        on
            memberships.source = members.source
            and memberships.source_id = members.source_id
    qualify row_number() over (
        partition by memberships.customer_key
        order by
            memberships.is_gone,
            memberships.preference,
            length(memberships.source_id),
            memberships.source_id
    ) = 1
),

speaking_contacts as (
    select
        customer_key,
        lifecycle_stage,
        {{ surrogate_key(["'hubspot'", 'owner_id']) }} as owner_key
    from contacts
    qualify row_number() over (
        partition by customer_key
        order by
            is_merged asc,
            is_deleted asc,
            updated_at desc nulls last,
            length(contact_id) asc,
            contact_id asc
    ) = 1
)

select
    coalesce(accounts.customer_key, speaking_contacts.customer_key)
        as customer_key,
    accounts.account_key,
    speaking_contacts.lifecycle_stage as crm_lifecycle_stage,
    speaking_contacts.owner_key
from accounts
full join speaking_contacts
    on accounts.customer_key = speaking_contacts.customer_key
