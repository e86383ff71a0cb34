package io.throughline.activation.auth;

import io.throughline.platform.crypto.MasterKey;
import io.throughline.platform.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Named values of a destination at rest: the names are readable, the secret values only with the
 * master key.
 *
 * @param shown a JSON object of the readable values, and of {@link #MASK} for each secret one; of
 *     all values themselves for headers of a row that was not changed since before V0084
 * @param sealed the JSON object of the secret values, encrypted; null without any and in such a row
 * @param keyId the master key that encrypted them
 */
public record StoredValues(
        Kind kind, String shown, byte @Nullable [] sealed, @Nullable String keyId) {
    /** Stands for a value wherever one could be read. */
    public static final String MASK = "****";

    private static final TypeReference<Map<String, String>> VALUES = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What the values are, named as the field of a destination that holds them. */
    public enum Kind {
        HEADERS("headers", Set.of(), Map.of()),
        AUTH("auth", Auth.READABLE, Auth.NONE.values());

        private final String field;
        private final Set<String> readable;
        private final Map<String, String> none;

        Kind(String field, Set<String> readable, Map<String, String> none) {
            this.field = field;
            this.readable = readable;
            this.none = none;
        }

        /** The name of the field. */
        public String text() {
            return field;
        }

        /** Before anything was given. */
        public StoredValues none() {
            return new StoredValues(this, JSON.writeValueAsString(none), null, null);
        }

        private Map<String, String> masked(Map<String, String> values) {
            Map<String, String> masked = new TreeMap<>(values);
            masked.replaceAll((name, value) -> readable.contains(name) ? value : MASK);
            return masked;
        }

        private Map<String, String> secret(Map<String, String> values) {
            Map<String, String> secret = new HashMap<>(values);
            secret.keySet().removeAll(readable);
            return secret;
        }
    }

    private static StoredValues of(
            Kind kind, Map<String, String> values, MasterKey key, long destination) {
        String shown = JSON.writeValueAsString(kind.masked(values));
        Map<String, String> secret = kind.secret(values);
        return secret.isEmpty()
                ? new StoredValues(kind, shown, null, null)
                : new StoredValues(
                        kind,
                        shown,
                        key.encrypt(JSON.writeValueAsBytes(secret), destination),
                        key.id());
    }

    /**
     * These values instead, a stored one wherever {@link #MASK} is given; this where that changes
     * nothing.
     *
     * @param sameReceiver whether they go to the scheme, host and port that the stored ones go to
     * @throws ProblemException where a mask stands for no value that may be kept
     */
    public StoredValues changed(
            Map<String, String> given, boolean sameReceiver, MasterKey key, long destination) {
        boolean keeps = kind.secret(given).containsValue(MASK);
        if (keeps && !sameReceiver) {
            throw ProblemException.invalid(
                    kind.field,
                    "must be given again with a URL of another scheme, host or port: the stored"
                            + " values would go to another receiver");
        }
        if (holds(given)) {
            return this;
        }
        if (keeps && !opensWith(key)) {
            throw ProblemException.invalid(
                    kind.field, "must be given again: they were stored under another master key");
        }
        return of(kind, keeps ? unmasked(given, open(key, destination)) : given, key, destination);
    }

    private Map<String, String> unmasked(Map<String, String> given, Map<String, String> stored) {
        Map<String, String> values = new HashMap<>(given);
        values.replaceAll((name, value) -> {
            if (!value.equals(MASK) || kind.readable.contains(name)) {
                return value;
            }
            String known = stored.get(name);
            if (known == null) {
                throw ProblemException.invalid(
                        kind.field + "." + name, "has no stored value for **** to keep");
            }
            return known;
        });
        return values;
    }

    public Map<String, String> masked() {
        return kind.masked(JSON.readValue(shown, VALUES));
    }

    public boolean opensWith(MasterKey key) {
        return sealed == null || key.id().equals(keyId);
    }

    /** The values; only when it {@link #opensWith} the key. */
    public Map<String, String> open(MasterKey key, long destination) {
        Map<String, String> values = JSON.readValue(shown, VALUES);
        if (sealed != null) {
            values.putAll(JSON.readValue(key.decrypt(sealed, destination), VALUES));
        }
        return values;
    }

    /** Whether these would be stored as they are: all of them masked, and encrypted already. */
    private boolean holds(Map<String, String> given) {
        return (sealed != null || kind.secret(given).isEmpty()) && masked().equals(given);
    }
}
