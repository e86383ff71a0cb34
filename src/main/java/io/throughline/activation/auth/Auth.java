package io.throughline.activation.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.throughline.activation.tls.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a destination's requests prove whose they are, beside the signature. Parts are null only
 * where a request left them out; {@link AuthCheck} refuses that.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Auth.None.class, name = "none"),
    @JsonSubTypes.Type(value = Auth.Bearer.class, name = "bearer"),
    @JsonSubTypes.Type(value = Auth.Basic.class, name = "basic"),
    @JsonSubTypes.Type(value = Auth.Header.class, name = "header"),
    @JsonSubTypes.Type(value = Auth.Mtls.class, name = "mtls")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Auth {
    String TYPE = "type";

    /** Parts that everybody may read; the others are secret. */
    Set<String> READABLE = Set.of(TYPE, "username", "name", "certificate");

    Auth NONE = new None();

    record None() implements Auth {}

    /** {@code Authorization: Bearer …}. */
    record Bearer(@Nullable String token) implements Auth {
        @Override
        public String toString() {
            return "Bearer[****]";
        }
    }

    /** {@code Authorization: Basic …}, UTF-8 (RFC 7617). */
    record Basic(@Nullable String username, @Nullable String password) implements Auth {
        @Override
        public String toString() {
            return "Basic[%s, ****]".formatted(username);
        }
    }

    /** One header of this name. */
    record Header(@Nullable String name, @Nullable String value) implements Auth {
        @Override
        public String toString() {
            return "Header[%s, ****]".formatted(name);
        }
    }

    /**
     * @param certificate PEM, the client's own first, then those that lead to an authority
     * @param privateKey PEM, PKCS#8, RSA or EC, not encrypted
     */
    record Mtls(@Nullable String certificate, @Nullable String privateKey) implements Auth {
        @Override
        public String toString() {
            return "Mtls[****]";
        }
    }

    /** The header it adds to every request, none for {@code none} and {@code mtls}. */
    default Map<String, String> header() {
        return switch (this) {
            case None _, Mtls _ -> Map.of();
            case Bearer(String token) -> Map.of("Authorization", "Bearer " + token);
            case Basic(String username, String password) ->
                    Map.of(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString(
                                                    (username + ":" + password)
                                                            .getBytes(StandardCharsets.UTF_8)));
            case Header(String name, String value) ->
                    name == null || value == null ? Map.of() : Map.of(name, value);
        };
    }

    /**
     * What its connections are made with.
     *
     * @param caCertificates PEM, null for the JVM's trust store
     */
    default TlsSettings tls(@Nullable String caCertificates) {
        return this instanceof Mtls(String certificate, String privateKey)
                ? new TlsSettings(certificate, privateKey, caCertificates)
                : new TlsSettings(null, null, caCertificates);
    }

    /** Its parts by name, {@code type} among them. */
    default Map<String, String> values() {
        return JsonMapper.shared()
                .readerFor(new TypeReference<Map<String, String>>() {})
                .readValue(tree());
    }

    private ObjectNode tree() {
        return JsonMapper.shared().valueToTree(this);
    }

    /** Back from {@link #values}. */
    static Auth of(Map<String, String> values) {
        return JsonMapper.shared().convertValue(values, Auth.class);
    }

    /** Its {@code type}. */
    default String type() {
        return tree().path(TYPE).asString();
    }

    /**
     * A merge patch of a destination in which an {@code auth} of another type replaces this one: to
     * a merge patch alone, the parts of the old type would be parts of the new one.
     */
    default JsonNode replacedIn(JsonNode patch) {
        if (!(patch.get("auth") instanceof ObjectNode given)
                || !given.has(TYPE)
                || given.path(TYPE).asString("").equals(type())) {
            return patch;
        }
        ObjectNode whole = (ObjectNode) patch.deepCopy();
        ObjectNode auth = (ObjectNode) whole.get("auth");
        for (String part : values().keySet()) {
            if (!auth.has(part)) {
                auth.putNull(part);
            }
        }
        return whole;
    }
}
