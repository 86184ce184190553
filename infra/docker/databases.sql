-- One database per service; nobody else touches it (design, section 1).
CREATE DATABASE meterbook_ingest;
CREATE DATABASE meterbook_metering;
CREATE DATABASE meterbook_quota;
CREATE DATABASE meterbook_invoicing;
