{{ file_dispositions('sla_policies') }}
