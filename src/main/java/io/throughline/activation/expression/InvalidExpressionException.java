package io.throughline.activation.expression;

/** An expression that cannot be used; the message says where and why, in a sentence. */
public final class InvalidExpressionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * @param line from 1
     * @param column from 1
     */
    InvalidExpressionException(int line, int column, String reason) {
        super("line %d, column %d: %s".formatted(line, column, reason), null, false, false);
        this.line = line;
        this.column = column;
    }

    /** At the character of this index. */
    static InvalidExpressionException at(String source, int index, String reason) {
        String before = source.substring(0, Math.clamp(index, 0, source.length()));
        int line = 1 + (int) before.chars().filter(character -> character == '\n').count();
        return new InvalidExpressionException(
                line, before.length() - before.lastIndexOf('\n'), reason);
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
