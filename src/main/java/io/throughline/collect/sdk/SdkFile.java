package io.throughline.collect.sdk;

import io.throughline.platform.crypto.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The minified script and its compressed form, made once.
 *
 * @param hash of the script's bytes: another script has another one
 */
record SdkFile(byte[] plain, byte[] gzip, String hash) {
    private static final String NAME = "throughline.js";

    /** 64 bits; a name, not a seal. */
    private static final int HASH_BYTES = 8;

    /** What the build has put beside this class. */
    static SdkFile ofClassPath() {
        try (@Nullable InputStream script = SdkFile.class.getResourceAsStream(NAME)) {
            if (script == null) {
                throw new IllegalStateException(
                        "The JavaScript SDK is not on the class path: the build makes it from src/main/js"
                                + " (./mvnw process-resources)");
            }
            return of(script.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SdkFile of(byte[] script) {
        String hash = HexFormat.of().formatHex(Sha256.of(script), 0, HASH_BYTES);
        return new SdkFile(script, compressed(script), hash);
    }

    /** The address under which these bytes, and no others, are served. */
    String immutablePath() {
        return "/throughline." + hash + ".js";
    }

    private static byte[] compressed(byte[] script) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip =
                new GZIPOutputStream(bytes) {
                    {
                        def.setLevel(Deflater.BEST_COMPRESSION);
                    }
                }) {
            gzip.write(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
