{{ file_dispositions('campaign_touches') }}
