package io.throughline.activation.auth;

import io.throughline.activation.tls.Certificates;
import io.throughline.activation.tls.ClientCertificate;
import io.throughline.activation.tls.ClientKey;
import io.throughline.activation.tls.UnusablePemException;
import io.throughline.activation.webhook.CustomHeaders;
import io.throughline.platform.web.ProblemException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says no to what nothing could be sent with, before it is stored. Every method throws a {@link
 * ProblemException} that names the field and repeats no secret.
 */
public final class AuthCheck {
    private static final int LONGEST = 4_000;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private AuthCheck() {}

    /**
     * What depends on other fields of the destination.
     *
     * @param scheme of its URL
     */
    public static void fits(
            Auth auth,
            @Nullable String caCertificates,
            Map<String, String> headers,
            @Nullable String scheme) {
        boolean https = "https".equalsIgnoreCase(scheme);
        if (auth instanceof Auth.Mtls && !https) {
            throw ProblemException.invalid("auth", "of type mtls needs a URL with https://");
        }
        if (caCertificates != null && !https) {
            throw ProblemException.invalid("caCertificates", "needs a URL with https://");
        }
        for (String name : auth.header().keySet()) {
            if (headers.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
                throw ProblemException.invalid(
                        "headers." + name, "is set by auth, too: leave one of them out");
            }
        }
    }

    /** The parts of it. A masked private key is not looked at: the stored one is, later. */
    public static void contents(Auth auth, Instant now) {
        switch (auth) {
            case Auth.None _ -> {}
            case Auth.Bearer(String token) -> {
                if (!TOKEN.matcher(given("auth.token", token)).matches()) {
                    throw ProblemException.invalid(
                            "auth.token", "must be visible ASCII without spaces or line breaks");
                }
            }
            case Auth.Basic(String username, String password) -> basic(username, password);
            case Auth.Header(String name, String value) -> header(name, value);
            case Auth.Mtls(String certificate, String privateKey) ->
                    mtls(certificate, privateKey, now);
        }
    }

    private static void basic(@Nullable String username, @Nullable String password) {
        if (given("auth.username", username).contains(":")) {
            throw ProblemException.invalid("auth.username", "must not have a colon");
        }
        requireOneLine("auth.username", username);
        requireOneLine("auth.password", given("auth.password", password));
    }

    private static void requireOneLine(String field, @Nullable String value) {
        if (value != null && CONTROL.matcher(value).find()) {
            throw ProblemException.invalid(
                    field, "must not have line breaks or other control characters");
        }
    }

    private static void header(@Nullable String name, @Nullable String value) {
        String fault = CustomHeaders.fault(Map.of(given("auth.name", name), ""));
        if (fault != null) {
            throw ProblemException.invalid("auth.name", "cannot be used. " + fault);
        }
        fault = CustomHeaders.fault(Map.of(name, given("auth.value", value)));
        if (fault != null) {
            throw ProblemException.invalid("auth.value", "cannot be used. " + fault);
        }
    }

    private static void mtls(
            @Nullable String certificate, @Nullable String privateKey, Instant now) {
        X509Certificate own;
        try {
            var chain = ClientCertificate.chain(given("auth.certificate", certificate, PEM));
            Certificates.requireValid(chain, now);
            own = chain.getFirst();
        } catch (UnusablePemException e) {
            throw ProblemException.invalid("auth.certificate", e.reason());
        }
        String key = given("auth.privateKey", privateKey, PEM);
        if (key.equals(StoredValues.MASK)) {
            return;
        }
        try {
            if (!ClientKey.parse(key).belongsTo(own)) {
                throw ProblemException.invalid(
                        "auth.privateKey", "does not belong to the first of auth.certificate");
            }
        } catch (UnusablePemException e) {
            throw ProblemException.invalid("auth.privateKey", e.reason());
        }
    }

    /** The authorities a receiver may be known by. */
    public static void authorities(@Nullable String caCertificates, Instant now) {
        if (caCertificates == null) {
            return;
        }
        try {
            Certificates.requireValid(Certificates.parse(caCertificates), now);
        } catch (UnusablePemException e) {
            throw ProblemException.invalid("caCertificates", e.reason());
        }
    }

    /** PEM texts have limits of their own. */
    private static final int PEM = Integer.MAX_VALUE;

    private static String given(String field, @Nullable String value) {
        return given(field, value, LONGEST);
    }

    private static String given(String field, @Nullable String value, int longest) {
        if (value == null || value.isEmpty()) {
            throw ProblemException.invalid(field, "is missing");
        }
        if (value.length() > longest) {
            throw ProblemException.invalid(field, "must have at most " + longest + " characters");
        }
        return value;
    }
}
