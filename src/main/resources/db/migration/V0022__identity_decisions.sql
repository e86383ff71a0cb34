-- identity: why a node moved.
-- Why: nodes move by an operator's decision too, and the ledger is asked why.
-- Locks: ACCESS EXCLUSIVE on identity_ledger for an instant, no rewrite. Expected size: 5 B a move.

alter table identity_ledger add column reason text not null default 'link';

comment on column identity_ledger.reason is 'link: evidence of an event; unlink, relink: a decision about cause_a and cause_b; erasure: somebody else was erased';
