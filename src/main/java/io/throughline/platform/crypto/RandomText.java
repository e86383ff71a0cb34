package io.throughline.platform.crypto;

import java.security.SecureRandom;
import org.springframework.stereotype.Component;

/** Random ids and secrets in lower-case letters and digits, 5.17 bits a character. Thread-safe. */
@Component
public class RandomText {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final SecureRandom random = new SecureRandom();

    public String of(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
