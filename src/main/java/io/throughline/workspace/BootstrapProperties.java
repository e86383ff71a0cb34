package io.throughline.workspace;

import io.throughline.platform.crypto.Secret;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The way in, before anything is configured. Both values may change from one start to the next: the
 * new one works, the old one stops.
 *
 * @param adminToken the token of the administrator of the whole instance ({@code
 *     THROUGHLINE_ADMIN_TOKEN}); visible ASCII
 * @param writeKey the write key of the first source of workspace default ({@code
 *     THROUGHLINE_WRITE_KEY}); letters, digits, dot, hyphen and underscore
 */
@ConfigurationProperties("throughline.bootstrap")
record BootstrapProperties(@DefaultValue("") Secret adminToken, @DefaultValue("") String writeKey) {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    BootstrapProperties {
        if (adminToken.reveal().isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no admin token: set THROUGHLINE_ADMIN_TOKEN (or"
                            + " throughline.bootstrap.admin-token) to a long random text");
        }
        if (!VISIBLE.matcher(adminToken.reveal()).matches()) {
            throw new IllegalArgumentException(
                    "the admin token THROUGHLINE_ADMIN_TOKEN must be 1 to 200 visible ASCII"
                            + " characters without a space");
        }
        if (writeKey.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no write key: set THROUGHLINE_WRITE_KEY (or"
                            + " throughline.bootstrap.write-key), usually 25 characters, a c and"
                            + " then letters a-z and digits");
        }
        if (!KEY.matcher(writeKey).matches()) {
            throw new IllegalArgumentException(
                    "the write key THROUGHLINE_WRITE_KEY must be 1 to 100 letters, digits, dots,"
                            + " hyphens or underscores");
        }
    }
}
