-- activation: where the time of an attempt went, and an end of the delivery log.
-- Why: whoever looks for a slow receiver wants to know whether it is the name, the network, TLS or the receiver
--   itself. Finished deliveries are removed after a time by walking their primary key, in which they lie in the order
--   they were made: no index for it, nothing to pay when one is written. profile.erased goes to whoever was ever owed
--   anything about the profile: delivery_told keeps that when its deliveries go.
-- Locks: ACCESS EXCLUSIVE on delivery_attempt and its partitions for an instant, no rewrite. Expected size: 20 B an
--   attempt; delivery_told at most one row of 60 B for each profile and destination.

alter table delivery_attempt
    add column dns_ms     int,                             -- null: the phase did not happen
    add column connect_ms int,
    add column tls_ms     int,
    add column wait_ms    int,                             -- request written to status line
    add column read_ms    int;

create table delivery_told (
    workspace_id   int    not null,
    profile_id     bigint not null,
    destination_id bigint not null,
    primary key (workspace_id, profile_id, destination_id)
);
