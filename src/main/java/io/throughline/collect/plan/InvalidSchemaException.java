package io.throughline.collect.plan;

/** The schema cannot stand in a plan; says where and why. An answer, not a bug. */
final class InvalidSchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    /**
     * @param pointer a JSON pointer into the schema
     * @param reason a sentence whose subject is what the pointer points at
     */
    InvalidSchemaException(String pointer, String reason) {
        super(reason, null, false, false);
        this.pointer = pointer;
    }

    String pointer() {
        return pointer;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
