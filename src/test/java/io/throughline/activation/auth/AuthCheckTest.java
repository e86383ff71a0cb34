package io.throughline.activation.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.throughline.activation.auth.Auth.Basic;
import io.throughline.activation.auth.Auth.Bearer;
import io.throughline.activation.auth.Auth.Header;
import io.throughline.activation.auth.Auth.Mtls;
import io.throughline.activation.tls.TestCertificate;
import io.throughline.platform.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthCheckTest {
    private static final Instant NOW = Instant.now();
    private static final TestCertificate AUTHORITY = TestCertificate.authority("authority");
    private static final TestCertificate OWN = TestCertificate.client("shop", "EC", AUTHORITY);
    private static final TestCertificate OTHER = TestCertificate.client("other", "EC", AUTHORITY);
    private static final TestCertificate RSA = TestCertificate.client("rsa", "RSA", AUTHORITY);
    private static final TestCertificate EXPIRED =
            TestCertificate.issue(
                    "old", "EC", AUTHORITY, false, List.of(), NOW.minus(Duration.ofHours(1)));

    static Stream<Arguments> faults() {
        String cut = OWN.pem().substring(0, 200) + "\n-----END CERTIFICATE-----\n";
        byte[] key = OWN.keys().getPrivate().getEncoded();
        return Stream.of(
                Arguments.of(new Bearer(null), "auth.token is missing"),
                Arguments.of(new Bearer(""), "auth.token is missing"),
                Arguments.of(new Bearer("a\r\nX-Other: b"), "auth.token must be visible ASCII"),
                Arguments.of(new Bearer("a".repeat(4_001)), "auth.token must have at most 4000"),
                Arguments.of(new Basic(null, "p"), "auth.username is missing"),
                Arguments.of(new Basic("u", null), "auth.password is missing"),
                Arguments.of(new Basic("u:v", "p"), "auth.username must not have a colon"),
                Arguments.of(new Basic("u", "p\nq"), "auth.password must not have line breaks"),
                Arguments.of(new Basic("u\r", "p"), "auth.username must not have line breaks"),
                Arguments.of(new Header(null, "v"), "auth.name is missing"),
                Arguments.of(new Header("X-Key", null), "auth.value is missing"),
                Arguments.of(new Header("Content-Type", "v"), "auth.name cannot be used"),
                Arguments.of(new Header("Webhook-Id", "v"), "auth.name cannot be used"),
                Arguments.of(new Header("X Key", "v"), "auth.name cannot be used"),
                Arguments.of(new Header("X-Key", "a\r\nb: c"), "auth.value cannot be used"),
                Arguments.of(new Mtls(null, OWN.keyPem()), "auth.certificate is missing"),
                Arguments.of(new Mtls(OWN.pem(), null), "auth.privateKey is missing"),
                Arguments.of(
                        new Mtls("no pem", OWN.keyPem()), "auth.certificate is not readable PEM"),
                Arguments.of(new Mtls(cut, OWN.keyPem()), "auth.certificate is not readable"),
                Arguments.of(
                        new Mtls(OWN.keyPem(), OWN.keyPem()),
                        "auth.certificate must hold certificates only"),
                Arguments.of(
                        new Mtls(OWN.pem() + RSA.pem(), OWN.keyPem()),
                        "auth.certificate must be a chain"),
                Arguments.of(
                        new Mtls(EXPIRED.pem(), EXPIRED.keyPem()), "auth.certificate has expired"),
                Arguments.of(
                        new Mtls(OWN.pem().repeat(21), OWN.keyPem()),
                        "auth.certificate must have at most 20"),
                Arguments.of(
                        new Mtls(OWN.pem() + " ".repeat(65_536), OWN.keyPem()),
                        "auth.certificate must have at most 65536"),
                Arguments.of(
                        new Mtls(OWN.pem(), OTHER.keyPem()), "auth.privateKey does not belong"),
                Arguments.of(new Mtls(OWN.pem(), RSA.keyPem()), "auth.privateKey does not belong"),
                Arguments.of(new Mtls(OWN.pem(), OWN.pem()), "auth.privateKey must hold one"),
                Arguments.of(
                        new Mtls(OWN.pem(), OWN.keyPem().repeat(2)),
                        "auth.privateKey must hold one"),
                Arguments.of(
                        new Mtls(OWN.pem(), TestCertificate.pem("PRIVATE KEY", new byte[40])),
                        "auth.privateKey is not a readable RSA or EC key"),
                Arguments.of(
                        new Mtls(OWN.pem(), TestCertificate.pem("ENCRYPTED PRIVATE KEY", key)),
                        "auth.privateKey is encrypted"),
                Arguments.of(
                        new Mtls(
                                OWN.pem(),
                                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                                        + "DEK-Info: AES-256-CBC,00\n\nAA==\n"
                                        + "-----END RSA PRIVATE KEY-----"),
                        "auth.privateKey is encrypted"),
                Arguments.of(
                        new Mtls(OWN.pem(), TestCertificate.pem("EC PRIVATE KEY", key)),
                        "auth.privateKey must be PKCS#8"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhichPartIsWrongAndRepeatsNoSecret(Auth auth, String sentence) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> AuthCheck.contents(auth, NOW))
                .satisfies(problem -> {
                    assertThat(problem.detail()).startsWith(sentence);
                    assertThat(problem.detail()).doesNotContain("X-Other", "b: c", "p\nq");
                    assertThat(problem.detail()).doesNotContain(OWN.keyPem().substring(30, 80));
                });
    }

    @Test
    void takesWhatCanBeSentWith() {
        for (Auth auth :
                List.of(
                        Auth.NONE,
                        new Bearer("abc.d-e_f~g+h/i=="),
                        new Basic("Jörg", "pass:wörd with spaces"),
                        new Header("X-Api-Key", "k3y"),
                        new Header("Authorization", "Key k3y"),
                        new Mtls(OWN.pem(), OWN.keyPem()),
                        new Mtls(OWN.pem().replace("\n", "\r\n"), OWN.keyPem()),
                        new Mtls("subject=CN = shop\n" + OWN.pem(), OWN.keyPem()),
                        new Mtls(OWN.pem() + AUTHORITY.pem(), OWN.keyPem()),
                        new Mtls(RSA.pem(), RSA.keyPem()))) {
            assertThatCode(() -> AuthCheck.contents(auth, NOW)).doesNotThrowAnyException();
        }
    }

    @Test
    void aHeaderIsSetByOneOfThem() {
        for (Auth auth :
                List.of(new Bearer("t"), new Basic("u", "p"), new Header("AUTHORIZATION", "v"))) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(
                            () -> AuthCheck.fits(auth, null, Map.of("authorization", "x"), "https"))
                    .satisfies(problem ->
                            assertThat(problem.detail()).contains("headers.", "set by auth"));
            assertThatCode(() -> AuthCheck.fits(auth, null, Map.of("X-Other", "x"), "http"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void certificatesNeedTls() {
        Auth mtls = new Mtls(OWN.pem(), OWN.keyPem());
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> AuthCheck.fits(mtls, null, Map.of(), "http"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> AuthCheck.fits(Auth.NONE, OWN.pem(), Map.of(), "http"));
        assertThatCode(() -> AuthCheck.fits(mtls, OWN.pem(), Map.of(), "HTTPS"))
                .doesNotThrowAnyException();
    }

    @Test
    void authoritiesHaveToBeReadableAndValid() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> AuthCheck.authorities(EXPIRED.pem(), NOW))
                .satisfies(problem ->
                        assertThat(problem.detail()).startsWith("caCertificates has expired"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> AuthCheck.authorities("none", NOW))
                .satisfies(problem ->
                        assertThat(problem.detail()).startsWith("caCertificates is not readable"));
        assertThatCode(() -> AuthCheck.authorities(AUTHORITY.pem() + OWN.pem(), NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void printsNoSecret() {
        for (Auth auth :
                List.of(
                        new Bearer("s3cret"),
                        new Basic("u", "s3cret"),
                        new Header("X-Api-Key", "s3cret"),
                        new Mtls("c", "s3cret"))) {
            assertThat(auth.toString()).doesNotContain("s3cret");
            assertThat(auth.tls(null).toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void isTheSameAfterItWasStored() {
        for (Auth auth :
                List.of(
                        Auth.NONE,
                        new Bearer("t"),
                        new Basic("u", "p"),
                        new Header("n", "v"),
                        new Mtls("c", "k"))) {
            assertThat(Auth.of(auth.values())).isEqualTo(auth);
        }
        assertThat(new Basic("u", "p").header())
                .containsExactly(Map.entry("Authorization", "Basic dTpw"));
    }
}
