-- The account of CRM companies and helpdesk organizations: one per domain.
with companies as (
    select
        companies.company_id,
        coalesce(crm_merges.winner_id, companies.company_id) as surviving_id,
        crm_merges.loser_id is not null as is_merged
    from {{ ref('stg_hubspot__companies') }} as companies
    left join {{ ref('crm_merges') }} as crm_merges
        on
            companies.company_id = crm_merges.loser_id
            and crm_merges.object = 'companies'
),

company_domains as (
    select
        domains.source_id as company_id,
        domains.position,
        domains.domain
    from {{ ref('int_company_domains') }} as domains
    inner join companies
        on domains.source_id = companies.company_id and not companies.is_merged
    where domains.source = 'hubspot'
),

first_domains as (
    select
        company_id,
        domain as account_domain
    from company_domains
    qualify row_number() over (
        partition by company_id order by position, domain
    ) = 1
),

-- a domain that two companies name leads to the one that names it first
domain_owners as (
    select
        company_domains.domain,
        first_domains.account_domain
    from company_domains
    inner join first_domains
        on company_domains.company_id = first_domains.company_id
    qualify row_number() over (
        partition by company_domains.domain
        order by
            company_domains.position,
            length(company_domains.company_id),
            company_domains.company_id
    ) = 1
),

organization_domains as (
    select
        domains.source_id as organization_id,
        coalesce(domain_owners.account_domain, domains.domain)
            as account_domain
    from {{ ref('int_company_domains') }} as domains
    left join domain_owners on domains.domain = domain_owners.domain
    where domains.source = 'zendesk'
    qualify row_number() over (
        partition by domains.source_id
        order by
            domain_owners.domain is null, domains.position, domains.domain
    ) = 1
)

select
    'hubspot' as source,
    companies.company_id as source_id,
    companies.is_merged,
    first_domains.account_domain as domain,
    coalesce(
        {{ surrogate_key(["'domain'", 'first_domains.account_domain']) }},
        {{ surrogate_key(["'hubspot'", 'companies.surviving_id']) }}
    ) as account_key
from companies
left join first_domains
    on companies.surviving_id = first_domains.company_id
union all
select
    'zendesk' as source,
    organizations.organization_id as source_id,
    false as is_merged,
    organization_domains.account_domain as domain,
    coalesce(
        {{ surrogate_key(
            ["'domain'", 'organization_domains.account_domain']
        ) }},
        {{ surrogate_key(["'zendesk'", 'organizations.organization_id']) }}
    ) as account_key
from {{ ref('stg_zendesk__organizations') }} as organizations
left join organization_domains
    on organizations.organization_id = organization_domains.organization_id
