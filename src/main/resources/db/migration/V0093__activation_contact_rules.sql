-- activation: what a destination uses data for, and whom it leaves alone.
-- Why: nothing may be sent for a purpose that the person has not agreed to; advertising stops for people who ordered.
-- Locks: ACCESS EXCLUSIVE on destination for an instant, no rewrite. Expected size: none.

alter table destination
    add column purpose               text,                 -- null: consent is not asked
    add column stop_after_order_days int;
