{{ file_dispositions('deal_stage_events') }}
