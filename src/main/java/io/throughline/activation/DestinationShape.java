package io.throughline.activation;

import io.throughline.activation.auth.Auth;
import io.throughline.activation.expression.Filter;
import io.throughline.activation.expression.Transform;
import io.throughline.activation.tls.Certificates;
import io.throughline.contact.ContactRule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What people decide about a destination.
 *
 * @param types webhook types it wants
 * @param timeoutMs total deadline of an attempt, 100 to 60000; 10000 when not given
 * @param maxConcurrency attempts at a time, 1 to 1000; 10 when not given
 * @param ratePerSecond attempts a second, 1 to 10000; as many as come when not given
 * @param ttlSeconds an event item, but for {@code profile.*}, is not sent later than this after the
 *     profile changed, 1 to 259200; as long as retries go on when not given
 * @param filter CEL over a message; messages for which it is not true are not sent
 * @param transform JSONata that makes another body of a message
 * @param batch several messages in one request, as an array; one message a request when not given
 * @param purpose what the data is used for: people who have not agreed to it are not told of
 * @param stopAfterOrderDays people who ordered are not told of for this many days, 1 to 3650
 * @param headers added to every request; a stored value is read as, and kept by, {@code ****}
 * @param auth how requests prove whose they are; its secret parts like values of headers; {@code
 *     none} when not given
 * @param caCertificates PEM: the receiver's certificate must lead to one of them, instead of to one
 *     of the JVM's trust store
 */
record DestinationShape(
        @NotBlank @Size(max = 200) String name,
        @NotBlank @Size(max = 2000) String url,
        @NotEmpty
                List<
                                @Pattern(
                                        regexp = TYPES,
                                        message =
                                                "must be one of profile.updated, profile.merged,"
                                                        + " profile.split, profile.erased,"
                                                        + " audience.entered, audience.exited,"
                                                        + " intent.changed, order.recorded,"
                                                        + " journey.step, event.received")
                                String>
                        types,
        @Nullable @Min(100) @Max(60_000) Integer timeoutMs,
        @Nullable @Min(1) @Max(1_000) Integer maxConcurrency,
        @Nullable @Min(1) @Max(259_200) Integer ttlSeconds,
        @Nullable Map<String, String> headers,
        @Nullable Auth auth,
        @Nullable @Size(min = 1, max = Certificates.LONGEST) String caCertificates,
        @Nullable @Min(1) @Max(10_000) Integer ratePerSecond,
        @Nullable @Size(max = Filter.LONGEST) String filter,
        @Nullable @Size(max = Transform.LONGEST) String transform,
        @Nullable @Valid Batch batch,
        @Nullable String purpose,
        @Nullable Integer stopAfterOrderDays) {
    private static final String TYPES =
            "profile\\.(updated|merged|split|erased)|audience\\.(entered|exited)|intent\\.changed"
                    + "|order\\.recorded|journey\\.step|event\\.received";
    private static final int TIMEOUT_MS = 10_000;
    private static final int MAX_CONCURRENCY = 10;

    /** All else as it is when nobody says anything. */
    static DestinationShape of(String name, String url, List<String> types) {
        return new DestinationShape(
                name, url, types, null, null, null, null, null, null, null, null, null, null, null,
                null);
    }

    int timeout() {
        return Objects.requireNonNullElse(timeoutMs, TIMEOUT_MS);
    }

    int concurrency() {
        return Objects.requireNonNullElse(maxConcurrency, MAX_CONCURRENCY);
    }

    Map<String, String> headersOrNone() {
        return Objects.requireNonNullElse(headers, Map.of());
    }

    /**
     * @throws io.throughline.platform.web.ProblemException naming the field that is not valid
     */
    ContactRule contactRule() {
        return ContactRule.written(purpose, stopAfterOrderDays);
    }

    Auth authOrNone() {
        return Objects.requireNonNullElse(auth, Auth.NONE);
    }

    /** Whether both lead to one scheme, host and port. */
    boolean hasOriginOf(DestinationShape other) {
        return origin().equalsIgnoreCase(other.origin());
    }

    private String origin() {
        URI parsed = URI.create(url.strip());
        return parsed.getScheme() + "://" + parsed.getRawAuthority();
    }

    String[] distinctTypes() {
        return new LinkedHashSet<>(types).toArray(String[]::new);
    }
}
