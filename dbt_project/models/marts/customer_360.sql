with records as (
    select
        customer_keys.customer_key,
        count(*) as count_source_records,
        min(records.first_seen_at) as first_recorded_at
    from {{ source('identity', 'customer_keys') }} as customer_keys
    inner join {{ ref('customer_records') }} as records
        on
            customer_keys.source = records.source
            and customer_keys.source_id = records.source_id
    group by customer_keys.customer_key
),

interactions as (
    select
        customer_key,
        min(occurred_at) as first_interaction_at,
        max(occurred_at) as last_interaction_at
    from {{ ref('fct_interactions') }}
    where not is_deleted and not is_merged and not is_test
    group by customer_key
),

tickets as (
    select
        customer_key,
        count(*) as count_tickets,
        count_if(status in ('new', 'open', 'pending', 'hold'))
            as count_open_tickets,
        max(created_at) filter (where not is_agent_opened) as last_contact_at
    from {{ ref('fct_tickets') }}
    where not is_deleted and not is_merged and not is_test
    group by customer_key
),

scores as (
    select
        customer_key,
        sum(cast(is_satisfied as integer)) as sum_csat,
        count(is_satisfied) as count_csat,
        arg_max(is_satisfied, (responded_at, response_key))
        filter (where survey_type = 'CSAT') as last_csat,
        arg_max(score, (responded_at, response_key))
        filter (where survey_type = 'NPS') as last_nps_score
    from {{ ref('int_survey_scores') }}
    group by customer_key
),

deals as (
    select
        customer_key,
        count(*) as count_deals,
        count_if(not is_closed) as count_open_deals,
        count_if(is_won) as count_won_deals,
        sum(amount_reporting) filter (where is_won) as revenue_to_date
    from {{ ref('fct_deals') }}
    where not is_deleted and not is_merged and not is_test
    group by customer_key
),

reviews as (
    select
        customer_key,
        count(*) as count_reviews,
        arg_max(rating, (reviewed_at, review_key)) as last_review_rating
    from {{ ref('fct_reviews') }}
    where not is_deleted and not is_merged and not is_test
    group by customer_key
)

select
    records.customer_key,
    accounts.account_key,
    accounts.owner_key,
    accounts.crm_lifecycle_stage,
    cast(records.count_source_records as integer) as count_source_records,
    cast(coalesce(tickets.count_tickets, 0) as integer) as count_tickets,
    cast(coalesce(tickets.count_open_tickets, 0) as integer)
        as count_open_tickets,
    cast(scores.sum_csat as integer) as sum_csat,
    cast(coalesce(scores.count_csat, 0) as integer) as count_csat,
    cast(scores.last_csat as integer) as last_csat,
    scores.last_nps_score,
    case
        when scores.last_nps_score >= 9 then 'promoter'
        when scores.last_nps_score >= 7 then 'passive'
        when scores.last_nps_score >= 0 then 'detractor'
    end as last_nps_category,
    cast(coalesce(deals.count_deals, 0) as integer) as count_deals,
    cast(coalesce(deals.count_open_deals, 0) as integer) as count_open_deals,
    cast(coalesce(deals.count_won_deals, 0) as integer) as count_won_deals,
    cast(coalesce(deals.revenue_to_date, 0) as decimal(18, 2))
        as revenue_to_date,
    cast(coalesce(reviews.count_reviews, 0) as integer) as count_reviews,
    reviews.last_review_rating,
    least(records.first_recorded_at, interactions.first_interaction_at)
        as first_seen_at,
    interactions.last_interaction_at,
    tickets.last_contact_at
from records
left join interactions on records.customer_key = interactions.customer_key
left join tickets on records.customer_key = tickets.customer_key
left join scores on records.customer_key = scores.customer_key
left join {{ ref('int_customer_accounts') }} as accounts
    on records.customer_key = accounts.customer_key
left join deals on records.customer_key = deals.customer_key
left join reviews on records.customer_key = reviews.customer_key
