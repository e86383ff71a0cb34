package io.throughline.collect;

import io.throughline.collect.TrackingBody.Item;
import io.throughline.collect.Verdict.Accepted;
import io.throughline.collect.Verdict.Refused;
import io.throughline.collect.plan.Judgement;
import io.throughline.collect.plan.Plans;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.workspace.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges and stamps: from here on an event has its messageId, its times and its owner, and nothing
 * downstream computes them again. Pure apart from the ids it draws; one event's fault never touches
 * another. Thread-safe.
 */
final class Intake {
    private static final int MAX_MESSAGE_ID = 255;
    private static final int MAX_ID = 2_048;
    private static final int MAX_EVENT_NAME = 1_024;

    private final CollectProperties limits;
    private final Plans plans;
    private final ToIntFunction<Source> identityVersions;
    private final Supplier<String> newMessageId;

    /**
     * @param identityVersions the newest identity configuration of a source's workspace, as far as
     *     this instance knows
     * @param newMessageId never gives the same text twice
     */
    Intake(
            CollectProperties limits,
            Plans plans,
            ToIntFunction<Source> identityVersions,
            Supplier<String> newMessageId) {
        this.limits = limits;
        this.plans = plans;
        this.identityVersions = identityVersions;
        this.newMessageId = newMessageId;
    }

    /** One verdict for each item, in their order. */
    List<Verdict> judge(
            Source source, Route route, TrackingBody body, Caller caller, Instant receivedAt) {
        int identityVersion = identityVersions.applyAsInt(source);
        Request request = new Request(source, body, caller, receivedAt, identityVersion);
        List<Verdict> verdicts = new ArrayList<>(body.items().size());
        for (Item item : body.items()) {
            verdicts.add(verdict(request, route, verdicts.size(), item));
        }
        return verdicts;
    }

    private record Request(
            Source source,
            TrackingBody body,
            Caller caller,
            Instant receivedAt,
            int identityVersion) {}

    private Verdict verdict(Request request, Route route, int index, Item item) {
        return switch (item) {
            case Item.Unreadable(Refusal reason) -> new Refused(index, null, reason);
            case Item.Parsed(ObjectNode json, int bytes) -> {
                String messageId = ClientText.of(json.get("messageId"));
                Refusal refusal = refusal(request, route, json, bytes, messageId);
                yield refusal != null
                        ? new Refused(index, shown(messageId), refusal)
                        : planned(
                                request,
                                index,
                                shown(messageId),
                                event(request, type(route, json), json, messageId));
            }
        };
    }

    private Verdict planned(
            Request request, int index, @Nullable String messageId, TrackingEvent event) {
        return switch (plans.judge(request.source, event)) {
            case Judgement.Passes _ -> new Accepted(event);
            case Judgement.Violates(String detail) ->
                    new Refused(index, messageId, Refusal.PLAN_VIOLATION, detail);
            case Judgement.Unplanned(String detail) ->
                    new Refused(index, messageId, Refusal.UNPLANNED_EVENT, detail);
        };
    }

    private @Nullable Refusal refusal(
            Request request, Route route, ObjectNode json, int bytes, @Nullable String messageId) {
        EventType type = type(route, json);
        if ((long) bytes + request.body.sharedBytes() > limits.maxEvent().toBytes()) {
            return Refusal.TOO_LARGE;
        }
        if (type == null) {
            return Refusal.UNKNOWN_TYPE;
        }
        if (ClientText.isLonger(messageId, MAX_MESSAGE_ID)) {
            return Refusal.MESSAGE_ID_TOO_LONG;
        }
        String userId = ClientText.of(json.get("userId"));
        String anonymousId = ClientText.of(json.get("anonymousId"));
        if (userId == null && anonymousId == null) {
            return Refusal.NO_IDENTITY;
        }
        if (ClientText.isLonger(userId, MAX_ID) || ClientText.isLonger(anonymousId, MAX_ID)) {
            return Refusal.ID_TOO_LONG;
        }
        if (isWide(json.get("properties")) || isWide(json.get("traits"))) {
            return Refusal.TOO_MANY_PROPERTIES;
        }
        return switch (type) {
            case TRACK -> nameRefusal(ClientText.of(json.get("event")));
            case GROUP -> groupRefusal(ClientText.of(json.get("groupId")));
            case ALIAS ->
                    ClientText.isLonger(ClientText.of(json.get("previousId")), MAX_ID)
                            ? Refusal.ID_TOO_LONG
                            : null;
            case IDENTIFY, PAGE, SCREEN -> null;
        };
    }

    private boolean isWide(@Nullable JsonNode node) {
        return node != null && keys(node, limits.maxProperties()) < 0;
    }

    /** What is left of so many keys when those of a tree are taken away; negative once over. */
    private static int keys(JsonNode node, int left) {
        int rest = node.isObject() ? left - node.size() : left;
        for (JsonNode child : node) {
            if (rest < 0) {
                return rest;
            }
            if (child.isContainer()) {
                rest = keys(child, rest);
            }
        }
        return rest;
    }

