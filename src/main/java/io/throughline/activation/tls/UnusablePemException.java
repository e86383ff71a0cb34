package io.throughline.activation.tls;

/**
 * A PEM text that cannot be used, with the rest of a sentence that begins with the field's name.
 */
public final class UnusablePemException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusablePemException(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
