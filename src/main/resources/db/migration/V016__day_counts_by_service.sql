-- Who asks for the newest logs of a service is told by these numbers where to look.
CREATE INDEX day_counts_service ON day_counts (service, day);
