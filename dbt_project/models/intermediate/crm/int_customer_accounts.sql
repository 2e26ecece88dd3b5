-- The account and the CRM contact that speak for a customer.
with contacts as (select * from {{ ref('int_contacts') }}),

-- 1 the primary company, 2 another one, 3 the organization at the helpdesk
memberships as (
    select
        contacts.customer_key,
        contacts.is_merged or contacts.is_deleted as is_gone,
        contacts.source,
        links.to_id as source_id,
        case when links.is_primary then 1 else 2 end as preference
    from contacts
    inner join {{ ref('int_crm_links') }} as links
        on
            contacts.source = links.source
            and contacts.contact_id = links.from_id
            and links.link = 'contact_company'
    union all
    select
        customer_key,
        is_merged or is_deleted as is_gone,
        source,
        company_id as source_id,
        case when is_leading then 1 else 3 end as preference
    from contacts
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
            memberships.source_id,
            memberships.source
    ) = 1
),

speaking_contacts as (
    select
        customer_key,
        lifecycle_stage,
        owner_key
    from contacts
    where is_leading
    qualify row_number() over (
        partition by customer_key
        order by
            is_merged asc,
            is_deleted asc,
            updated_at desc nulls last,
            length(contact_id) asc,
            contact_id asc,
            source asc
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
