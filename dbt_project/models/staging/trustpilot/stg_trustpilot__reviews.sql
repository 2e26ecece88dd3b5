{{ config(materialized='view') }}
-- A review that is gone keeps its last known content.
with current_versions as (
    select
        review_id,
        is_removed
    from {{ ref('base_trustpilot__reviews') }}
    where _disposition = 'accepted'
),

contents as (
    select *
    from {{ ref('base_trustpilot__reviews') }}
    where _disposition <> 'quarantined' and not is_removed
    qualify row_number() over (
        partition by review_id
        order by _version desc nulls last, _load_id desc, _seq desc
    ) = 1
)

select
    contents.* exclude (
        _key, _version, _seq, _reason, _disposition, is_removed
    ),
    current_versions.is_removed
    or coalesce(contents.status, 'active') <> 'active' as is_deleted
from contents
inner join current_versions
    on contents.review_id = current_versions.review_id
