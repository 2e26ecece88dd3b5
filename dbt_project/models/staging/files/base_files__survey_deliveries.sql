{{ file_dispositions('survey_deliveries') }}
