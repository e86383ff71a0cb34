package io.throughline.collect.plan;

/** The plan cannot be used; says which field and why. An answer, not a bug. */
final class InvalidPlanException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field as the client wrote it: {@code events[3].schema/properties/price/pattern}
     * @param reason a sentence whose subject is the field
     */
    InvalidPlanException(String field, String reason) {
        super(reason, null, false, false);
        this.field = field;
    }

    String field() {
        return field;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
