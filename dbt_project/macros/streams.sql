{#- Every staged stream: what is counted, rejected and watched. -#}
{% macro streams() %}
    {{ return([
        ('zendesk', 'tickets'),
        ('zendesk', 'users'),
        ('zendesk', 'organizations'),
        ('zendesk', 'ticket_events'),
        ('zendesk', 'satisfaction_ratings'),
        ('zendesk', 'survey_responses'),
        ('zendesk', 'groups'),
        ('zendesk', 'ticket_metric_events'),
        ('zendesk', 'brands'),
        ('zendesk', 'ticket_fields'),
        ('zendesk', 'sla_policies'),
        ('zendesk', 'schedules'),
        ('zendesk', 'holidays'),
        ('zendesk_talk', 'calls'),
        ('zendesk_talk', 'legs'),
        ('zendesk_talk', 'phone_numbers'),
        ('typeform', 'forms'),
        ('typeform', 'responses'),
        ('hubspot', 'contacts'),
        ('hubspot', 'companies'),
        ('hubspot', 'deals'),
        ('hubspot', 'owners'),
        ('hubspot', 'pipelines'),
        ('hubspot', 'contact_companies'),
        ('hubspot', 'deal_contacts'),
        ('hubspot', 'deal_companies'),
        ('hubspot', 'feedback_submissions'),
        ('hubspot', 'calls'),
        ('hubspot', 'meetings'),
        ('hubspot', 'emails'),
        ('hubspot', 'notes'),
        ('hubspot', 'feedback_submission_contacts'),
        ('hubspot', 'call_contacts'),
        ('hubspot', 'meeting_contacts'),
        ('hubspot', 'email_contacts'),
        ('hubspot', 'note_contacts'),
        ('trustpilot', 'business_units'),
        ('trustpilot', 'reviews'),
        ('qualtrics', 'surveys'),
        ('qualtrics', 'responses'),
        ('qualtrics', 'distributions'),
        ('qualtrics', 'distribution_history'),
        ('files', 'customers'),
        ('files', 'accounts'),
        ('files', 'agents'),
        ('files', 'tickets'),
        ('files', 'ticket_events'),
        ('files', 'ticket_comments'),
        ('files', 'schedules'),
        ('files', 'holidays'),
        ('files', 'sla_policies'),
        ('files', 'calls'),
        ('files', 'call_legs'),
        ('files', 'survey_answers'),
        ('files', 'survey_deliveries'),
        ('files', 'reviews'),
        ('files', 'orders'),
        ('files', 'subscriptions'),
        ('files', 'deals'),
        ('files', 'deal_stage_events'),
        ('files', 'campaign_touches'),
        ('files', 'web_sessions'),
    ]) }}
{% endmacro %}

{% macro sources_of_streams() %}
{{ return(streams() | map(attribute=0) | unique | list) }}
{% endmacro %}

{#- The name of a source in a query: rows of files say themselves whose they are. -#}
{% macro name_of_source(source_name, relation=none) -%}
{% if source_name != 'files' %}'{{ source_name }}'
{%- else %}{% if relation %}{{ relation }}.{% endif %}source{% endif %}
{%- endmacro %}

{#- A landed table; those of files are of all file sources together. -#}
{% macro landed(source_name, table) -%}
{{ source('all_files' if source_name == 'files' else source_name, table) }}
{%- endmacro %}
