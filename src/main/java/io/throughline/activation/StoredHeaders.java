package io.throughline.activation;

import io.throughline.platform.crypto.MasterKey;
import io.throughline.platform.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The headers of a destination at rest: the names are readable, the values only with the master
 * key.
 *
 * @param names a JSON object of {@link #MASK} for each name; of the values themselves in a row that
 *     was not changed since before V0084
 * @param sealed the JSON object of the values, encrypted; null without headers and in such a row
 * @param keyId the master key that encrypted them
 */
record StoredHeaders(String names, byte @Nullable [] sealed, @Nullable String keyId) {
    /** Stands for a value wherever one could be read. */
    static final String MASK = "****";

    static final StoredHeaders NONE = new StoredHeaders("{}", null, null);
    private static final JsonMapper JSON = JsonMapper.shared();

    static StoredHeaders of(Map<String, String> values, MasterKey key, long destination) {
        return values.isEmpty()
                ? NONE
                : new StoredHeaders(
                        JSON.writeValueAsString(masked(values)),
                        key.encrypt(JSON.writeValueAsBytes(values), destination),
                        key.id());
    }

    /**
     * These headers instead, a stored value wherever {@link #MASK} is given.
     *
     * @param sameReceiver whether they go to the scheme, host and port that the stored ones go to
     * @throws ProblemException where a mask stands for no value that may be kept
     */
    StoredHeaders changed(
            Map<String, String> given, boolean sameReceiver, MasterKey key, long destination) {
        boolean keeps = given.containsValue(MASK);
        if (keeps && !sameReceiver) {
            throw ProblemException.invalid(
                    "headers",
                    "must be given again with a URL of another scheme, host or port: the stored"
                            + " values would go to another receiver");
        }
        if (holds(given)) {
            return this;
        }
        if (keeps && !opensWith(key)) {
            throw ProblemException.invalid(
                    "headers", "must be given again: they were stored under another master key");
        }
        return of(keeps ? unmasked(given, open(key, destination)) : given, key, destination);
    }

    private static Map<String, String> unmasked(
            Map<String, String> headers, Map<String, String> stored) {
        Map<String, String> values = new HashMap<>(headers);
        values.replaceAll((name, value) -> {
            String known = stored.get(name);
            if (!value.equals(MASK)) {
                return value;
            }
            if (known == null) {
                throw ProblemException.invalid(
                        "headers." + name, "has no stored value for **** to keep");
            }
            return known;
        });
        return values;
    }

    private static Map<String, String> masked(Map<String, String> headers) {
        Map<String, String> masked = new TreeMap<>(headers);
        masked.replaceAll((name, value) -> MASK);
        return masked;
    }

    Map<String, String> masked() {
        return masked(JSON.readValue(names, new TypeReference<Map<String, String>>() {}));
    }

    boolean opensWith(MasterKey key) {
        return sealed == null || key.id().equals(keyId);
    }

    /** The values; only when it {@link #opensWith} the key. */
    Map<String, String> open(MasterKey key, long destination) {
        return sealed == null
                ? JSON.readValue(names, new TypeReference<>() {})
                : JSON.readValue(key.decrypt(sealed, destination), new TypeReference<>() {});
    }

    /** Whether these would be stored as they are: all of them masked, and encrypted already. */
    private boolean holds(Map<String, String> headers) {
        return (sealed != null || headers.isEmpty()) && masked().equals(headers);
    }
}
