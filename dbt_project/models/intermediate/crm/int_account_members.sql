-- The account of each company: one per domain.
with company_domains as (
    select
        domains.source,
        domains.source_id,
        domains.position,
        domains.domain,
        companies.is_leading
    from {{ ref('int_company_domains') }} as domains
    inner join {{ ref('int_companies') }} as companies
        on
            domains.source = companies.source
            and domains.source_id = companies.company_id
            and not companies.is_merged
),

first_domains as (
    select
        source,
        source_id,
        domain as account_domain
    from company_domains
    where is_leading
    qualify row_number() over (
        partition by source, source_id order by position, domain
    ) = 1
),

-- a domain that two companies name leads to the one that names it first
domain_owners as (
    select
        company_domains.domain,
        first_domains.account_domain
    from company_domains
    inner join first_domains
        on
            company_domains.source = first_domains.source
            and company_domains.source_id = first_domains.source_id
    qualify row_number() over (
        partition by company_domains.domain
        order by
            company_domains.position,
            company_domains.source,
            length(company_domains.source_id),
            company_domains.source_id
    ) = 1
),

-- who does not lead follows any of its domains
followed_domains as (
    select
        domains.source,
        domains.source_id,
        coalesce(domain_owners.account_domain, domains.domain)
            as account_domain
    from company_domains as domains
    left join domain_owners on domains.domain = domain_owners.domain
    where not domains.is_leading
    qualify row_number() over (
        partition by domains.source, domains.source_id
        order by
            domain_owners.domain is null, domains.position, domains.domain
    ) = 1
),

account_domains as (
    select * from first_domains
    union all
    select * from followed_domains
)

select
    companies.source,
    companies.company_id as source_id,
    companies.is_merged,
    account_domains.account_domain as domain,
    coalesce(
        {{ surrogate_key(["'domain'", 'account_domains.account_domain']) }},
        {{ surrogate_key(['companies.source', 'companies.surviving_id']) }}
    ) as account_key
from {{ ref('int_companies') }} as companies
left join account_domains
    on
        companies.source = account_domains.source
        and companies.surviving_id = account_domains.source_id
