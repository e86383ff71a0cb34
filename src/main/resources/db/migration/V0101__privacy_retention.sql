-- privacy: what is left of profiles that go by age.
-- Why: it is removed in parts like what is left of an erased person, but nobody asked, so that nothing is kept of it.
-- Locks: ACCESS EXCLUSIVE on privacy_erasure for an instant, no rewrite. Expected size: rows while a profile goes.

alter table privacy_erasure add column retention boolean not null default false;
