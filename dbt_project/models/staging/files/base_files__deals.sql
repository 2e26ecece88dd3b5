{{ file_dispositions('deals') }}
