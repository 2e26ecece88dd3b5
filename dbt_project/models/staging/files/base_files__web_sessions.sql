{{ file_dispositions('web_sessions') }}
