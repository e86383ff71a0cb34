package io.throughline.activation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.throughline.activation.delivery.Body;
import io.throughline.activation.expression.Filter;
import io.throughline.activation.expression.Tailored;
import io.throughline.activation.expression.Transform;
import io.throughline.contact.ContactGate;
import io.throughline.contact.Verdict;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ProfileId;
import io.throughline.profile.Visitors;
import io.throughline.profile.Visitors.Visitor;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a destination would be sent about a profile now. Nothing is sent and nothing stored. */
@Component
class Previews {
    private static final String STATE = "profile.updated";
    private static final String EVENT = "event.received";
    private static final List<String> TYPES = List.of(STATE, EVENT);

    private final Visitors visitors;
    private final ContactGate gate;
    private final EventTransactions transactions;
    private final Clock clock;

    Previews(Visitors visitors, ContactGate gate, EventTransactions transactions, Clock clock) {
        this.visitors = visitors;
        this.gate = gate;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * @param profile its id, or an identifier as {@code user_id:42}
     * @param type {@code profile.updated}, or {@code event.received} for the profile's newest
     *     event; when not given, the first of these that the destination wants
     * @param filter tried instead of the destination's
     * @param transform tried instead of the destination's
     */
    record PreviewShape(
            @NotBlank @Size(max = 1_000) String profile,
            @Nullable String type,
            @Nullable @Size(max = Filter.LONGEST) String filter,
            @Nullable @Size(max = Transform.LONGEST) String transform) {}

    /**
     * @param outcome {@code sent}, {@code filtered}, {@code suppressed}, or {@code failed} where
     *     the transform fails
     * @param rule what keeps it back: {@code consent}, {@code suppression}, {@code recent_order},
     *     {@code filter}, {@code filter_error}, {@code transform} or {@code too_large}; null where
     *     nothing does
     * @param reason the condition that does not hold, or a sentence
     * @param message before the transform
     * @param body what would be sent; null where nothing would be
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record PreviewDocument(
            String type,
            String outcome,
            @Nullable String rule,
            @Nullable String reason,
            JsonNode message,
            @Nullable JsonNode body) {}

    PreviewDocument preview(
            WorkspaceId workspace, DestinationShape destination, PreviewShape wanted) {
        String type = type(destination, wanted.type());
        Visitor visitor =
                visitors.lookUp(workspace, wanted.profile(), 1)
                        .orElseThrow(() ->
                                ProblemException.notFound(
                                        "There is no profile " + wanted.profile() + "."));
        ObjectNode message = Body.of(type, clock.instant(), data(type, visitor));
        if (verdict(workspace, destination, visitor)
                instanceof Verdict.Suppressed(String rule, String reason)) {
            return new PreviewDocument(type, "suppressed", rule, reason, message, null);
        }
        Tailored tailored =
                WrittenExpressions.compile(
                                wanted.filter() == null ? destination.filter() : wanted.filter(),
                                wanted.transform() == null
                                        ? destination.transform()
                                        : wanted.transform())
                        .tailor(message);
        return switch (tailored) {
            case Tailored.Fit(byte[] body) ->
                    new PreviewDocument(
                            type, "sent", null, null, message, JsonMapper.shared().readTree(body));
            case Tailored.Withheld(String rule, String reason) ->
                    new PreviewDocument(type, "filtered", rule, reason, message, null);
            case Tailored.Unfit(var refusal, String reason, _) ->
                    new PreviewDocument(
                            type,
                            "failed",
                            refusal.name().toLowerCase(Locale.ROOT),
                            reason,
                            message,
                            null);
        };
    }

    private Verdict verdict(WorkspaceId workspace, DestinationShape destination, Visitor visitor) {
        long id = ProfileId.parse(visitor.profile().required("id").stringValue()).orElseThrow();
        return Objects.requireNonNull(
                transactions
                        .snapshot(connection ->
                                gate.verdicts(
                                        connection,
                                        workspace,
                                        destination.contactRule(),
                                        List.of(id)))
                        .get(id));
    }

    private static String type(DestinationShape destination, @Nullable String wanted) {
        if (wanted != null && !TYPES.contains(wanted)) {
            throw ProblemException.invalid("type", "must be one of " + TYPES);
        }
        return wanted != null
                ? wanted
                : destination.types().stream().filter(TYPES::contains).findFirst().orElse(STATE);
    }

    /** As a delivery has it. */
    private static ObjectNode data(String type, Visitor visitor) {
        ObjectNode document = visitor.profile();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("profileId", document.required("id"));
        data.set("version", document.required("version"));
        if (type.equals(STATE)) {
            data.setAll(document);
            data.remove("id");
            return data;
        }
        if (visitor.timeline().isEmpty()) {
            throw ProblemException.notFound("The profile has no event of its own.");
        }
        data.set("event", visitor.timeline().getFirst());
        return data;
    }
}
