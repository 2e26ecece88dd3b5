{{ file_dispositions('schedules') }}
