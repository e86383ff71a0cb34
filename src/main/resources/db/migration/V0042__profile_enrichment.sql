-- profile: what was derived from an event is stored with it.
-- Why: lists of user agents and geo databases change; a profile that is folded again from its history must not.
-- Locks: ACCESS EXCLUSIVE on profile_event and its partitions, for the catalogue only: no row is rewritten.
-- Expected size: none for what is stored already; about 300 bytes a new event of a browser, before compression.

alter table profile_event add column enrichment json;

comment on column profile_event.enrichment is 'as EnrichmentCodec writes it; null when nothing is known, and for events from before it';
