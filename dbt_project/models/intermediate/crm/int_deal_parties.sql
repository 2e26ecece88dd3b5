-- The customer and the account that a deal is with.
with contacts as (
    select
        links.source,
        links.from_id as deal_id,
        customer_keys.customer_key
    from {{ ref('int_crm_links') }} as links
    inner join {{ source('identity', 'customer_keys') }} as customer_keys
        on
            links.to_id = customer_keys.source_id
            and links.source = customer_keys.source
    left join {{ ref('int_contacts') }} as contacts
        on
            links.source = contacts.source
            and links.to_id = contacts.contact_id
    where links.link = 'deal_contact'
    qualify row_number() over (
        partition by links.source, links.from_id
        order by
            coalesce(contacts.is_deleted, false),
            length(links.to_id),
            links.to_id
    ) = 1
),

companies as (
    select
        links.source,
        links.from_id as deal_id,
        members.account_key
    from {{ ref('int_crm_links') }} as links
    inner join {{ ref('int_companies') }} as companies
        on
            links.source = companies.source
            and links.to_id = companies.company_id
    inner join {{ ref('int_account_members') }} as members
        on
            links.source = members.source
            and links.to_id = members.source_id
    where links.link = 'deal_company'
    qualify row_number() over (
        partition by links.source, links.from_id
        order by
            companies.is_deleted,
            not links.is_primary,
            length(links.to_id),
            links.to_id
    ) = 1
)

select
    deals.deal_key,
    contacts.customer_key,
    coalesce(companies.account_key, customer_accounts.account_key)
        as account_key
from {{ ref('int_deals') }} as deals
left join contacts
    on deals.source = contacts.source and deals.deal_id = contacts.deal_id
left join companies
    on deals.source = companies.source and deals.deal_id = companies.deal_id
left join {{ ref('int_customer_accounts') }} as customer_accounts
    on contacts.customer_key = customer_accounts.customer_key
