package io.throughline.platform.web;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.throughline.platform.web.ProblemDocument.FieldError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a JSON body is wrong, without repeating Jackson's class names or the value. */
final class JsonFaults {
    private JsonFaults() {}

    static ProblemDocument document(@Nullable Throwable cause) {
        return switch (cause) {
            case UnrecognizedPropertyException e ->
                    ProblemDocument.invalid(List.of(new FieldError(path(e), unknown(e))));
            case InvalidTypeIdException e when !e.getPath().isEmpty() ->
                    ProblemDocument.invalid(List.of(new FieldError(path(e), kinds(e))));
            case MismatchedInputException e when !e.getPath().isEmpty() ->
                    ProblemDocument.invalid(List.of(new FieldError(path(e), expected(e))));
            case MismatchedInputException e -> malformed("The body " + expected(e) + ".");
            case DatabindException e when e.getCause() instanceof ProblemException p ->
                    ProblemDocument.of(p);
            case InputCoercionException e when !e.getPath().isEmpty() ->
                    ProblemDocument.invalid(
                            List.of(new FieldError(path(e), "must be a number in range")));
            case StreamReadException e ->
                    malformed(
                            "Not JSON at line %d, column %d."
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr()));
            case null, default -> malformed("The body is missing or cannot be read.");
        };
    }

    private static ProblemDocument malformed(String detail) {
        return ProblemDocument.of(WebProblems.MALFORMED_BODY, detail);
    }

    private static String unknown(UnrecognizedPropertyException e) {
        var known = e.getKnownPropertyIds();
        return known == null || known.isEmpty()
                ? "is not a known field"
                : "is not a known field; known are "
                        + known.stream()
                                .map(String::valueOf)
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private static String kinds(InvalidTypeIdException e) {
        JsonSubTypes kinds = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        return kinds == null
                ? "is of an unknown type"
                : "must be an object whose type is one of "
                        + Arrays.stream(kinds.value())
                                .map(JsonSubTypes.Type::name)
                                .collect(Collectors.joining(", "));
    }

    private static String expected(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null) {
            return "has the wrong type";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == String.class) {
            return "must be a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "must be true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "must be a number in range";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "must be an array";
        }
        return type.isRecord() || type.isSealed() ? "must be an object" : "has the wrong form";
    }

    /** {@code allowedOrigins[0]}. */
    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
