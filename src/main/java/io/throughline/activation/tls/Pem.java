package io.throughline.activation.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a PEM text (RFC 7468).
 *
 * @param label what stands behind BEGIN
 */
record Pem(String label, byte[] bytes) {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END ([A-Z0-9 ]{1,40})-----");

    /** The blocks in their order; text between them is explanatory and ignored. */
    static List<Pem> parse(String text) throws UnusablePemException {
        List<Pem> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (!block.group(1).equals(block.group(3))) {
                throw new UnusablePemException(
                        "is not readable PEM: BEGIN %s is closed by END %s"
                                .formatted(block.group(1), block.group(3)));
            }
            blocks.add(new Pem(block.group(1), decoded(block.group(2))));
        }
        if (blocks.isEmpty()) {
            throw new UnusablePemException(
                    "is not readable PEM: it has no -----BEGIN …----- and its -----END …-----");
        }
        return blocks;
    }

    private static byte[] decoded(String body) throws UnusablePemException {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new UnusablePemException("is not readable PEM: a block is not base64");
        }
    }

    static UnusablePemException encrypted() {
        return new UnusablePemException(
                "is encrypted: give the key without a passphrase, as openssl pkcs8 -topk8 -nocrypt"
                        + " writes it");
    }
}