    private static @Nullable Refusal nameRefusal(@Nullable String name) {
        if (name == null) {
            return Refusal.NO_EVENT_NAME;
        }
        return ClientText.isLonger(name, MAX_EVENT_NAME) ? Refusal.EVENT_NAME_TOO_LONG : null;
    }

    private static @Nullable Refusal groupRefusal(@Nullable String groupId) {
        if (groupId == null) {
            return Refusal.NO_GROUP_ID;
        }
        return ClientText.isLonger(groupId, MAX_ID) ? Refusal.ID_TOO_LONG : null;
    }

    private static @Nullable String shown(@Nullable String messageId) {
        return ClientText.isLonger(messageId, MAX_MESSAGE_ID) ? null : messageId;
    }

    private static @Nullable EventType type(Route route, ObjectNode json) {
        return switch (route) {
            case Route.Single(EventType type) -> type;
            case Route.Batch _ -> EventType.named(ClientText.of(json.get("type"))).orElse(null);
        };
    }

    private TrackingEvent event(
            Request request, @Nullable EventType type, ObjectNode json, @Nullable String given) {
        Header header = header(request, json, given);
        return switch (Objects.requireNonNull(type)) {
            case TRACK ->
                    new TrackingEvent.Track(
                            header,
                            Objects.requireNonNull(ClientText.of(json.get("event"))),
                            object(json, "properties"));
            case IDENTIFY ->
                    new TrackingEvent.Identify(
                            header,
                            over(object(header.context(), "traits"), object(json, "traits")));
            case PAGE -> new TrackingEvent.Page(header, pageName(json), object(json, "properties"));
            case SCREEN ->
                    new TrackingEvent.Screen(header, pageName(json), object(json, "properties"));
            case GROUP ->
                    new TrackingEvent.Group(
                            header, ClientText.of(json.get("groupId")), object(json, "traits"));
            case ALIAS -> new TrackingEvent.Alias(header, ClientText.of(json.get("previousId")));
        };
    }

    private Header header(Request request, ObjectNode json, @Nullable String messageId) {
        Instant receivedAt = request.receivedAt;
        Instant original = ClientTime.read(json.get("timestamp"));
        if (original == null) {
            original = ClientTime.read(json.get("originalTimestamp"));
        }
        Instant sentAt = ClientTime.read(json.get("sentAt"));
        if (sentAt == null) {
            sentAt = ClientTime.read(request.body.sentAt());
        }
        return new Header(
                request.source.workspace(),
                request.source.id(),
                request.source.trusted(),
                messageId != null ? messageId : newMessageId.get(),
                corrected(original, sentAt, receivedAt),
                original != null ? original : receivedAt,
                receivedAt,
                ClientText.of(json.get("userId")),
                ClientText.of(json.get("anonymousId")),
                seen(request, over(request.body.context(), object(json, "context"))),
                over(request.body.integrations(), object(json, "integrations")),
                request.source.currency(),
                request.identityVersion);
    }

    /**
     * When it happened by the server's clock: the client's clock is taken to be as wrong as {@code
     * sentAt} shows. Between 1970 and {@code receivedAt}.
     */
    static Instant corrected(
            @Nullable Instant original, @Nullable Instant sentAt, Instant receivedAt) {
        if (original == null) {
            return receivedAt;
        }
        Instant corrected =
                sentAt == null ? original : original.plus(Duration.between(sentAt, receivedAt));
        if (corrected.isBefore(Instant.EPOCH)) {
            return Instant.EPOCH;
        }
        return corrected.isAfter(receivedAt) ? receivedAt : corrected;
    }

    private static @Nullable String pageName(ObjectNode json) {
        String name = ClientText.of(json.get("name"));
        return name != null ? name : ClientText.of(object(json, "properties").get("name"));
    }

    /**
     * With what the browser's connection shows where the event itself does not say it; its Global
     * Privacy Control also where the event denies it. What a server's own request shows says
     * nothing about the visitor.
     */
    private static ObjectNode seen(Request request, ObjectNode context) {
        Caller caller = request.caller;
        boolean userAgent = caller.userAgent() != null && !context.has("userAgent");
        boolean ip = caller.ip() != null && !context.has("ip");
        if (request.source.trusted() || !(userAgent || ip || caller.privacyControl())) {
            return context;
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.setAll(context);
        if (userAgent) {
            both.put("userAgent", caller.userAgent());
        }
        if (ip) {
            both.put("ip", caller.ip());
        }
        if (caller.privacyControl()) {
            ObjectNode consent = both.putObject("consent");
            consent.setAll(object(context, "consent"));
            consent.put("gpc", true);
        }
        return both;
    }

    /** The keys of both; where both have one, the upper's value as a whole. */
    private static ObjectNode over(ObjectNode lower, ObjectNode upper) {
        if (lower.isEmpty()) {
            return upper;
        }
        if (upper.isEmpty()) {
            return lower;
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.setAll(lower);
        both.setAll(upper);
        return both;
    }

    private static ObjectNode object(ObjectNode json, String field) {
        return json.get(field) instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode();
    }
}
