package io.throughline.activation;

import io.throughline.platform.crypto.MasterKey;
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
    boolean holds(Map<String, String> headers) {
        return (sealed != null || headers.isEmpty()) && masked().equals(headers);
    }
}
