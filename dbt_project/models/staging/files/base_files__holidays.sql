{{ file_dispositions('holidays') }}
