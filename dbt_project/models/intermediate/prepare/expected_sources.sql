-- The sources that a release must hold: required, and used by this company.
select source
from {{ ref('known_sources') }}
where is_required and is_used
