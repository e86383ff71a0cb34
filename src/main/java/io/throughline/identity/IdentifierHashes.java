package io.throughline.identity;

import io.throughline.platform.crypto.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * How an identifier is named where it must not stand: HMAC-SHA256 under a key derived from the
 * master key, so that nobody without it can try out addresses or numbers against the table.
 *
 * <p>The message is the workspace's number (4 bytes, big-endian), the length of the type (4 bytes),
 * the type and the value in UTF-8: every length is known or said, so no two identifiers share one.
 * The workspace is in it so that the table does not tell that two workspaces know of the same
 * person. Thread-safe.
 */
public final class IdentifierHashes {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKey key;

    /**
     * @param use another one gives other hashes, so that tables cannot be compared
     */
    public IdentifierHashes(MasterKey masterKey, String use) {
        this.key = masterKey.derive(use);
    }

    static IdentifierHashes ofTombstones(MasterKey masterKey) {
        return new IdentifierHashes(masterKey, "throughline identity tombstone v1");
    }

    /** In the order of the identifiers. */
    public List<byte[]> of(Collection<NodeKey> identifiers) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            List<byte[]> hashes = new ArrayList<>(identifiers.size());
            for (NodeKey identifier : identifiers) {
                hashes.add(mac.doFinal(message(identifier)));
            }
            return hashes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java platform", e);
        }
    }

    private static byte[] message(NodeKey identifier) {
        byte[] type = identifier.identifier().type().getBytes(StandardCharsets.UTF_8);
        byte[] value = identifier.identifier().value().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Integer.BYTES + type.length + value.length)
                .putInt(identifier.workspace().value())
                .putInt(type.length)
                .put(type)
                .put(value)
                .array();
    }
}
