package io.throughline.collect.plan;

/** Whether an event may go to the log, as the plan of its source has it. */
public sealed interface Judgement {
    /** It fits the plan, or the plan only observes, or could not be judged. */
    record Passes() implements Judgement {}

    /**
     * It breaks a rule of an enforced plan.
     *
     * @param detail one short sentence: where and which rule, never the value
     */
    record Violates(String detail) implements Judgement {}

    /** The plan refuses what it does not list. */
    record Unplanned(String detail) implements Judgement {}
}
