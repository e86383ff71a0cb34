package io.throughline.privacy.consent;

import io.throughline.event.TrackingEvent.Header;
import io.throughline.privacy.consent.ConsentWords.Word;
import io.throughline.profile.Enriched;
import io.throughline.profile.Facet;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code context.consent} of any event said: {@code categoryPreferences}, names with true or
 * false, and {@code gpc}, which denies advertising whatever the same event says beside it. What is
 * neither is not read. An event that says nothing of a purpose changes nothing of it.
 */
@Component
final class ConsentFacet implements Facet<ConsentWords> {
    @Override
    public String name() {
        return "consent";
    }

    @Override
    public ConsentWords empty() {
        return ConsentWords.NONE;
    }

    @Override
    public ConsentWords of(Enriched event) {
        Header header = event.header();
        if (!(header.context().get("consent") instanceof ObjectNode consent)) {
            return ConsentWords.NONE;
        }
        ConsentSource source = header.trusted() ? ConsentSource.SERVER : ConsentSource.VISITOR;
        Map<Purpose, Word> words = new HashMap<>();
        if (consent.get("categoryPreferences") instanceof ObjectNode preferences) {
            for (Map.Entry<String, JsonNode> preference : preferences.properties()) {
                if (preference.getValue().isBoolean()) {
                    Word word = word(header, preference.getValue().booleanValue(), source);
                    Purpose.named(preference.getKey())
                            .ifPresent(purpose -> words.merge(purpose, word, Word::newer));
                }
            }
        }
        if (consent.path("gpc").isBoolean() && consent.path("gpc").booleanValue()) {
            words.put(Purpose.ADVERTISING, word(header, false, ConsentSource.PRIVACY_CONTROL));
        }
        return words.isEmpty() ? ConsentWords.NONE : ConsentWords.of(words, false);
    }

    private static Word word(Header header, boolean granted, ConsentSource source) {
        return new Word(granted, header.timestamp().toEpochMilli(), header.messageId(), source);
    }

    @Override
    public ConsentWords merge(ConsentWords a, ConsentWords b) {
        return a.merge(b);
    }

    @Override
    public JsonNode encode(ConsentWords state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (state.crowded()) {
            json.put("x", true);
        }
        if (!state.words().isEmpty()) {
            ObjectNode words = json.putObject("w");
            state.words()
                    .forEach((purpose, word) ->
                            words.putObject(purpose.name())
                                    .put("g", word.granted())
                                    .put("t", word.time())
                                    .put("m", word.messageId())
                                    .put("s", word.source().toString()));
        }
        return json;
    }

    @Override
    public ConsentWords decode(JsonNode json) {
        Map<Purpose, Word> words = new HashMap<>();
        json.path("w")
                .properties()
                .forEach(entry ->
                        words.put(
                                new Purpose(entry.getKey()),
                                new Word(
                                        entry.getValue().required("g").booleanValue(),
                                        entry.getValue().required("t").longValue(),
                                        entry.getValue().required("m").stringValue(),
                                        ConsentSource.of(
                                                entry.getValue().required("s").stringValue()))));
        return ConsentWords.of(words, json.path("x").asBoolean(false));
    }

    @Override
    public void describe(ConsentWords state, ObjectNode document) {
        ObjectNode consent = document.putObject("consent");
        state.words()
                .forEach((purpose, word) ->
                        consent.putObject(purpose.name())
                                .put("status", ConsentStatus.of(word.granted()).toString())
                                .put("at", Instant.ofEpochMilli(word.time()).toString())
                                .put("source", word.source().toString()));
    }
}
