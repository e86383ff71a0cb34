package io.throughline.platform.web;

import io.throughline.platform.web.ProblemDocument.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * The one place where what went wrong becomes an RFC 9457 document, whether a module refused, the
 * framework did, an engine is away or we made a mistake. A mistake is logged with its stack trace
 * and answered without a word about its inside.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> refused(ProblemException e) {
        return ProblemDocument.of(e).entity(HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> invalid(ConstraintViolationException e) {
        List<FieldError> errors = new ArrayList<>();
        for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
            errors.add(
                    new FieldError(violation.getPropertyPath().toString(), violation.getMessage()));
        }
        return ProblemDocument.invalid(errors).entity(HttpHeaders.EMPTY);
    }

    @ExceptionHandler({
        DataIntegrityViolationException.class,
        OptimisticLockingFailureException.class
    })
    ResponseEntity<Object> contradicted(Exception e) {
        LOG.info("A change was refused by the database: {}", e.toString());
        return ProblemDocument.of(
                        WebProblems.CONFLICT,
                        "Somebody changed or made the same thing meanwhile; read it again.")
                .entity(HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> denied(AccessDeniedException e) {
        return ProblemDocument.of(WebProblems.FORBIDDEN, "The token may not do this.")
                .entity(HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> unauthenticated(AuthenticationException e) {
        return ProblemDocument.of(
                        WebProblems.UNAUTHENTICATED, "Send Authorization: Bearer <token>.")
                .entity(HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> unreadable(InvalidParameterException e) {
        return ProblemDocument.of(
                        WebProblems.INVALID_REQUEST, "The query is no percent-encoded UTF-8.")
                .entity(HttpHeaders.EMPTY);
    }

    /** Null, which sends nothing, where nobody listens any more. */
    @ExceptionHandler
    @Nullable ResponseEntity<Object> failed(Exception e, HttpServletRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        String what = request.getMethod() + " " + request.getRequestURI();
        if (Outages.isOutage(e)) {
            LOG.warn("{} was answered 503: {}", what, e.toString());
            return ProblemDocument.unavailable().entity(HttpHeaders.EMPTY);
        }
        LOG.error("{} failed", what, e);
        return ProblemDocument.of(WebProblems.INTERNAL_ERROR, "The log of the server says more.")
                .entity(HttpHeaders.EMPTY);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && servlet.getResponse().isCommitted()) {
            return null;
        }
        if (status.is5xxServerError()) {
            LOG.error("A request failed inside the framework", e);
        }
        return document(e, status, request).entity(headers);
    }

    private static ProblemDocument document(
            Exception e, HttpStatusCode status, WebRequest request) {
        return switch (e) {
            case MethodArgumentNotValidException invalid ->
                    ProblemDocument.invalid(
                            invalid.getFieldErrors().stream()
                                    .map(error -> new FieldError(error.getField(), message(error)))
                                    .toList());
            case HandlerMethodValidationException invalid ->
                    ProblemDocument.invalid(errors(invalid));
            case HttpMessageNotReadableException unreadable ->
                    JsonFaults.document(unreadable.getCause());
            case MethodArgumentTypeMismatchException mismatch ->
                    wrongType(mismatch.getName(), mismatch);
            case TypeMismatchException mismatch ->
                    wrongType(
                            Objects.requireNonNullElse(mismatch.getPropertyName(), "a value"),
                            mismatch);
            case MissingServletRequestParameterException missing ->
                    missing(missing.getParameterName());
            case MissingRequestHeaderException missing -> missing(missing.getHeaderName());
            case NoResourceFoundException missing -> nothingAt(request);
            case NoHandlerFoundException missing -> nothingAt(request);
            default -> byStatus(e, status);
        };
    }

    private static ProblemDocument wrongType(String name, TypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        String wanted = type == null ? "has the wrong form" : "must be a " + type.getSimpleName();
        return ProblemDocument.invalid(List.of(new FieldError(name, wanted)));
    }

    private static ProblemDocument missing(String name) {
        return ProblemDocument.invalid(List.of(new FieldError(name, "is missing")));
    }

    private static ProblemDocument nothingAt(WebRequest request) {
        String path =
                request instanceof ServletWebRequest servlet
                        ? servlet.getRequest().getMethod()
                                + " "
                                + servlet.getRequest().getRequestURI()
                        : "this path";
        return ProblemDocument.of(WebProblems.NOT_FOUND, "Nothing answers " + path + ".");
    }

    private static ProblemDocument byStatus(Exception e, HttpStatusCode status) {
        Problem problem = problemOf(status);
        String detail =
                status.is5xxServerError() || !(e instanceof ErrorResponse refusal)
                        ? problem.title() + "."
                        : Objects.requireNonNullElse(
                                refusal.getBody().getDetail(), problem.title() + ".");
        return new ProblemDocument(
                problem,
                status,
                detail,
                Map.of(),
                status.value() == 503 ? ProblemDocument.ENGINE_RETRY : null);
    }

    /** The catalogue's problem for a status that the container or the framework chose. */
    static Problem problemOf(HttpStatusCode status) {
        for (WebProblems problem : WebProblems.values()) {
            if (problem.status().value() == status.value()
                    && problem.status().value() != WebProblems.BAD_REQUEST.status().value()) {
                return problem;
            }
        }
        return status.is5xxServerError() ? WebProblems.INTERNAL_ERROR : WebProblems.BAD_REQUEST;
    }

    private static List<FieldError> errors(HandlerMethodValidationException e) {
        List<FieldError> errors = new ArrayList<>();
        for (ParameterValidationResult result : e.getParameterValidationResults()) {
            if (result instanceof ParameterErrors fields) {
                fields.getFieldErrors()
                        .forEach(error ->
                                errors.add(new FieldError(error.getField(), message(error))));
            } else {
                String name =
                        Objects.requireNonNullElse(
                                result.getMethodParameter().getParameterName(), "a parameter");
                result.getResolvableErrors()
                        .forEach(error -> errors.add(new FieldError(name, message(error))));
            }
        }
        return errors;
    }

    private static String message(MessageSourceResolvable error) {
        return Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid");
    }
}
