{#-
  Lower case, no spaces, no +tag; the dots of a gmail address carry no meaning.
  NULL where it is no address.
-#}
{% macro normalised_email(email) -%}
    case
        when regexp_full_match(lower(trim({{ email }})), '[^@\s]+@[^@\s]+\.[^@\s]+')
            then
                case
                    when
                        split_part(lower(trim({{ email }})), '@', 2)
                        in ('gmail.com', 'googlemail.com')
                        then
                            replace(
                                split_part(
                                    split_part(lower(trim({{ email }})), '@', 1),
                                    '+', 1
                                ),
                                '.', ''
                            ) || '@gmail.com'
                    else
                        split_part(
                            split_part(lower(trim({{ email }})), '@', 1), '+', 1
                        ) || '@' || split_part(lower(trim({{ email }})), '@', 2)
                end
    end
{%- endmacro %}
